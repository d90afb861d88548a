"""What reads a story sentence by sentence into a memory, then the question, and answers from what it reads."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from mnesis.neural.network import Network, Told
from mnesis.neural.rule import where

Held = Mapping[str, Tensor]


class Reader(Network):
    """A memory with one step a sentence; `step` writes and reads, `begin` is the memory before anything."""

    def __init__(self, vocab: int, answers: int, width: int, said: int) -> None:
        super().__init__(vocab, answers, width)
        self.respond = nn.Linear(said + width, answers)
        self.kind = nn.Parameter(torch.randn(2, width) * 0.1)  # told to be a sentence, or a question

    @abstractmethod
    def begin(self, like: Tensor) -> dict[str, Tensor]:
        """The memory of rows as many as like [B,W]."""

    @abstractmethod
    def step(self, x: Tensor, held: Held) -> tuple[Tensor, dict[str, Tensor]]:
        """What is read after x [B,W] was written [B,said], and the memory."""

    def answer(self, told: Told) -> Tensor:
        held = self.begin(told.question)
        for n in range(told.live.shape[1]):
            _, after = self.step(told.sentences[:, n] + self.kind[0], held)
            held = {name: where(told.live[:, n], after[name], value) for name, value in held.items()}
        said, _ = self.step(told.question + self.kind[1], held)
        logits: Tensor = self.respond(torch.cat([said, told.question], dim=-1))
        return logits
