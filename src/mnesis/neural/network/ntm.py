"""A recurrent controller that learns where to write in a memory and where to read.

Source: Alex Graves, Greg Wayne, Ivo Danihelka, Neural Turing Machines, 2014. arXiv 1410.5401
Needs: torch
Cost: one step a sentence; four passes over `rows` rows of `cell` numbers
Shapes: story [B, S, N], question [B, N] -> logits [B, answers]
Differs: one reading and one writing head; the controller is a gated recurrent unit; a step is a sentence.

The memory is apart from the network, so it can be large while the controller is small. A head looks at rows like its
key, or where it looked before, moves on by one if it wants to, and sharpens its look; all of it by shares, so that it
is learned by gradients.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.network import Network
from mnesis.neural.network._recurrent import Held, Reader
from mnesis.neural.network._turing import Head, read, written


class Turing(Reader):
    """See `ntm`."""

    def __init__(self, vocab: int, answers: int, width: int, rows: int, cell: int) -> None:
        super().__init__(vocab, answers, width, width + cell)
        self.rows, self.cell = rows, cell
        self.controller = nn.GRUCell(width + cell, width)
        self.writes, self.reads = Head(width, cell), Head(width, cell)
        self.edit = nn.Linear(width, 2 * cell)
        self.fresh = nn.Parameter(torch.randn(rows, cell) * 0.1)

    def begin(self, like: Tensor) -> dict[str, Tensor]:
        rows = len(like)
        first = like.new_zeros(rows, self.rows)
        first[:, 0] = 1.0
        held = {"h": like.new_zeros(rows, self.width), "r": like.new_zeros(rows, self.cell)}
        return held | {"M": self.fresh.expand(rows, -1, -1).to(like), "w": first, "at": first.clone()}

    def step(self, x: Tensor, held: Held) -> tuple[Tensor, dict[str, Tensor]]:
        h = self.controller(torch.cat([x, held["r"]], dim=-1), held["h"])
        w = self.writes(h, held["M"], held["w"])
        erase, add = self.edit(h).chunk(2, dim=-1)
        memory = written(held["M"], w, torch.sigmoid(erase), torch.tanh(add))
        at = self.reads(h, memory, held["at"])
        r = read(memory, at)
        return torch.cat([h, r], dim=-1), {"h": h, "r": r, "M": memory, "w": w, "at": at}


def ntm(vocab: int = 32, answers: int = 8, width: int = 32, rows: int = 16, cell: int = 16) -> Network:
    """A memory of `rows` rows of `cell` numbers."""
    if min(vocab - 1, answers, width, cell) < 1 or rows < 3:
        raise BadInput(
            f"vocab={vocab} must be 2 up, rows={rows} 3 up; answers={answers}, width={width}, cell={cell} 1 up."
        )
    return Turing(vocab, answers, width, rows, cell)
