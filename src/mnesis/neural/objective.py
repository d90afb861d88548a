"""What a gradient memory is trained on while it reads: how wrong it is to answer y where v belongs.

An objective is a loss of one step and its derivative with respect to y; the derivative is what chunks are computed
from, the loss is what the sequential reference differentiates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from torch import Tensor

from mnesis.neural.rule import Inputs, Port

SHARP = 10.0  # how fast the smooth sign turns
SOFT = 1e-6


@dataclass(frozen=True, slots=True)
class Objective:
    """loss(y, v, x) [...] and pull(y, v, x) = d loss / d y [..., V]; `ports` are inputs of its own."""

    loss: Callable[[Tensor, Tensor, Inputs], Tensor]
    pull: Callable[[Tensor, Tensor, Inputs], Tensor]
    ports: Mapping[str, Port] = field(default_factory=dict)


def inner_product() -> Objective:
    """- y · v: learning it by gradient steps is linear attention."""
    return Objective(lambda y, v, x: -(y * v).sum(-1), lambda y, v, x: -v + 0 * y)


def squared() -> Objective:
    """Half the squared distance."""
    return Objective(lambda y, v, x: 0.5 * (y - v).square().sum(-1), lambda y, v, x: y - v)


def power(p: float = 3.0) -> Objective:
    """The p-th power of every coordinate's error, over p."""
    return Objective(
        lambda y, v, x: ((y - v).square() + SOFT).pow(p / 2).sum(-1) / p,
        lambda y, v, x: (y - v) * ((y - v).square() + SOFT).pow(p / 2 - 1),
    )


def huber() -> Objective:
    """Squared while the error is shorter than `threshold` (a gate of its own), linear in its length beyond."""

    def length(y: Tensor, v: Tensor) -> Tensor:
        return ((y - v).square().sum(-1) + SOFT).sqrt()

    def loss(y: Tensor, v: Tensor, x: Inputs) -> Tensor:
        far, bound = length(y, v), x["threshold"]
        return (far <= bound) * 0.5 * far.square() + (far > bound) * bound * (far - 0.5 * bound)

    def pull(y: Tensor, v: Tensor, x: Inputs) -> Tensor:
        far, bound = length(y, v).unsqueeze(-1), x["threshold"].unsqueeze(-1)
        return (y - v) * ((far <= bound) + (far > bound) * bound / far)

    return Objective(loss, pull, {"threshold": Port("", "positive")})
