"""Slot: inputs, state -> outputs, state. A rule says how a memory is written and read, in steps and in chunks.

A rule is told nothing about models. `ports` names what it is handed at every step (q, k, v, gates) with the axes and
the range of each; whoever calls it brings that. `init`, `step` and `read` are the plain truth, one step at a time;
`chunked` gives the same outputs, the same final state and the same gradients in fewer, larger products.

A state is a flat dict of tensors whose first axis is the batch and whose sizes never change; it can be saved, moved,
indexed and counted (`state_bytes`) by anybody. States are float32, or float64 where the inputs are. A step where the
mask is False changes nothing and reads zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

import torch
from torch import Tensor

State = dict[str, Tensor]
Inputs = Mapping[str, Tensor]


@dataclass(frozen=True, slots=True)
class Size:
    """How large a memory is: heads, the lengths of keys and values, and of the layer between where there is one."""

    heads: int
    keys: int
    values: int
    hidden: int = 0

    def axis(self, letter: str) -> int:
        """The length of an axis: k, v or h (hidden; twice the values where it is not given)."""
        return {"k": self.keys, "v": self.values, "h": self.hidden or 2 * self.values}[letter]


@dataclass(frozen=True, slots=True)
class Port:
    """One input of a rule: its axes beside batch, time and heads, and the range its numbers lie in.

    free: any number; sphere: vectors of length 1; unit: 0 to 1; positive: above 0; log: 0 or below, the logarithm of
    a factor. A port that is handed over `once` is the same at every step and for every row: [H, axes].
    """

    axes: str = ""
    range: Literal["free", "sphere", "unit", "positive", "log"] = "free"
    once: bool = False

    def shape(self, size: Size, *rows: int) -> tuple[int, ...]:
        """[rows, H, axes], the rows left out of what is handed over once."""
        return (*(() if self.once else rows), size.heads, *map(size.axis, self.axes))


class Rule(Protocol):
    @property
    def ports(self) -> Mapping[str, Port]: ...

    def init(self, size: Size, batch: int, x: Inputs) -> State: ...

    def step(self, state: State, x: Inputs) -> State: ...

    def read(self, state: State, x: Inputs) -> Tensor: ...

    def chunked(self, state: State, x: Inputs, mask: Tensor | None = None, chunk: int = 16) -> tuple[Tensor, State]: ...


def sequential(rule: Rule, state: State, x: Inputs, mask: Tensor | None = None) -> tuple[Tensor, State]:
    """The reference: one step after the other, read after each write."""
    steps = next(value.shape[1] for name, value in x.items() if not rule.ports[name].once)
    out = []
    for t in range(steps):
        now = {name: value if rule.ports[name].once else value[:, t] for name, value in x.items()}
        after = rule.step(state, now)
        y = rule.read(after, now)
        if mask is not None:
            after = {name: where(mask[:, t], after[name], state[name]) for name in after}
            y = where(mask[:, t], y, torch.zeros_like(y))
        state = after
        out.append(y)
    return torch.stack(out, dim=1), state


def where(live: Tensor, one: Tensor, other: Tensor) -> Tensor:
    """Rows of `one` where `live` [B …], else of `other`; the mask is spread over the axes it does not have."""
    return torch.where(live.reshape(*live.shape, *(1,) * (one.dim() - live.dim())), one, other)


def quiet(rule: Rule, x: Inputs, mask: Tensor | None) -> Inputs:
    """The inputs with zeros where the mask is False; a rule for which that is no step needs nothing more."""
    if mask is None:
        return x
    return {n: v if rule.ports[n].once else where(mask, v, torch.zeros_like(v)) for n, v in x.items()}


def zeros(x: Inputs, *shape: int) -> Tensor:
    """An empty state on the device of the inputs, in float32 or better."""
    some = next(iter(x.values()))
    return torch.zeros(shape, device=some.device, dtype=torch.promote_types(some.dtype, torch.float32))


def state_bytes(state: State) -> int:
    """How many bytes a state takes."""
    return sum(each.numel() * each.element_size() for each in state.values())
