"""A short and a long convolution tell linear attention what to look for.

Source: Zicheng Liu, Siyuan Li, Li Wang, Zedong Wang, Yunfan Liu, Stan Z. Li, Short-Long Convolutions Help
    Hardware-Efficient Linear Attention to Focus on Long Sequences, 2024. arXiv 2406.08128
Needs: torch
Cost: linear in time, `span` multiplications a channel; W * W / H numbers and the last `span` steps
Shapes: x [B, T, W] -> y [B, T, W]; state S [B, H, D, D], the tails of both convolutions
Differs: the long kernel reaches `span` steps instead of over the whole sequence, so that the state stays its size.

What a state space would stand for, an emphasis on what is near that does not depend on the data, is two convolutions:
a short one that learns quickly and a long one that begins small and fading. Queries, keys and the gate are made of
their sum, values of x itself. After training `fold` makes them one convolution that gives the same.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer import named, part
from mnesis.neural.pieces import Positive, RMSNorm, ShortConv, activated, wide
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import Size, State
from mnesis.neural.rule.additive import additive

SHORT = 3


class Chela(Layer):
    """See `chela`."""

    def __init__(self, width: int, heads: int, span: int) -> None:
        super().__init__()
        each = width // heads
        self.rule, self.size, self.features = additive(), Size(heads, each, each), Positive(each)
        self.short, self.long = ShortConv(width, SHORT), ShortConv(width, span)
        with torch.no_grad():
            self.long.weight.mul_(torch.logspace(-1.0, 0.0, span))  # the last weight is that of the step itself
        self.pair = nn.Linear(width, 3 * width, bias=False)
        self.value = nn.Linear(width, width, bias=False)
        self.norm = RMSNorm(each)
        self.out = nn.Linear(width, width, bias=False)

    def begin(self, batch: int, like: Tensor) -> State:
        state = named("rule", self.rule.init(self.size, batch, {"like": wide(like)}))
        for name, conv in (("short", self.short), ("long", self.long)):
            state |= named(name, conv.begin(batch, like))
        return state

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        near, short = self.short(x, part(state, "short"), mask)
        far, long = self.long(x, part(state, "long"), mask)
        q, k, gate = self.pair(activated(near + far)).chunk(3, dim=-1)
        made = (wide(each).reshape(*x.shape[:2], self.size.heads, -1) for each in (q, k, activated(self.value(x))))
        q, k, v = made
        y, after = self.rule.chunked(part(state, "rule"), {"q": self.features(q), "k": self.features(k), "v": v}, mask)
        y = self.out(self.norm(y.to(x.dtype)).flatten(2) * activated(gate))
        return y, {**named("rule", after), **named("short", short), **named("long", long)}

    def fold(self) -> None:
        """Put the short kernel into the long one, for use without further training."""
        with torch.no_grad():
            self.long.weight[:, -SHORT:] += self.short.weight
            self.short.weight.zero_()


def chela(width: int = 32, heads: int = 2, span: int = 32) -> Layer:
    """Linear attention behind convolutions over 3 and over `span` steps."""
    if width % heads or span < SHORT:
        raise BadInput(f"width={width} must be a multiple of heads={heads}, and span={span} at least {SHORT}.")
    return Chela(width, heads, span)
