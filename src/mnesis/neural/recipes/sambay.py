"""Later layers gate anew what one early memory has read and keep nothing.

Source: Liliang Ren, Congcong Chen, Haoran Xu, Young Jin Kim, Adam Atkinson, Zheng Zhan, Jiankai Sun, Baolin Peng,
    Liyuan Liu, Shuohang Wang, Hao Cheng, Jianfeng Gao, Weizhu Chen, Yelong Shen, Decoder-Hybrid-Decoder Architecture
    for Efficient Reasoning with Long Generation, 2025. arXiv 2507.06607
Needs: torch
Cost: linear in time; a state space, a window, and products of the width for every layer that shares them
Shapes: x [B, T, W] -> y [B, T, W]; the state space's state and the window's k and v, however deep it is
Differs: the shared keys and values are a window's, so the state has one size; one layer without networks between.

The first half is Samba: a selective state space, then attention. The second half keeps nothing. Its gated memory units
take the vector the state space read for the step, before its own gate, and gate it anew by what they are given; its
attention asks new queries of the keys and values that are there. So depth costs no state.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer import named, part
from mnesis.neural.layer.window import Window
from mnesis.neural.pieces import RMSNorm, activated, turned
from mnesis.neural.recipes import Layer
from mnesis.neural.recipes.mamba import Selective
from mnesis.neural.rule import State


class GatedMemory(nn.Module):
    """The gated memory unit: a readout gated by x and projected back. No state, no look at other steps."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.gate = nn.Linear(width, inner, bias=False)
        self.out = nn.Linear(inner, width, bias=False)

    def forward(self, x: Tensor, read: Tensor) -> Tensor:
        """x [B,T,W] and a readout [B,T,inner] to [B,T,W]."""
        y: Tensor = self.out(read * activated(self.gate(x)))
        return y


class SambaY(Layer):
    """See `sambay`."""

    def __init__(self, width: int, heads: int, span: int, depth: int) -> None:
        super().__init__()
        self.space = Selective(width, 1, 16)
        self.window = Window(width, heads, span, 0)
        self.units = nn.ModuleList(GatedMemory(width, 2 * width) for _ in range(depth))
        self.queries = nn.ModuleList(nn.Linear(width, width, bias=False) for _ in range(depth))
        self.outs = nn.ModuleList(nn.Linear(width, width, bias=False) for _ in range(depth))
        self.norms = nn.ModuleList(RMSNorm(width) for _ in range(2 * depth + 1))

    def begin(self, batch: int, like: Tensor) -> State:
        return {**named("space", self.space.begin(batch, like)), **named("window", self.window.begin(batch, like))}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        read, gate, space = self.space.readout(x, part(state, "space"), mask)
        y = self.space.out(read * activated(gate))
        held = part(state, "window")
        q, k, v = self.window.asked(self.norms[0](x + y), held)
        said, window = self.window.attended(q, k, v, held, mask)
        y = y + self.window.out(said)
        position = held["n"].unsqueeze(1) + torch.arange(x.shape[1], device=x.device)
        for n, (unit, ask, out) in enumerate(zip(self.units, self.queries, self.outs, strict=True)):
            y = y + unit(self.norms[2 * n + 1](x + y), read)
            q = ask(self.norms[2 * n + 2](x + y)).unflatten(-1, (self.window.heads, -1))
            said, _ = self.window.attended(turned(q, position), k, v, held, mask)
            y = y + out(said)
        return y, {**named("space", space), **named("window", window)}


def sambay(width: int = 32, heads: int = 2, span: int = 32, depth: int = 2) -> Layer:
    """State space and window, then `depth` times a gated memory unit and attention on what is there."""
    if width % heads or depth < 1:
        raise BadInput(f"width={width} must be a multiple of heads={heads}, and depth={depth} at least 1.")
    return SambaY(width, heads, span, depth)
