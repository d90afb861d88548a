"""Memories in a row, each of which is handed what the one before has read.

Source: Anwesan Pal, Sahil Wadhwa, Ayush Jaiswal, Xu Zhang, Yue Wu, Rakesh Chada, Pradeep Natarajan, Henrik I.
    Christensen, FashionNTM: Multi-turn Fashion Image Retrieval via Cascaded Memory, 2023. arXiv 2308.10170
Needs: torch
Cost: one step a turn; `memories` times that of `ntm`
Shapes: story [B, S, N], question [B, N] -> logits [B, answers]
Differs: turns are sentences, without images; every memory's input is a view of the sentence of its own, learned, beside
    what the memory before it has read.

Someone who is looking for something says over several turns what it should be like. Each of several views of a turn
goes to a memory of its own, with its own heads, and what a memory reads goes into the next one's input, so that the
last can relate what all of them hold. What is kept from turn to turn is in the memories alone.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.network import Network
from mnesis.neural.network._recurrent import Held, Reader
from mnesis.neural.network._turing import Head, read, written


class Cascade(Reader):
    """See `fashion_ntm`."""

    def __init__(self, vocab: int, answers: int, width: int, memories: int, cell: int) -> None:
        super().__init__(vocab, answers, width, width + cell * memories)
        self.memories, self.rows, self.cell = memories, 16, cell
        self.views = nn.ModuleList(nn.Linear(width + (cell if n else 0), width) for n in range(memories))
        self.controllers = nn.ModuleList(nn.Linear(width + cell, width) for _ in range(memories))
        self.writes, self.reads = (nn.ModuleList(Head(width, cell) for _ in range(memories)) for _ in range(2))
        self.edits = nn.ModuleList(nn.Linear(width, 2 * cell) for _ in range(memories))
        self.fresh = nn.Parameter(torch.randn(memories, self.rows, cell) * 0.1)

    def begin(self, like: Tensor) -> dict[str, Tensor]:
        rows = len(like)
        held: dict[str, Tensor] = {}
        first = like.new_zeros(rows, self.rows)
        first[:, 0] = 1.0
        for n in range(self.memories):
            held |= {f"M{n}": self.fresh[n].expand(rows, -1, -1).to(like), f"w{n}": first, f"at{n}": first.clone()}
            held |= {f"r{n}": like.new_zeros(rows, self.cell)}
        return held

    def step(self, x: Tensor, held: Held) -> tuple[Tensor, dict[str, Tensor]]:
        kept: dict[str, Tensor] = {}
        readings, handed, h = [], x, x
        for n in range(self.memories):
            view = torch.tanh(self.views[n](handed))
            h = torch.tanh(self.controllers[n](torch.cat([view, held[f"r{n}"]], dim=-1)))
            w = self.writes[n](h, held[f"M{n}"], held[f"w{n}"])
            erase, add = self.edits[n](h).chunk(2, dim=-1)
            memory = written(held[f"M{n}"], w, torch.sigmoid(erase), torch.tanh(add))
            at = self.reads[n](h, memory, held[f"at{n}"])
            readings.append(read(memory, at))
            handed = torch.cat([x, readings[-1]], dim=-1)
            kept |= {f"M{n}": memory, f"w{n}": w, f"at{n}": at, f"r{n}": readings[-1]}
        return torch.cat([h, *readings], dim=-1), kept


def fashion_ntm(vocab: int = 32, answers: int = 8, width: int = 32, memories: int = 2, cell: int = 16) -> Network:
    """`memories` memories with rows of `cell` numbers."""
    if min(vocab - 1, answers, width, memories, cell) < 1:
        raise BadInput(
            f"vocab={vocab} must be 2 up; answers={answers}, width={width}, memories={memories}, cell={cell} 1 up."
        )
    return Cascade(vocab, answers, width, memories, cell)
