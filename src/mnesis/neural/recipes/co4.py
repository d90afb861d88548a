"""Questions, clues and hypotheses tune each other before anything is attended to.

Source: Ahsan Adeel, Beyond Attention: Toward Machines with Intrinsic Higher Mental States, 2025. arXiv 2505.06257
Needs: torch
Cost: linear in time; three products of a number with its context for every round
Shapes: x [B, T, W] -> y [B, T, W]; state S [B, H, D, D], the tail of the convolution
Differs: read from the abstract and the author's formula; attention is linear, a token's three vectors are its triad.

Query, key and value of a token are three populations of cells. What drives a cell is its own number r; what the other
two say is context c, and r² + 2r + c(1 + |r|), kept between 0 and 6, is what it answers: context that agrees amplifies,
context that disagrees silences. A clue that neither question nor hypothesis supports is zero, so it is not written at
all, and what is left needs attention of linear cost only.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import relu6

from mnesis.errors import BadInput
from mnesis.neural.layer.mixer import Mixer
from mnesis.neural.pieces import RMSNorm
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import Size, State
from mnesis.neural.rule.additive import additive

TRIAD = ("q", "k", "v")


def modulated(drive: Tensor, context: Tensor) -> Tensor:
    """What a cell answers that is driven by `drive` in a `context`."""
    return relu6(drive.square() + 2 * drive + context * (1 + drive.abs()))


class Triadic(Mixer):
    """See `co4`."""

    def __init__(self, width: int, heads: int, rounds: int) -> None:
        super().__init__(additive(), width, Size(heads, width // heads, width // heads), 4, {}, None)
        self.norms = nn.ModuleDict({name: RMSNorm(width // heads) for name in TRIAD})
        self.trust = nn.Parameter(torch.full((rounds, 3, heads, 1), 0.5))

    def inputs(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[dict[str, Tensor], State]:
        made, tail = super().inputs(x, state, mask)
        drive = [self.norms[name](made[name]) for name in TRIAD]
        told = drive
        for trust in self.trust:
            told = [
                modulated(drive[n], trust[n] * (told[n - 2] + told[n - 1])) for n in range(3)
            ]  # the other two of the three
        return dict(zip(TRIAD, told, strict=True)), tail


def co4(width: int = 32, heads: int = 2, rounds: int = 1) -> Layer:
    """Linear attention over triads that were tuned `rounds` times."""
    if width % heads or rounds < 1:
        raise BadInput(f"width={width} must be a multiple of heads={heads}, and rounds={rounds} at least 1.")
    return Triadic(width, heads, rounds)
