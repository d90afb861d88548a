"""Slot: Event -> cubes. A parser cuts what happened into memories, every one naming the event it came from.

The first cube of an event that is kept whole has the event's own id; others have ``<event id>-<n>``. Nothing is
lost: every word of the event is in some cube. `names` are the people known in the namespace.
"""

from __future__ import annotations

from typing import Protocol

from mnesis.drive import Asking
from mnesis.words import Event, MemCube


class Parse(Protocol):
    def __call__(
        self, event: Event, namespace: str, names: frozenset[str] = frozenset()
    ) -> list[MemCube] | Asking[list[MemCube]]: ...
