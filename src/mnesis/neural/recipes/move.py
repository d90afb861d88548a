"""One bank of value vectors for all attention layers, mixed in by a gate.

Source: Yangyan Li, MoVE: Mixture of Value Embeddings -- A New Axis for Scaling Parametric Memory in Autoregressive
    Models, 2026. arXiv 2601.22887
Needs: torch
Cost: attention in each layer, and `slots` * W a step and layer for the bank
Shapes: x [B, T, W] -> y [B, T, W]; k and v of every step [B, T, H, D], a layer
Differs: the layers are `layers` layers of attention in one, without networks between them; gates are sigmoids a slot
    and head, from the step that is being read.

What a network knows by heart lies in its weights, and more of it costs more computation everywhere. Here it is a bank
beside the layers: each step chooses softly among its vectors, and what it chose is added to its values in every layer.
The bank grows by slots, and neither depth nor width with it.
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


class Banked(Layer):
    """See `move`."""

    def __init__(self, width: int, heads: int, slots: int, layers: int) -> None:
        super().__init__()
        self.windows = nn.ModuleList(Window(width, heads, None, 0) for _ in range(layers))
        self.norms = nn.ModuleList(RMSNorm(width) for _ in range(layers - 1))
        self.bank = nn.Parameter(torch.randn(slots, heads, width // heads) * width**-0.5)
        self.gates = nn.ModuleList(nn.Linear(width, slots * heads) for _ in range(layers))

    def begin(self, batch: int, like: Tensor) -> State:
        begun = [named(str(n), each.begin(batch, like)) for n, each in enumerate(self._all())]
        return {key: value for each in begun for key, value in each.items()}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        y, after = torch.zeros_like(x), State()
        for n, layer in enumerate(self._all()):
            z, held = (x if n == 0 else self.norms[n - 1](x + y)), part(state, str(n))
            q, k, v = layer.asked(z, held)
            read, kept = layer.attended(q, k, v + self.known(z, n), held, mask)
            y, after = y + layer.out(read), after | named(str(n), kept)
        return y, after

    def known(self, x: Tensor, layer: int) -> Tensor:
        """What the bank adds to the values of a layer: [B,T,H,D]."""
        shares = torch.sigmoid(self.gates[layer](x)).reshape(*x.shape[:2], *self.bank.shape[:2])
        return torch.einsum("btnh,nhd->bthd", shares, self.bank)

    def _all(self) -> list[Window]:
        return [each for each in self.windows if isinstance(each, Window)]


def move(width: int = 32, heads: int = 2, slots: int = 16, layers: int = 2) -> Layer:
    """`layers` layers of attention that share a bank of `slots` values."""
    if width % heads or slots < 1 or layers < 1:
        raise BadInput(f"width={width} must be a multiple of heads={heads}; slots={slots} and layers={layers} 1 up.")
    return Banked(width, heads, slots, layers)
