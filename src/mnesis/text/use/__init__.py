"""Slot: Query, recalled cubes, what was cited, View, now -> changes. What a recall leaves behind.

A recall at the present commits what the parts of its recipe return, with `cited` None: nobody knows yet what the
answer will rest on. `Space.cite` runs them again with the ids that an answer did rest on. A part strengthens, or learns
from what it is told; it brings no memories of its own, and what it keeps for itself is a cube that is no text
(`kind="weights"`), which is never recalled. The cubes are those recalled, best first; a cited one that was not recalled
comes last.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from mnesis.drive import Asking
from mnesis.store import View
from mnesis.words import Change, MemCube, Query


class Use(Protocol):
    def __call__(
        self, query: Query, cubes: Sequence[MemCube], cited: Sequence[str] | None, view: View, now: datetime
    ) -> list[Change] | Asking[list[Change]]: ...
