"""How well memories are retained, and letting go of those that are not: what tenders that forget have in common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.tend import Tend
from mnesis.words import MEMORY_TYPES, Change, Retire, Rows

DAY = 86_400.0
FADING = tuple(MEMORY_TYPES.index(each) for each in ("working", "episodic"))
Retention = Callable[[View, Rows, datetime], NDArray[Any]]


def fading(retention: Retention, name: str, least: float, most: int | None) -> Tend:
    """Retire what is retained less than `least`, and of the rest all but the `most` that are retained best.

    Only working and episodic memories fade; what was made a lasting one (semantic, core, procedural …) stays.
    """
    if most is not None and most < 1:
        raise BadInput(f"most={most} would keep nothing; give at least 1, or None for any number.")

    def tend(view: View, now: datetime) -> list[Change]:
        if view.reached()[1]:
            return []  # more is still to come: one look at everything is enough
        rows = fading_rows(view)
        held = retention(view, rows, now).astype(np.float64)
        gone = held < least
        if most is not None and len(rows) - int(gone.sum()) > most:
            order = np.lexsort((-rows, -np.where(gone, -np.inf, held)))
            gone[order[most:]] = True
        faded = zip(view.cubes(rows[gone]), held[gone].tolist(), strict=True)
        return [Retire(cube.id, f"{name} {value:.4g} is {_why(value, least, most)}") for cube, value in faded]

    return tend


def _why(value: float, least: float, most: int | None) -> str:
    return f"below {least:g}" if value < least else f"not among the best {most}"


def fading_rows(view: View) -> Rows:
    """The rows that may fade."""
    rows = view.alive()
    fading: Rows = rows[np.isin(view.column("type", rows), FADING)]
    return fading


def age(view: View, rows: Rows, now: datetime) -> NDArray[Any]:
    """Days since each was told."""
    return _days(view.column("told_at", rows), now)


def idle(view: View, rows: Rows, now: datetime) -> NDArray[Any]:
    """Days since each was told or last used."""
    last = np.fmax(view.column("told_at", rows), view.column("used_at", rows))
    return _days(last, now)


def used(view: View, rows: Rows, now: datetime) -> tuple[NDArray[Any], NDArray[Any]]:
    """Every use: (owner index into `rows`, days ago); only rows that were ever used are read."""
    some = np.flatnonzero(view.column("uses", rows))
    owner, at = view.uses(rows[some])
    return some[owner], _days(at, now)


def _days(at: NDArray[Any], now: datetime) -> NDArray[Any]:
    """Days from a moment to now; none to one that lies ahead."""
    return np.asarray(np.maximum(now.timestamp() - at, 0.0) / DAY)
