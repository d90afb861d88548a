"""Several layers one after the other, each normalised and added, as one.

Source: mnesis, 2026.
Needs: torch
Cost: the sum of its layers'
Shapes: x [B, T, W] -> y [B, T, W]; the states of the layers, by their number
Differs: nothing.

Hybrids alternate between kinds of memory. As one layer they drop in wherever a single one does: the first reads x,
every further one reads x plus what came before it, and y is the sum of what they all said, so a residual connection
around the chain is the residual connections around each.

>>> import torch
>>> from mnesis.neural.layer.window import window
>>> chain([window, window], width=8, heads=1)(torch.zeros(1, 3, 8))[0].shape
torch.Size([1, 3, 8])
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer import Layer, named, part
from mnesis.neural.pieces import RMSNorm
from mnesis.neural.rule import State


class Chain(Layer):
    """See `chain`."""

    def __init__(self, layers: Sequence[Layer], width: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)
        self.norms = nn.ModuleList(RMSNorm(width) for _ in layers[1:])

    def begin(self, batch: int, like: Tensor) -> State:
        return {key: value for n, each in enumerate(self._all()) for key, value in _begun(n, each, batch, like).items()}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        y, after = torch.zeros_like(x), State()
        for n, layer in enumerate(self._all()):
            said, kept = layer.mix(x if n == 0 else self.norms[n - 1](x + y), part(state, str(n)), mask)
            y, after = y + said, after | named(str(n), kept)
        return y, after

    def _all(self) -> list[Layer]:
        return [each for each in self.layers if isinstance(each, Layer)]


def _begun(n: int, layer: Layer, batch: int, like: Tensor) -> State:
    return named(str(n), layer.begin(batch, like))


def chain(makers: Sequence[Callable[[int, int], Layer]], width: int = 32, heads: int = 2) -> Layer:
    """The layers that `makers` make of width and heads, one after the other."""
    if not makers:
        raise BadInput("A chain needs at least one layer.")
    return Chain([make(width, heads) for make in makers], width)
