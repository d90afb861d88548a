"""How a gradient memory holds on to what it has: what fades, and how what was gathered becomes weights.

Every retention keeps one running sum that fades by a factor a step, A <- exp(decay) A + change. Where it is more than
that, the weights are an image of A: as A itself grows, its image stays in a ball or on a simplex.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

SOFT = 1e-6


@dataclass(frozen=True, slots=True)
class Retention:
    """`fades`: is there a decay gate; `image` [..., in, out] -> weights, None where the sum is the weights."""

    fades: bool = True
    image: Callable[[Tensor], Tensor] | None = None


def kept() -> Retention:
    """Nothing fades."""
    return Retention(fades=False)


def fading() -> Retention:
    """A squared penalty on the size of the weights: they fade by a gate."""
    return Retention()


def bounded(q: float = 4.0) -> Retention:
    """A penalty on the q-norm of the weights: the sum divided by its q-norm to the power q - 2."""

    def image(a: Tensor) -> Tensor:
        size = (a.square() + SOFT).pow(q / 2).sum((-2, -1), keepdim=True).pow(1 / q)
        return a / size.pow(q - 2)

    return Retention(image=image)


def simplex() -> Retention:
    """A penalty on the divergence from the weights before: every output mixes its inputs with shares that sum to 1."""
    return Retention(image=lambda a: torch.softmax(a, dim=-2))
