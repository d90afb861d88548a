"""Attention whose keys and values are mixed from those of all layers before it.

Source: Gleb Gerasimov, Yaroslav Aksenov, Nikita Balagansky, Viacheslav Sinii, Daniil Gavrilov, You Do Not Fully Utilize
    Transformer's Representation Capacity, 2025. arXiv 2502.09245
Needs: torch
Cost: that of attention in each of its layers, and layers² * H² * D a step for the mixing
Shapes: x [B, T, W] -> y [B, T, W]; a layer's state k and v [B, T, H, D], already mixed
Differs: the layers are one layer without networks between them; mixing is learned, not chosen by the token.

Attention reads only what the layer before has left of a token; what an early layer knew and a later one overwrote is
lost. Here every head of a layer has a weight for every head of every layer up to its own, and keys and values are
summed by these weights before they are kept. So nothing more is kept than without. It begins as plain layers.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer import named, part
from mnesis.neural.layer.window import Window
from mnesis.neural.pieces import RMSNorm
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import State


class Lime(Layer):
    """See `lime`."""

    def __init__(self, width: int, heads: int, layers: int) -> None:
        super().__init__()
        self.heads = heads
        self.windows = nn.ModuleList(Window(width, heads, None, 0) for _ in range(layers))
        self.norms = nn.ModuleList(RMSNorm(width) for _ in range(layers - 1))
        self.routes = nn.ParameterList(_own(n, heads) for n in range(1, layers))

    def begin(self, batch: int, like: Tensor) -> State:
        begun = [named(str(n), each.begin(batch, like)) for n, each in enumerate(self._all())]
        return {key: value for each in begun for key, value in each.items()}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        y, after, keys, values = torch.zeros_like(x), State(), [], []
        for n, layer in enumerate(self._all()):
            held = part(state, str(n))
            q, k, v = layer.asked(x if n == 0 else self.norms[n - 1](x + y), held)
            keys.append(k)
            values.append(v)
            if n:
                k, v = (
                    torch.einsum("btlhd,glh->btgd", torch.stack(each, dim=2), self.routes[n - 1])
                    for each in (keys, values)
                )
            read, kept = layer.attended(q, k, v, held, mask)
            y, after = y + layer.out(read), after | named(str(n), kept)
        return y, after

    def _all(self) -> list[Window]:
        return [each for each in self.windows if isinstance(each, Window)]


def _own(before: int, heads: int) -> nn.Parameter:
    """Weights [H, layers up to this, H] that take every head from its own layer."""
    route = torch.zeros(heads, before + 1, heads)
    route[:, -1] = torch.eye(heads)
    return nn.Parameter(route)


def lime(width: int = 32, heads: int = 2, layers: int = 2) -> Layer:
    """`layers` layers of attention with routes between their keys and values."""
    if width % heads or layers < 2:
        raise BadInput(f"width={width} must be a multiple of heads={heads}, and layers={layers} at least 2.")
    return Lime(width, heads, layers)
