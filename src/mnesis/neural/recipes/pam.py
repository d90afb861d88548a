"""A matrix of complex numbers: keys meet in direction and in phase.

Source: Gowrav Vishwakarma, Christopher J. Agostino, Phase-Associative Memory: Sequence Modeling in Complex Hilbert
    Space, 2026. arXiv 2604.05030
Needs: torch
Cost: linear in time; four real products for each complex one
Shapes: x [B, T, W] -> y [B, T, W]; state S [B, H, 2, D/2, D/2], the tail of the convolution
Differs: only the memory is complex; the layers around it stay real and see real and imaginary parts side by side.

Queries and keys are complex vectors of length 1 and nothing between the projection and the memory bends them, so their
phases arrive as they were made. D/2 complex numbers stand for D real ones, so the state takes half the bytes of linear
attention's at the same width.
"""

from __future__ import annotations

from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer import named, part
from mnesis.neural.pieces import RMSNorm, ShortConv, SteppedDecay, activated, unit_length, wide
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import Port, Size, State
from mnesis.neural.rule.phase import phase


class Pam(Layer):
    """See `pam`."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.rule, self.size = phase(), Size(heads, width // heads, width // heads)
        self.project = nn.Linear(width, 3 * width, bias=False)
        self.conv = ShortConv(3 * width, 4)
        self.decay = SteppedDecay(width, Port(), Size(heads, 1, 1))
        self.norm = RMSNorm(width // heads)
        self.open = nn.Linear(width, width, bias=False)
        self.out = nn.Linear(width, width, bias=False)

    def begin(self, batch: int, like: Tensor) -> State:
        rule = self.rule.init(self.size, batch, {"like": wide(like)})
        return {**named("rule", rule), **named("conv", self.conv.begin(batch, like))}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        z, tail = self.conv(self.project(x), part(state, "conv"), mask)
        q, k, v = (wide(each).reshape(*x.shape[:2], self.size.heads, -1) for each in z.chunk(3, dim=-1))
        inputs = {"q": unit_length(q), "k": unit_length(k), "v": v, "decay": self.decay(x)}
        y, after = self.rule.chunked(part(state, "rule"), inputs, mask)
        y = self.norm(y.to(x.dtype)).flatten(2) * activated(self.open(x))
        return self.out(y), {**named("rule", after), **named("conv", tail)}


def pam(width: int = 32, heads: int = 2) -> Layer:
    """The phase rule with a decay a head."""
    if width % (2 * heads):
        raise BadInput(f"width={width} must be a multiple of {2 * heads}: an even share for each of heads={heads}.")
    return Pam(width, heads)
