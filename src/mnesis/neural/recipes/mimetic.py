"""A selective state space that begins as an attention over equal tokens.

Source: Asher Trockman, Hrayr Harutyunyan, J. Zico Kolter, Sanjiv Kumar, Srinadh Bhojanapalli, Mimetic Initialization
    Helps State Space Models Learn to Recall, 2024. arXiv 2410.11135
Needs: torch
Cost: that of `mamba`; nothing but the first weights is different
Shapes: x [B, T, W] -> y [B, T, W]; state S [B, H, states, 2 * W / H], the tail of the convolution
Differs: output maps begin equal to the input maps, which makes their product near to the identity; the convolution
    begins at random.

Read as attention, a state space weighs step s at step t by output map times input map times what the decays leave. It
usually begins with maps that have nothing to do with each other and with decays that wipe out all but the last steps.
Here both maps begin the same, so that a token finds its equals, and nothing fades until training makes it.
"""

from __future__ import annotations

import math

import torch

from mnesis.errors import BadInput
from mnesis.neural.recipes import Layer
from mnesis.neural.recipes.mamba import Selective

SLOWEST = 1e-3  # how much of the state a step of length 1 takes away


class Mimetic(Selective):
    """See `mimetic`."""

    def __init__(self, width: int, heads: int, states: int) -> None:
        super().__init__(width, heads, states)
        with torch.no_grad():
            _, k, q = torch.split(self.choose.weight, [self.rank, heads * states, heads * states])
            q.copy_(k)
            self.speed.fill_(math.log(SLOWEST))
            self.step.bias.fill_(math.log(math.expm1(1.0)))


def mimetic(width: int = 32, heads: int = 1, states: int = 16) -> Layer:
    """The selective state space, begun as linear attention."""
    if 2 * width % heads or states < 1:
        raise BadInput(f"width={width} twice must be a multiple of heads={heads}, and states={states} at least 1.")
    return Mimetic(width, heads, states)
