"""Slot: x, state -> y, state. A layer is a module around a rule, or around other layers; one signature for all.

``layer(x, state=None, mask=None)`` takes x [B, T, W] and gives y [B, T, W] with the state after the last step. A
sequence given in pieces, each with the state the one before left, is the sequence given whole. Steps where the mask
[B, T] is False leave no trace and are answered with zeros, wherever they stand. `state_bytes` says what a sequence
of any length costs to go on with.

A layer implements `begin` (the state before anything) and `mix` (what `forward` does, with the masked steps of every
row gathered at its end). States of layers inside a layer are kept in the same flat dict, their names after a dot.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from mnesis.neural.rule import State, where
from mnesis.neural.rule import state_bytes as bytes_of


class Layer(nn.Module, ABC):
    @abstractmethod
    def begin(self, batch: int, like: Tensor) -> State:
        """The state before the first step, on the device and in the precision of `like`."""

    @abstractmethod
    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        """y and the state after x; where there is a mask, the live steps of a row are its first."""

    def forward(self, x: Tensor, state: State | None = None, mask: Tensor | None = None) -> tuple[Tensor, State]:
        """y [B, T, W] and the state after x [B, T, W]; see the slot."""
        state = self.begin(x.shape[0], x) if state is None else state
        if mask is None:
            return self.mix(x, state, None)
        order = torch.argsort((~mask).to(torch.int8), dim=1, stable=True)
        rank = torch.argsort(order, dim=1)
        live = mask.gather(1, order)
        y, state = self.mix(_taken(x, order), state, live)
        return _taken(where(live, y, torch.zeros_like(y)), rank), state

    def state_bytes(self, batch: int = 1) -> int:
        """How many bytes the state of `batch` sequences takes at the start; it stays that size."""
        return bytes_of(self.begin(batch, next(self.parameters())))


def part(state: Mapping[str, Tensor], name: str) -> State:
    """The state of the layer `name` inside a layer."""
    return {key.removeprefix(f"{name}."): value for key, value in state.items() if key.startswith(f"{name}.")}


def named(name: str, state: Mapping[str, Tensor]) -> State:
    """A state as that of the layer `name` inside a layer."""
    return {f"{name}.{key}": value for key, value in state.items()}


def live_steps(x: Tensor, mask: Tensor | None) -> Tensor:
    """How many steps of every row count: [B]."""
    return torch.full(x.shape[:1], x.shape[1], device=x.device) if mask is None else mask.sum(1)


def _taken(x: Tensor, index: Tensor) -> Tensor:
    return x.gather(1, index.unsqueeze(-1).expand(-1, -1, x.shape[-1]))
