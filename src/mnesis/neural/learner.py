"""How a gradient memory learns: from the step at hand or a window of steps, with momentum, along which direction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

SMALL = 1e-7
QUINTIC = (3.4445, -4.7750, 2.0315)


@dataclass(frozen=True, slots=True)
class Learner:
    """`window`: over how many of the last steps gradients are summed; `turn`: what a gathered change becomes."""

    momentum: bool = False
    window: int = 1
    turn: Callable[[Tensor], Tensor] | None = None


def plain() -> Learner:
    """Gradient descent."""
    return Learner()


def momentum() -> Learner:
    """Gradient descent with momentum: past surprise decays by a gate of its own."""
    return Learner(momentum=True)


def omega(window: int = 4) -> Learner:
    """Every step learns the last `window` steps together, with momentum."""
    return Learner(momentum=True, window=window)


def muon(window: int = 1, rounds: int = 5) -> Learner:
    """Omega with changes brought near the closest orthogonal matrix: every direction is learned equally fast."""
    return Learner(momentum=True, window=window, turn=lambda change: orthogonal(change, rounds))


def orthogonal(x: Tensor, rounds: int = 5) -> Tensor:
    """A quintic Newton-Schulz iteration: singular values of [..., m, n] are driven towards 1; zero stays zero."""
    a, b, c = QUINTIC
    wide = x.shape[-2] > x.shape[-1]
    x = x.mT if wide else x
    x = x * (x.square().sum((-2, -1), keepdim=True) + SMALL).rsqrt()
    for _ in range(rounds):
        square = x @ x.mT
        x = a * x + (b * square + c * square @ square) @ x
    return x.mT if wide else x
