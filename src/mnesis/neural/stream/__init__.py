"""Slot: events between nodes, state -> what was to be expected of them, state. A memory of every node of a stream.

``stream(state, events)`` is asked about a batch of events before it is told them: the scores [E] are made of the state
alone, then the batch is written. A state is a flat dict of tensors whose first axis is the nodes; `start(nodes)` gives
an empty one. Events come in the order of their times, and a batch is read at once, so what happened earlier in it is
not known to what comes later: the larger the batch, the more is missed.

Axis letters: E events of a batch, N nodes, W width of a node's memory, F features of an event.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import torch
from torch import Tensor

State = dict[str, Tensor]


class Events(NamedTuple):
    """Who met whom [E], when [E] (float, not falling), with which sign [E] (+1 or -1), and features [E, F]."""

    source: Tensor
    target: Tensor
    at: Tensor
    sign: Tensor
    features: Tensor

    def part(self, begin: int, end: int) -> Events:
        """The events from `begin` up to `end`."""
        return Events(*(each[begin:end] for each in self))


class Stream(Protocol):
    """A module (`torch.nn.Module`) that remembers the nodes of a stream."""

    def start(self, nodes: int) -> State: ...

    def __call__(self, state: State, events: Events) -> tuple[Tensor, State]: ...

    def parameters(self) -> object: ...


def mean_into(into: Tensor, index: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
    """The mean of `values` [E, W] for each row of `into` [N, W] that `index` [E] names, and which rows those are."""
    count = torch.zeros(len(into), device=into.device, dtype=values.dtype).index_add(
        0, index, torch.ones_like(values[:, 0])
    )
    total = torch.zeros(len(into), values.shape[1], device=into.device, dtype=values.dtype).index_add(0, index, values)
    return total / count.clamp(min=1.0)[:, None], count > 0
