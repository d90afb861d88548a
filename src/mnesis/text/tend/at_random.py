"""Keep memories by lot: a reference for what forgets by use.

Source: mnesis, 2026.
Needs: nothing
Cost: every id is read while there are too many
Differs: nothing.

The lot of a memory is a digest of its id and the `seed`, so it is the same each time and whatever else is kept.
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnesis.store import View
from mnesis.text.fading import fading
from mnesis.text.tend import Tend
from mnesis.words import Rows, digest


def at_random(most: int = 100_000, seed: int = 0) -> Tend:
    """Retire all but `most` memories, drawn by lot."""

    def lots(view: View, rows: Rows, now: datetime) -> NDArray[Any]:
        if len(rows) <= most:
            return np.ones(len(rows))
        return np.array([int(digest(str(seed), cube.id, size=6), 16) / 16**12 for cube in view.cubes(rows)])

    return fading(lots, "the lot", -math.inf, most)
