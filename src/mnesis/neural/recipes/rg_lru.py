"""One number a channel, kept by a gate and fed so that its size stays the same.

Source: Soham De, Samuel L. Smith, Anushan Fernando, et al., Griffin: Mixing Gated Linear Recurrences with Local
    Attention for Efficient Language Models, 2024. arXiv 2402.19427
Needs: torch
Cost: linear in time; one number a channel
Shapes: x [B, T, W] -> y [B, T, W]; state h [B, H, W / H], the tail of the convolution
Differs: gates see one head's channels each, as in the published code; the first step is scaled like every other.

The factor of a channel is a learned number near 1 to the power of a gate: the gate can only make it forget more
slowly, never faster. What enters is scaled by sqrt(1 - factor²), so slow channels do not swell.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, softplus

from mnesis.errors import BadInput
from mnesis.neural.layer import named, part
from mnesis.neural.pieces import ShortConv, wide
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import Size, State
from mnesis.neural.rule.vector import vector

SHARP = 8.0


class RgLru(Layer):
    """See `rg_lru`."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        each = width // heads
        self.rule, self.size = vector(), Size(heads, 1, each)
        self.enter = nn.Linear(width, 2 * width, bias=False)
        self.conv = ShortConv(width, 4)
        self.gates = nn.Parameter(torch.randn(2, heads, each, each) * each**-0.5)
        self.bias = nn.Parameter(torch.zeros(2, heads, each))
        kept = torch.linspace(0.9, 0.999, width)  # the factor when the gate is open
        self.slowness = nn.Parameter(torch.log(torch.expm1(-kept.log() / SHARP)).reshape(heads, each))
        self.out = nn.Linear(width, width, bias=False)

    def begin(self, batch: int, like: Tensor) -> State:
        rule = self.rule.init(self.size, batch, {"like": wide(like)})
        return {**named("rule", rule), **named("conv", self.conv.begin(batch, like))}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        beside, value = self.enter(x).chunk(2, dim=-1)
        value, tail = self.conv(value, part(state, "conv"), mask)
        value = wide(value).reshape(*x.shape[:2], self.size.heads, -1)
        seen = torch.einsum("bthd,ghde->gbthe", value, wide(self.gates)) + wide(self.bias)[:, None, None]
        forget, enter = seen.sigmoid()
        decay = -SHARP * softplus(wide(self.slowness)) * forget
        scaled = (-torch.expm1(2 * decay)).clamp_min(1e-12).sqrt() * enter * value
        y, after = self.rule.chunked(part(state, "rule"), {"v": scaled, "decay": decay}, mask)
        y = self.out(y.flatten(2).to(x.dtype) * gelu(beside))
        return y, {**named("rule", after), **named("conv", tail)}


def rg_lru(width: int = 32, heads: int = 2) -> Layer:
    """The real-gated linear recurrent unit in its block."""
    if width % heads:
        raise BadInput(f"width={width} cannot be shared among heads={heads}; choose a multiple.")
    return RgLru(width, heads)
