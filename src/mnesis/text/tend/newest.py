"""Keep what was told last, and nothing else: a reference for what forgets by use.

Source: mnesis, 2026.
Needs: nothing
Cost: one sort of a column; cubes are read where they go
Differs: nothing.

What a window of fixed size does. A way to forget that does not beat it, and `at_random`, earns nothing by its trouble.
"""

from __future__ import annotations

import math

from mnesis.text.fading import fading
from mnesis.text.tend import Tend


def newest(most: int = 100_000) -> Tend:
    """Retire all but the `most` memories that were told last."""
    return fading(lambda view, rows, now: view.column("told_at", rows), "told at", -math.inf, most)
