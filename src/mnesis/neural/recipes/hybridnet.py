"""Let what was said long ago steer where attention looks now.

Source: Weijiang Yu, Jian Liang, Lei Ji, Lu Li, Yuejian Fang, Nong Xiao, Nan Duan, Hybrid Reasoning Network for
    Video-based Commonsense Captioning, 2021. arXiv 2108.02365
Needs: torch
Cost: a window and a gated memory; linear in time
Shapes: x [B, T, W] -> y [B, T, W]; k and v of the window, state S [B, H, D, D], the tail of a convolution
Differs: the memory-routed attention alone, without video or captions; the history is a gated linear memory of the same
    sequence, and it routes by moving the queries of every head.

A decoder has already said something, in other captions and earlier words. A memory module records it, each step reads
from it, and the reading changes the questions attention asks: the map of attention, not its answer, is what history
has a say in. A gate a head decides how much.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer import named, part
from mnesis.neural.layer.mixer import mixer
from mnesis.neural.layer.window import Window
from mnesis.neural.pieces import RMSNorm
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import State
from mnesis.neural.rule.gated import gated


class MemoryRouted(Layer):
    """See `hybridnet`."""

    def __init__(self, width: int, heads: int, span: int) -> None:
        super().__init__()
        self.heads = heads
        self.window, self.history = Window(width, heads, span, 0), mixer(gated(), width, heads)
        self.norm, self.gate = RMSNorm(width), nn.Linear(2 * width, heads)
        self.route = nn.Linear(width, width, bias=False)

    def begin(self, batch: int, like: Tensor) -> State:
        return {**named("window", self.window.begin(batch, like)), **named("history", self.history.begin(batch, like))}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        said, recorded = self.history.mix(x, part(state, "history"), mask)
        held = part(state, "window")
        q, k, v = self.window.asked(x, held)
        read, seen = self.window.attended(q + self.routed(x, said), k, v, held, mask)
        return self.window.out(read), {**named("window", seen), **named("history", recorded)}

    def routed(self, x: Tensor, said: Tensor) -> Tensor:
        """What history adds to the queries: [B,T,H,D]."""
        said = self.norm(said)
        gate = torch.sigmoid(self.gate(torch.cat([x, said], dim=-1))).unsqueeze(-1)
        moved: Tensor = gate * self.route(said).reshape(*x.shape[:2], self.heads, -1)
        return moved


def hybridnet(width: int = 32, heads: int = 2, span: int = 32) -> Layer:
    """A window of `span` steps whose queries are moved by a memory of everything."""
    if width % heads or span < 2:
        raise BadInput(f"width={width} must be a multiple of heads={heads}, and span={span} at least 2.")
    return MemoryRouted(width, heads, span)
