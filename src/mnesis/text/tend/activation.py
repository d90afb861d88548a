"""Let go of what is not active any more: used too seldom, too long ago.

Source: John R. Anderson, Lael J. Schooler, Reflections of the Environment in Memory, 1991.
    doi 10.1111/j.1467-9280.1991.tb00174.x
Needs: nothing
Cost: one pass of arithmetic over the columns, and every use of what was ever used
Differs: being told counts as the first use; ages are counted in days and are at least a minute.

The base level of ACT-R: B = ln of the sum, over all uses, of (days since) ** -`decay`. Frequency and recency both count
and both fade slowly, so what was used regularly for a year outlasts what was used as often in one week. Told once and
never used, a memory falls below `least` after exp(-`least` / `decay`) days (100 by default).
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.fading import age, fading, used
from mnesis.text.tend import Tend
from mnesis.words import Rows

MINUTE = 1 / 1_440


def activation(decay: float = 0.5, least: float = -0.5 * math.log(100), most: int | None = None) -> Tend:
    """Retire memories whose base level is below `least`."""
    if not 0 < decay < 2 or math.isnan(least):
        raise BadInput(f"decay={decay} must lie between 0 and 2 (0.5 is usual), and least={least} be a number.")

    def retention(view: View, rows: Rows, now: datetime) -> NDArray[Any]:
        owner, days = used(view, rows, now)
        every = np.concatenate([np.arange(len(rows)), owner])
        return active(every, np.concatenate([age(view, rows, now), days]), decay)

    return fading(retention, "base level", least, most)


def active(owner: NDArray[Any], days: NDArray[Any], decay: float = 0.5) -> NDArray[Any]:
    """ln of the sum of days ** -decay, for each owner.

    >>> active(np.array([0, 1, 1]), np.array([4.0, 4.0, 1.0])).round(4).tolist()  # ln(1/2), ln(1/2 + 1)
    [-0.6931, 0.4055]
    """
    return np.asarray(np.log(np.bincount(owner, np.maximum(days, MINUTE) ** -decay)))
