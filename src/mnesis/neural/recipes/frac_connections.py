"""Residual connections of learned strength between fractions of the hidden state.

Source: Defa Zhu, Hongzhi Huang, Jundong Zhou, Zihao Huang, Yutao Zeng, Banggu Wu, Qiyang Min, Xun Zhou,
    Frac-Connections: Fractional Extension of Hyper-Connections, 2025. arXiv 2503.14125
Needs: torch
Cost: its layers', and parts * W numbers a step for each of them
Shapes: x [B, T, W] -> y [B, T, W]; the states of the layers, by their number
Differs: the layers within are gated delta nets, one layer to the outside; the part chosen by the token has no scale.

The hidden state is cut into parts. Before a layer the parts are mixed into its input, beside it they are mixed into
what goes on, and each part takes what the layer said for it with a strength of its own; all three are learned and
moved by the token. Hyper-connections do this with copies of the whole state; parts of it cost no memory. It begins as
the plain residual connection.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import rms_norm

from mnesis.errors import BadInput
from mnesis.neural.layer import named, part
from mnesis.neural.pieces import RMSNorm
from mnesis.neural.recipes import Layer
from mnesis.neural.recipes.gated_delta_net import gated_delta_net
from mnesis.neural.rule import State


class Connection(nn.Module):
    """Strengths around one layer: into it, past it and out of it."""

    def __init__(self, width: int, parts: int) -> None:
        super().__init__()
        self.parts = parts
        self.fixed = nn.Parameter(torch.cat([torch.eye(parts), torch.eye(parts), torch.ones(parts, 1)], dim=1))
        self.moved = nn.Parameter(torch.zeros(width // parts, 2 * parts + 1))

    def forward(self, h: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Of parts [B,T,M,W/M]: the layer's input [B,T,W], what goes past it, and strengths [B,T,M,1]."""
        strength = self.fixed + torch.tanh(rms_norm(h, h.shape[-1:]) @ self.moved)
        into, past, out = strength.tensor_split([self.parts, 2 * self.parts], dim=-1)
        return (into.mT @ h).flatten(2), past.mT @ h, out


class Frac(Layer):
    """See `frac_connections`."""

    def __init__(self, width: int, heads: int, parts: int, layers: int) -> None:
        super().__init__()
        self.parts = parts
        self.layers = nn.ModuleList(gated_delta_net(width, heads) for _ in range(layers))
        self.connections = nn.ModuleList(Connection(width, parts) for _ in range(layers))
        self.norms = nn.ModuleList(RMSNorm(width) for _ in range(layers))

    def begin(self, batch: int, like: Tensor) -> State:
        begun = [named(str(n), each.begin(batch, like)) for n, each in enumerate(self._all())]
        return {key: value for each in begun for key, value in each.items()}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        h, after = x.reshape(*x.shape[:2], self.parts, -1), State()
        for n, layer in enumerate(self._all()):
            z, past, strength = self.connections[n](h)
            said, kept = layer.mix(self.norms[n](z), part(state, str(n)), mask)
            h, after = past + strength * said.reshape(h.shape), after | named(str(n), kept)
        return h.flatten(2) - x, after

    def _all(self) -> list[Layer]:
        return [each for each in self.layers if isinstance(each, Layer)]


def frac_connections(width: int = 32, heads: int = 2, parts: int = 2, layers: int = 2) -> Layer:
    """`layers` gated delta nets, connected by `parts` fractions of the width."""
    if width % parts or layers < 1:
        raise BadInput(f"width={width} must be a multiple of parts={parts}, and layers={layers} at least 1.")
    return Frac(width, heads, parts, layers)
