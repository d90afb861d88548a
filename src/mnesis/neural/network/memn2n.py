"""Attend to a memory of sentences several times, and learn it all from the answer.

Source: Sainbayar Sukhbaatar, Arthur Szlam, Jason Weston, Rob Fergus, End-To-End Memory Networks, 2015. arXiv 1503.08895
Needs: torch
Cost: two products a sentence and hop
Shapes: story [B, S, N], question [B, N] -> logits [B, answers]
Differs: weights are tied from layer to layer (what one hop reads by the next asks by); ages beyond `oldest` share a
    vector; no linear start.

Every sentence is stored twice: as what it is found by and as what it says. The question attends to the first and sums
up the second, what it reads is added to it, and the sum asks again. A chain of facts is followed hop by hop, and no one
needs to say which facts those are.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.network import Network, Told, attended


class Hops(Network):
    """See `memn2n`."""

    def __init__(self, vocab: int, answers: int, width: int, hops: int, oldest: int) -> None:
        super().__init__(vocab, answers, width)
        self.hops, self.oldest = hops, oldest
        self.maps = nn.ModuleList(nn.Linear(width, width, bias=False) for _ in range(hops + 1))
        self.times = nn.Parameter(torch.randn(hops + 1, oldest, width) * 0.1)
        self.respond = nn.Linear(width, answers)

    def answer(self, told: Told) -> Tensor:
        u, age = told.question, told.age.clamp_max(self.oldest - 1)
        views = [each(told.sentences) + self.times[n][age] for n, each in enumerate(self.maps)]
        for n in range(self.hops):
            shares = attended((views[n] * u.unsqueeze(1)).sum(-1), told.live)
            u = u + (shares.unsqueeze(-1) * views[n + 1]).sum(1)
        logits: Tensor = self.respond(u)
        return logits


def memn2n(vocab: int = 32, answers: int = 8, width: int = 32, hops: int = 3, oldest: int = 32) -> Network:
    """`hops` hops over sentences whose age is told up to `oldest`."""
    if min(vocab - 1, answers, width, hops, oldest) < 1:
        raise BadInput(
            f"vocab={vocab} must be 2 up; answers={answers}, width={width}, hops={hops}, oldest={oldest} 1 up."
        )
    return Hops(vocab, answers, width, hops, oldest)
