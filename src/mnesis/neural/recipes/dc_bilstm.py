"""Recurrences in both directions, each of which reads all that stand below it.

Source: Zixiang Ding, Rui Xia, Jianfei Yu, Xiang Li, Jian Yang, Densely Connected Bidirectional LSTM with Applications
    to Sentence Classification, 2018. arXiv 1802.00889
Needs: torch
Cost: one step after the other; `layers` recurrences in each direction
Shapes: x [B, T, W] -> y [B, T, W]; h and c of every layer [B, D], what the way back has said of the segment before
Differs: in a stream the way back starts at the end of the last whole segment of `segment` steps and is told once it has
    come to its beginning; `sentence` is the paper's form, where every step knows both sides of all.

Deep stacks of recurrences are hard to train, because what the first layer saw reaches the last only through all others.
Here a layer reads x and the states of every layer below, in both directions, side by side.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer._segments import Segments
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import State


class Dense(Segments):
    """See `dc_bilstm`."""

    def __init__(self, width: int, hidden: int, segment: int, layers: int) -> None:
        super().__init__(width, segment)
        self.hidden = hidden
        inputs = [width + 2 * hidden * n for n in range(layers)]
        self.on, self.back = (nn.ModuleList(nn.LSTM(n, hidden, batch_first=True) for n in inputs) for _ in range(2))
        self.out = nn.Linear(width + 2 * hidden * layers, width, bias=False)

    def empty(self, batch: int, like: Tensor) -> State:
        zeros = like.new_zeros(batch, self.hidden)
        return {f"{name}{n}": zeros.clone() for n in range(len(self.on)) for name in ("h", "c", "back")}

    def through(self, x: Tensor, memory: State) -> tuple[Tensor, State]:
        seen, known, after = x, x, State()
        for n, (on, back) in enumerate(zip(self.on, self.back, strict=True)):
            begun = (memory[f"h{n}"].to(x).unsqueeze(0), memory[f"c{n}"].to(x).unsqueeze(0))
            said, (h, c) = on(seen, begun)
            returned, (last, _) = back(known.flip(1))
            after |= {f"h{n}": h[0], f"c{n}": c[0], f"back{n}": last[0]}
            told = memory[f"back{n}"].to(x).unsqueeze(1).expand(-1, x.shape[1], -1)
            known = torch.cat([known, said, returned.flip(1)], dim=-1)  # with the way back through this very segment
            seen = torch.cat([seen, said, told], dim=-1)
        y: Tensor = self.out(seen)
        return y, after

    def sentence(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """A whole sentence x [B,T,W], every step knowing all of it; steps under the mask [B,T] must be its last."""
        size = torch.full(x.shape[:1], x.shape[1], device=x.device) if mask is None else mask.sum(1)
        place = torch.arange(x.shape[1], device=x.device)
        turned = torch.where(place < size.unsqueeze(1), size.unsqueeze(1) - 1 - place, place).unsqueeze(-1)
        for on, back in zip(self.on, self.back, strict=True):
            there = on(x)[0]
            again = back(x.gather(1, turned.expand_as(x)))[0]
            x = torch.cat([x, there, again.gather(1, turned.expand_as(again))], dim=-1)
        y: Tensor = self.out(x)
        return y if mask is None else y * mask.unsqueeze(-1)


def dc_bilstm(width: int = 32, heads: int = 2, segment: int = 16, layers: int = 3) -> Layer:
    """`layers` layers with width / heads numbers in each direction."""
    if width % heads or segment < 1 or layers < 1:
        raise BadInput(
            f"width={width} must be a multiple of heads={heads}; segment={segment} and layers={layers} 1 up."
        )
    return Dense(width, width // heads, segment, layers)
