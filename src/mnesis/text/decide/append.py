"""Keep every new memory beside what stands.

Source: mnesis, 2026.
Needs: nothing
Cost: one look-up of ids
Differs: nothing.

Nothing is judged: two memories that contradict each other both stand, and finding and ranking have to tell them
apart. Only a memory that stands already under the same id is not added again, so giving the same event twice adds
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from mnesis.errors import UnknownName
from mnesis.store import View
from mnesis.text.decide import Decide
from mnesis.words import MEMORY_TYPES, Add, Change, MemCube, replace


def append(type: str = "") -> Decide:
    """One Add for each new cube; with `type` what happened is kept as a memory of that type."""
    if type and type not in MEMORY_TYPES:
        raise UnknownName("memory type", type, MEMORY_TYPES)

    def decide(cubes: Sequence[MemCube], view: View) -> list[Change]:
        rows = view.rows([cube.id for cube in cubes]).tolist()
        new: dict[str, MemCube] = {}
        for cube, row in zip(cubes, rows, strict=True):
            if row < 0:
                new.setdefault(cube.id, cube)
        return [Add(replace(cube, type=type) if type and cube.type == "episodic" else cube) for cube in new.values()]

    return decide
