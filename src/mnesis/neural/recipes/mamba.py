"""A state space whose input, output and speed are chosen by what is read.

Source: Albert Gu, Tri Dao, Mamba: Linear-Time Sequence Modeling with Selective State Spaces, 2023. arXiv 2312.00752
Needs: torch
Cost: linear in time; 2 * states numbers a channel of the model
Shapes: x [B, T, W] -> y [B, T, W]; state S [B, H, states, 2 * W / H], the tail of the convolution
Differs: heads are groups of channels with input and output maps of their own; one group is the paper's.

The step length decides how much of the old state fades and how much of the input enters: a long step resets, a step of
nearly zero ignores the token and keeps everything. Speeds begin at 1, 2, … states for every channel.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from mnesis.errors import BadInput
from mnesis.neural.layer import named, part
from mnesis.neural.pieces import ShortConv, activated, wide
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import Size, State
from mnesis.neural.rule.elementwise import elementwise


class Selective(Layer):
    """See `mamba`."""

    def __init__(self, width: int, heads: int, states: int) -> None:
        super().__init__()
        inner, rank = 2 * width, math.ceil(width / 16)
        self.rule, self.size, self.rank = elementwise(), Size(heads, states, inner // heads), rank
        self.enter = nn.Linear(width, 2 * inner, bias=False)
        self.conv = ShortConv(inner, 4)
        self.choose = nn.Linear(inner, rank + 2 * heads * states, bias=False)
        self.step = nn.Linear(rank, inner)
        steps = torch.exp(torch.linspace(math.log(1e-3), math.log(0.1), inner))
        with torch.no_grad():
            self.step.bias.copy_(torch.log(torch.expm1(steps)))
        speeds = torch.arange(1, states + 1).float().log()
        self.speed = nn.Parameter(speeds.reshape(1, states, 1).expand(heads, states, inner // heads).clone())
        self.skip = nn.Parameter(torch.ones(inner))
        self.out = nn.Linear(inner, width, bias=False)

    def begin(self, batch: int, like: Tensor) -> State:
        rule = self.rule.init(self.size, batch, {"like": wide(like)})
        return {**named("rule", rule), **named("conv", self.conv.begin(batch, like))}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        read, gate, after = self.readout(x, state, mask)
        return self.out(read * activated(gate)), after

    def readout(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, Tensor, State]:
        """What the state says for each step [B,T,2 W], what is to gate it, and the state after x."""
        value, gate = self.enter(x).chunk(2, dim=-1)
        value, tail = self.conv(value, part(state, "conv"), mask)
        value = activated(value)
        size, rows = self.size, value.shape[:2]
        mapped = size.heads * size.keys
        low, k, q = self.choose(value).split([self.rank, mapped, mapped], dim=-1)
        step = softplus(wide(self.step(low))).reshape(*rows, size.heads, 1, size.values)
        inputs = {
            "q": wide(q).reshape(*rows, size.heads, size.keys),
            "k": wide(k).reshape(*rows, size.heads, size.keys),
            "v": step.squeeze(-2) * wide(value).reshape(*rows, size.heads, size.values),
            "decay": -step * wide(self.speed).exp(),
        }
        y, after = self.rule.chunked(part(state, "rule"), inputs, mask)
        return y.flatten(2).to(x.dtype) + self.skip * value, gate, {**named("rule", after), **named("conv", tail)}


def mamba(width: int = 32, heads: int = 1, states: int = 16) -> Layer:
    """The selective state space with `states` numbers a channel."""
    if 2 * width % heads or states < 1:
        raise BadInput(f"width={width} twice must be a multiple of heads={heads}, and states={states} at least 1.")
    return Selective(width, heads, states)
