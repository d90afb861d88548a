"""Several memories and a router: each step is written into the few it is sent to.

Source: Jusen Du, Weigao Sun, Disen Lan, Jiaxi Hu, Yu Cheng, MoM: Linear Sequence Modeling with Mixture-of-Memories,
    2025. arXiv 2502.13685
Needs: torch
Cost: the rule's for every memory and one more that all steps share; keys and values are projected for each
Shapes: x [B, T, W] -> y [B, T, W]; the rule's state with H * (memories + 1) heads
Differs: every memory is computed for every step and those not chosen are left as they were; no balancing loss.

Memories that are written less often are disturbed less often. The router gives each step shares over the memories; the
`chosen` largest are written, and read by their shares, made to sum to 1; the shared memory sees every step.
For a memory a step was not sent to, the step did not happen: that is exact for rules whose zeros are no step.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.kernels import chunked
from mnesis.neural.layer import Layer, named, part
from mnesis.neural.pieces import RMSNorm, ShortConv, activated, default_gate, unit_length, wide
from mnesis.neural.rule import Rule, Size, State


class Routed(Layer):
    """See `routed`."""

    def __init__(self, rule: Rule, width: int, heads: int, memories: int, chosen: int) -> None:
        super().__init__()
        self.rule, self.memories, self.chosen, self.heads = rule, memories, chosen, heads
        self.each = width // heads
        self.size = Size(heads * (memories + 1), self.each, self.each)
        self.router = nn.Linear(width, memories, bias=False)
        self.queries = nn.Linear(width, width, bias=False)
        self.pairs = nn.Linear(width, 2 * width * (memories + 1), bias=False)
        self.conv = ShortConv(width * (2 * memories + 3), 4)
        rest = {name: port for name, port in rule.ports.items() if name not in ("q", "k", "v")}
        self.gates = nn.ModuleDict({name: default_gate(width, port, self.size) for name, port in rest.items()})
        self.norm = RMSNorm(self.each)
        self.open = nn.Linear(width, width, bias=False)
        self.out = nn.Linear(width, width, bias=False)

    def begin(self, batch: int, like: Tensor) -> State:
        rule = self.rule.init(self.size, batch, {"like": wide(like)})
        return {**named("rule", rule), **named("conv", self.conv.begin(batch, like))}

    def shares(self, x: Tensor) -> Tensor:
        """How much of each step goes to each memory, the shared one last: [B, T, memories + 1]."""
        shares = torch.softmax(wide(self.router(x)), dim=-1)
        best, place = shares.topk(self.chosen, dim=-1)
        kept = torch.zeros_like(shares).scatter(-1, place, best / best.sum(-1, keepdim=True))
        return torch.cat([kept, torch.ones_like(kept[..., :1])], dim=-1)

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        rows, many, width = x.shape[:2], self.memories + 1, x.shape[-1]
        z, tail = self.conv(torch.cat([self.queries(x), self.pairs(x)], dim=-1), part(state, "conv"), mask)
        z = activated(z)
        q, k, v = z[..., :width], z[..., width : width * (many + 1)], z[..., width * (many + 1) :]
        q = q.reshape(*rows, 1, self.heads, self.each).expand(-1, -1, many, -1, -1)
        made = {"q": q, "k": k, "v": v}
        made = {name: each.reshape(*rows, many * self.heads, self.each) for name, each in made.items()}
        made |= {name: gate(x) for name, gate in self.gates.items()}
        shares = self.shares(x).repeat_interleave(self.heads, dim=-1)  # [B, T, H * many], heads of a memory together
        sent = (shares > 0).to(shares)
        inputs = {name: self._ranged(name, wide(value)) for name, value in made.items()}
        inputs = {n: each if n == "q" else each * _spread(sent, each) for n, each in inputs.items()}
        y, after = chunked(self.rule, part(state, "rule"), inputs, mask)
        y = (y * _spread(shares, y)).reshape(*rows, many, self.heads, self.each).sum(2)
        y = self.out(self.norm(y.to(x.dtype)).flatten(2) * activated(self.open(x)))
        return y, {**named("rule", after), **named("conv", tail)}

    def _ranged(self, name: str, x: Tensor) -> Tensor:
        if self.rule.ports[name].range == "sphere":
            return unit_length(x)
        return x * self.each**-0.5 if name == "q" else x


def _spread(factor: Tensor, like: Tensor) -> Tensor:
    return factor.reshape(*factor.shape, *(1,) * (like.dim() - factor.dim()))


def routed(rule: Rule, width: int = 32, heads: int = 2, memories: int = 4, chosen: int = 2) -> Layer:
    """`memories` memories of one rule, of which each step goes to `chosen`, and one that all share."""
    if width % heads or not 0 < chosen <= memories:
        raise BadInput(f"width={width} must be a multiple of heads={heads}, and chosen={chosen} 1 to {memories}.")
    if any(port.once for port in rule.ports.values()) or not {"q", "k", "v"} <= set(rule.ports):
        raise BadInput("Only rules of queries, keys, values and gates can be routed.")
    return Routed(rule, width, heads, memories, chosen)
