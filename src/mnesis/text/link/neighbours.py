"""Link every memory to the one before it in the same session.

Source: mnesis, 2026.
Needs: nothing
Cost: the newest `reach` rows of the namespace are looked at once for a batch; one link a cube
Differs: nothing.

What was said next often says what was meant. The link runs from the earlier memory to the later one and is called
``next``. The memory before the first one of a batch is sought among the newest `reach` that stand; a session that
slept longer than that begins a new chain.

>>> from mnesis.words import MemCube
>>> first, second = MemCube("a", "Hi.", session="s"), MemCube("b", "Hello.", session="s")
>>> class Empty:
...     namespace = "default"
...     def __len__(self): return 0
>>> [(link.head, link.kind, link.tail) for link in neighbours()([first, second], Empty())]
[('a', 'next', 'b')]
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.link import Linker
from mnesis.words import Link, MemCube


def neighbours(reach: int = 256) -> Linker:
    """A linker along sessions; `reach` is how many of the newest memories a session may go on from."""
    if reach < 0:
        raise BadInput(f"reach={reach} counts memories; give 0 or more.")

    def link(cubes: Sequence[MemCube], view: View) -> list[Link]:
        wanted = {cube.session for cube in cubes if cube.session}
        last = _latest(view, reach, wanted) if wanted else {}
        out = []
        for cube in cubes:
            if not cube.session:
                continue
            before = last.get(cube.session)
            if before is not None and before != cube.id:
                out.append(Link(before, cube.id, "next", namespace=cube.namespace, made_by="text.link.neighbours"))
            last[cube.session] = cube.id
        return list(dict.fromkeys(out))

    return link


def _latest(view: View, reach: int, wanted: set[str]) -> dict[str, str]:
    """The id of the newest memory of each wanted session among the newest `reach`."""
    if not reach or not len(view):
        return {}
    rows = view.alive()[-reach:]
    codes = view.column("session", rows)
    newest = len(rows) - 1 - np.unique(codes[::-1], return_index=True)[1]
    return {cube.session: cube.id for cube in view.cubes(rows[np.sort(newest)]) if cube.session in wanted}
