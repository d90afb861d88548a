"""Slot: hits, budget -> Context. A packer lays hits out within a budget of tokens; every line names its cubes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from mnesis.drive import Asking
from mnesis.words import Context, Hit

Count = Callable[[str], int]


class Pack(Protocol):
    def __call__(self, hits: Sequence[Hit], budget: int, count: Count) -> Context | Asking[Context]: ...
