"""Slot: new cubes, View -> changes. A decider says what becomes of new cubes; it never writes and never loses one.

The front door adds each cube's event and vectors to the Add or Revise that carries it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from mnesis.drive import Asking
from mnesis.store import View
from mnesis.words import Change, MemCube


class Decide(Protocol):
    def __call__(self, cubes: Sequence[MemCube], view: View) -> list[Change] | Asking[list[Change]]: ...
