"""Rows of a memory attend to each other, and to what is new, at every step.

Source: Adam Santoro, Ryan Faulkner, David Raposo, Jack Rae, Mike Chrzanowski, Theophane Weber, Daan Wierstra, Oriol
    Vinyals, Razvan Pascanu, Timothy Lillicrap, Relational recurrent neural networks, 2018. arXiv 1806.01822
Needs: torch
Cost: one step a sentence; attention among `rows` + 1 rows
Shapes: story [B, S, N], question [B, N] -> logits [B, answers]
Differs: one block of attention a step; gates are vectors; a step is a sentence.

Memories that are only written and read cannot compare what they hold. Here every row asks all rows and the input, and
takes what it finds into itself by gates as those of a long short-term memory. So what two rows have to do with each
other is worked out while they are kept, not only when something is asked.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.network import Network
from mnesis.neural.network._recurrent import Held, Reader


class Relational(Reader):
    """See `rmc`."""

    def __init__(self, vocab: int, answers: int, width: int, rows: int, heads: int) -> None:
        super().__init__(vocab, answers, width, rows * width)
        self.rows, self.heads = rows, heads
        self.enter = nn.Linear(width, width)
        self.ask, self.pairs = nn.Linear(width, width), nn.Linear(width, 2 * width)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(2))
        self.inner = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, width))
        self.from_input, self.from_memory = nn.Linear(width, 2 * width), nn.Linear(width, 2 * width)

    def begin(self, like: Tensor) -> dict[str, Tensor]:
        rows = torch.eye(self.rows, self.width, device=like.device, dtype=like.dtype)
        return {"M": rows.expand(len(like), -1, -1)}

    def step(self, x: Tensor, held: Held) -> tuple[Tensor, dict[str, Tensor]]:
        memory, x = held["M"], self.enter(x).unsqueeze(1)
        proposed = self.related(memory, x)
        forget, take = (self.from_input(x) + self.from_memory(torch.tanh(memory))).chunk(2, dim=-1)
        memory = torch.sigmoid(forget + 1) * memory + torch.sigmoid(take) * torch.tanh(proposed)
        return memory.flatten(1), {"M": memory}

    def related(self, memory: Tensor, x: Tensor) -> Tensor:
        """The rows [B,N,W] after each has asked all of them and the input [B,1,W]."""
        q = self.ask(memory).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        pairs = self.pairs(torch.cat([memory, x], dim=1)).unflatten(-1, (2 * self.heads, -1)).transpose(1, 2)
        k, v = pairs.chunk(2, dim=1)
        found = torch.nn.functional.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)
        z = self.norms[0](memory + found)
        out: Tensor = self.norms[1](z + self.inner(z))
        return out


def rmc(vocab: int = 32, answers: int = 8, width: int = 32, rows: int = 4, heads: int = 2) -> Network:
    """A memory of `rows` rows that attend with `heads` heads."""
    if min(vocab - 1, answers, rows, heads) < 1 or width % heads:
        raise BadInput(
            f"vocab={vocab} must be 2 up, answers={answers} and rows={rows} 1 up, width={width} so many heads={heads}."
        )
    return Relational(vocab, answers, width, rows, heads)
