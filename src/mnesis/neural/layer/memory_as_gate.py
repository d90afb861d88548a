"""Attention over the last steps, gated by what a long memory reads.

Source: Ali Behrouz, Peilin Zhong, Vahab Mirrokni, Titans: Learning to Memorize at Test Time, 2025. arXiv 2501.00663
Needs: torch
Cost: the memory's and the window's
Shapes: x [B, T, W] -> y [B, T, W]; the states of the memory and of the window
Differs: both branches are normalised and the gate is a sigmoid; the paper leaves the form of the gate open.

Both read the same x: the window holds the last steps exactly, with a few learned keys and values it always sees, the
memory holds everything before in little space. The memory decides which channels of the window's answer go on.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from mnesis.neural.layer import Layer, named, part
from mnesis.neural.layer.window import window
from mnesis.neural.pieces import RMSNorm
from mnesis.neural.rule import State


class MemoryAsGate(Layer):
    """See `memory_as_gate`."""

    def __init__(self, memory: Layer, near: Layer, width: int) -> None:
        super().__init__()
        self.memory, self.near = memory, near
        self.norms = nn.ModuleList([RMSNorm(width), RMSNorm(width)])
        self.out = nn.Linear(width, width, bias=False)

    def begin(self, batch: int, like: Tensor) -> State:
        return {**named("memory", self.memory.begin(batch, like)), **named("near", self.near.begin(batch, like))}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        far, kept = self.memory.mix(x, part(state, "memory"), mask)
        near, seen = self.near.mix(x, part(state, "near"), mask)
        y: Tensor = self.out(self.norms[0](near) * torch.sigmoid(self.norms[1](far)))
        return y, {**named("memory", kept), **named("near", seen)}


def memory_as_gate(
    memory: Callable[[int, int], Layer], width: int = 32, heads: int = 2, span: int = 32, persistent: int = 4
) -> Layer:
    """A window of `span` steps and `persistent` learned tokens, gated by what `memory` makes of width and heads."""
    return MemoryAsGate(memory(width, heads), window(width, heads, span, persistent), width)
