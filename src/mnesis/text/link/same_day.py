"""Link memories to the calendar day they happened on.

Source: mnesis, 2026.
Needs: nothing
Cost: one link a cube
Differs: nothing.

All memories of one day, of this batch and of earlier ones, meet at the node ``day:2023-05-07``: two of them are two
steps apart, and a busy day costs one link a memory instead of one a pair. The day is that of the memory's own time,
in its own offset. A memory without a time is linked to no day.

>>> from mnesis.words import MemCube, moment
>>> cube = MemCube("a", "We met.", valid_from=moment("2023-05-07T21:00:00"))
>>> [(each.head, each.kind, each.tail) for each in same_day()([cube], None)]
[('a', 'on', 'day:2023-05-07')]
"""

from __future__ import annotations

from collections.abc import Sequence

from mnesis.store import View
from mnesis.text.link import Linker
from mnesis.words import Link, MemCube

MADE_BY = "text.link.same_day"


def same_day() -> Linker:
    """A linker to days."""

    def link(cubes: Sequence[MemCube], view: View) -> list[Link]:
        links = (
            Link(cube.id, f"day:{cube.valid_from.date().isoformat()}", "on", 1.0, cube.namespace, made_by=MADE_BY)
            for cube in cubes
            if cube.valid_from is not None
        )
        return list(dict.fromkeys(links))

    return link
