"""Slot: new cubes, View -> links. A linker draws edges between new cubes and what stands already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from mnesis.drive import Asking
from mnesis.store import View
from mnesis.words import Link, MemCube


class Linker(Protocol):
    def __call__(self, cubes: Sequence[MemCube], view: View) -> list[Link] | Asking[list[Link]]: ...
