"""A memory that forgets along one direction a step, row by row at its own rate.

Source: Bo Peng, Ruichong Zhang, Daniel Goldstein, et al., RWKV-7 "Goose" with Expressive Dynamic State Evolution,
    2025. arXiv 2503.14456
Needs: torch
Cost: linear in time
Shapes: x [B, T, W] -> y [B, T, W]; state S [B, H, D, D], the step before [B, W]
Differs: gates are full linear maps, not of low rank; values are not mixed with those of the first layer.

Every step is mixed with the one before it, channel by channel (token shift). A removal key is kept apart from the key
that is written, and a vector of learning rates says how fast each row gives way along it. A direct path from key to
value of the same step stands beside the memory.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer import live_steps, named, part
from mnesis.neural.pieces import unit_length, wide
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import Size, State
from mnesis.neural.rule.transition import transition

FASTEST = math.exp(-0.5)  # no row keeps less than exp(-0.6065) of itself in a step


class Rwkv7(Layer):
    """See `rwkv7`."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        each = width // heads
        self.rule, self.size = transition(), Size(heads, each, each)
        self.shift = nn.Parameter(torch.linspace(0, 1, width).expand(6, width).clone())
        self.maps = nn.ModuleList(nn.Linear(width, width, bias=False) for _ in range(6))
        self.held = nn.Parameter(torch.linspace(-4, 0, width))  # channels begin slow to fast
        self.removal = nn.Parameter(torch.full((width,), 0.85))
        self.written = nn.Parameter(torch.ones(width))
        self.direct = nn.Parameter(torch.full((heads, each), 0.1))
        self.norm = nn.GroupNorm(heads, width, eps=each * 1e-5)
        self.out = nn.Linear(width, width, bias=False)

    def begin(self, batch: int, like: Tensor) -> State:
        rule = self.rule.init(self.size, batch, {"like": wide(like)})
        return {**named("rule", rule), "before": like.new_zeros(batch, like.shape[-1])}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        whole = torch.cat([state["before"].to(x).unsqueeze(1), x], dim=1)
        moved = x.unsqueeze(0) + (whole[:, :-1] - x) * self.shift[:, None, None]
        q, k, v, slow, rate, gate = (map_(each) for map_, each in zip(self.maps, moved, strict=True))
        decay, rate = -FASTEST * wide(slow + self.held).sigmoid(), wide(rate).sigmoid()
        removal = unit_length(self._heads(k * self.removal))
        rate, k = self._heads(rate), self._heads(wide(k) * (1 + (rate - 1) * self.written))
        inputs = {"q": self._heads(q), "k": k, "v": self._heads(v), "decay": self._heads(decay)}
        inputs = {name: wide(value) for name, value in inputs.items()} | {"a": -removal * rate, "b": removal}
        y, after = self.rule.chunked(part(state, "rule"), inputs, mask)
        y = self.norm(y.flatten(2).flatten(0, 1).to(x.dtype)).reshape(x.shape)
        seen = (inputs["q"] * inputs["k"] * wide(self.direct)).sum(-1, keepdim=True) * inputs["v"]
        y = (y + seen.flatten(2).to(x.dtype)) * gate.sigmoid()
        last = live_steps(x, mask).reshape(-1, 1, 1).expand(-1, 1, x.shape[-1])
        return self.out(y), {**named("rule", after), "before": whole.gather(1, last).squeeze(1)}

    def _heads(self, x: Tensor) -> Tensor:
        return x.reshape(*x.shape[:-1], self.size.heads, -1)


def rwkv7(width: int = 32, heads: int = 2) -> Layer:
    """The time mixing of RWKV-7."""
    if width % heads:
        raise BadInput(f"width={width} cannot be shared among heads={heads}; choose a multiple.")
    return Rwkv7(width, heads)
