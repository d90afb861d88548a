"""Use what the state has become as the weights that a token passes through.

Source: Liu Xiao, Li Zhiyuan, Lin Yueyu, Millions of States: Designing a Scalable MoE Architecture with RWKV-7
    Meta-learner, 2025. arXiv 2504.08247
Needs: torch
Cost: twice that of the RWKV-7 state; linear in time
Shapes: x [B, T, W] -> y [B, T, W]; state S [B, H, D, D], the step before [B, W]
Differs: read from the abstract; every head's state is both a memory and a transformation, and the token itself is what
    is transformed; gates are plain linear maps.

A layer of weights says the same to every text; a state has read this one. Beside the usual reading by a query, each
token goes through the state as through a matrix of weights, head by head: the token meets parameters that the text has
written, and no softmax and no new matrix is needed for it. `expanded` adds heads to a layer that is already trained;
they are silent at first, so nothing it has learned has to be learned again.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer import live_steps, named, part
from mnesis.neural.pieces import RMSNorm, unit_length, wide
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import Size, State
from mnesis.neural.rule.transition import transition

FASTEST = math.exp(-0.5)
MAPS = ("q", "k", "v", "decay", "rate", "token")


class MetaState(Layer):
    """See `meta_state`."""

    def __init__(self, width: int, heads: int, each: int) -> None:
        super().__init__()
        self.rule, self.size = transition(), Size(heads, each, each)
        self.shift = nn.Parameter(torch.linspace(0, 1, width).expand(len(MAPS), width).clone())
        self.maps = nn.ModuleList(nn.Linear(width, heads * each, bias=False) for _ in MAPS)
        self.held = nn.Parameter(torch.linspace(-4, 0, heads * each))
        self.norm = RMSNorm(each)
        self.meta = nn.Parameter(torch.full((heads, 1), 0.5))  # how much of what is said went through the state
        self.out = nn.Linear(heads * each, width, bias=False)

    def begin(self, batch: int, like: Tensor) -> State:
        rule = self.rule.init(self.size, batch, {"like": wide(like)})
        return {**named("rule", rule), "before": like.new_zeros(batch, self.shift.shape[1])}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        whole = torch.cat([state["before"].to(x).unsqueeze(1), x], dim=1)
        moved = x.unsqueeze(0) + (whole[:, :-1] - x) * self.shift[:, None, None]
        made = {name: wide(map_(each)) for name, map_, each in zip(MAPS, self.maps, moved, strict=True)}
        decay, rate = -FASTEST * torch.sigmoid(made["decay"] + wide(self.held)), torch.sigmoid(made["rate"])
        k = unit_length(self._heads(made["k"]))
        inputs = {"q": unit_length(self._heads(made["q"])), "k": k * self._heads(rate), "v": self._heads(made["v"])}
        inputs |= {"decay": self._heads(decay), "a": -k * self._heads(rate), "b": k}
        y, after = self.rule.chunked(part(state, "rule"), inputs, mask)
        token = {**inputs, "q": unit_length(self._heads(made["token"]))}
        through, _ = self.rule.chunked(part(state, "rule"), token, mask)
        y = self.norm((y + wide(self.meta) * through).to(x.dtype)).flatten(2)
        last = live_steps(x, mask).reshape(-1, 1, 1).expand(-1, 1, x.shape[-1])
        return self.out(y), {**named("rule", after), "before": whole.gather(1, last).squeeze(1)}

    def _heads(self, x: Tensor) -> Tensor:
        return x.reshape(*x.shape[:-1], self.size.heads, -1)


def expanded(layer: MetaState, heads: int) -> MetaState:
    """The layer with `heads` more heads of state, which say nothing until they are trained."""
    each, width = layer.size.keys, layer.shift.shape[1]
    larger, old = MetaState(width, layer.size.heads + heads, each), layer.size.heads * each
    larger = larger.to(layer.out.weight)
    with torch.no_grad():
        for mine, theirs in zip(larger.maps.parameters(), layer.maps.parameters(), strict=True):
            mine[:old] = theirs
        larger.held[:old], larger.shift[:], larger.meta[: layer.size.heads] = layer.held, layer.shift, layer.meta
        larger.norm.load_state_dict(layer.norm.state_dict())
        larger.out.weight[:, :old], larger.out.weight[:, old:] = layer.out.weight, 0.0
    return larger


def meta_state(width: int = 32, heads: int = 2) -> Layer:
    """The RWKV-7 state, read by a query and passed through by the token."""
    if width % heads:
        raise BadInput(f"width={width} cannot be shared among heads={heads}; choose a multiple.")
    return MetaState(width, heads, width // heads)
