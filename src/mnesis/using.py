"""What a recall leaves behind: the parts of the slot `text.use` at work, and their changes committed.

Somebody else may commit between the recall and what it leaves behind. Then the parts run again on what stands by then,
so that of two recalls at once both leave their traces; what does not stand any more is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from mnesis.drive import Answer, settled
from mnesis.errors import Conflict, NotFound
from mnesis.store import View
from mnesis.text.use import Use
from mnesis.words import Change, Commit, Hit, MemCube, Query


def leave(
    parts: Sequence[Use],
    answer: Answer,
    query: Query,
    cubes: Sequence[MemCube],
    cited: Sequence[str] | None,
    now: datetime,
    look: Callable[[], View],
    commit: Callable[[list[Change], View], Commit],
) -> Commit | None:
    """Commit what the parts make of this recall; None when they change nothing."""
    while True:
        view = look()
        rows = view.rows(list(dict.fromkeys(cube.id for cube in cubes)))
        standing = view.cubes(rows[rows >= 0])
        here = {cube.id for cube in standing}
        ids = None if cited is None else [id for id in dict.fromkeys(cited) if id in here]
        changes = _left(parts, answer, query, standing, ids, view, now) if standing else []
        if not changes:
            return None
        try:
            return commit(changes, view)
        except (Conflict, NotFound):
            if look().commit == view.commit:  # nobody came between: the changes themselves are at fault
                raise


def _left(
    parts: Sequence[Use],
    answer: Answer,
    query: Query,
    cubes: Sequence[MemCube],
    cited: Sequence[str] | None,
    view: View,
    now: datetime,
) -> list[Change]:
    return [change for use in parts for change in settled(use(query, cubes, cited, view, now), answer)]


def ids_of(cited: Sequence[str | Hit | MemCube]) -> list[str]:
    """The ids of what was cited."""
    cubes = (each.cube if isinstance(each, Hit) else each for each in cited)
    return list(dict.fromkeys(each.id if isinstance(each, MemCube) else each for each in cubes))


__all__ = ["ids_of", "leave"]
