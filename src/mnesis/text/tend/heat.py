"""Let go of what is cold: visits, how much was said, and how lately.

Source: Jiazheng Kang, Mingming Ji, Zhe Zhao, Ting Bai, Memory OS of AI Agent, 2025. arXiv 2506.06326
Needs: nothing
Cost: one pass of arithmetic over the columns; cubes are read where they go
Differs: how much was said is counted in terms, a page of them as one, where a memory is a turn and not a segment.

Heat = `visits` * uses + `said` * length + `recency` * exp(-idle / `days`), the length being 1 for a memory of a page
(20 terms) or more. Nothing goes for being cold alone unless `least` asks for it: as in a paged memory, the coldest go
when there are more than `most`.
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.fading import fading, idle
from mnesis.text.tend import Tend
from mnesis.words import Rows

PAGE = 20.0  # terms


def heat(
    visits: float = 1.0,
    said: float = 1.0,
    recency: float = 1.0,
    days: float = 115.7,
    least: float = -math.inf,
    most: int | None = 100_000,
) -> Tend:
    """Retire what is colder than `least`, and all but the `most` that are hottest; `days` is the scale of recency."""
    if not days > 0 or min(visits, said, recency) < 0:
        raise BadInput(f"days={days} must be above 0, and visits={visits}, said={said}, recency={recency} not below 0.")

    def retention(view: View, rows: Rows, now: datetime) -> NDArray[Any]:
        length = np.minimum(view.column("length", rows) / PAGE, 1.0)
        fresh = np.exp(-idle(view, rows, now) / days)
        return visits * view.column("uses", rows) + said * length + recency * fresh

    return fading(retention, "heat", least, most)
