"""What only some finders brought comes behind the best that the others brought.

Source: mnesis, 2026.
Needs: nothing
Cost: one sort of the candidates
Differs: nothing.

A memory that is only linked with one that was found says something about it, and mostly not the answer. Fused by
place it would count as much as one that shares the words of the question. So the candidates which have a reason in
none but the named `columns` are set just behind the `after` best of the rest, in the order of those columns.

>>> import numpy as np
>>> from mnesis.words import Found, Query
>>> words, linked = np.array([2, 1, np.nan], np.float32), np.array([np.nan, np.nan, 0.5], np.float32)
>>> found = Found(np.array([1, 2, 3]), np.array([0.9, 0.1, 0.5], np.float32), {"words": words, "linked": linked})
>>> behind("linked", after=1)(Query("?"), found, None).rows.tolist()
[1, 3, 2]
"""

from __future__ import annotations

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.rank import Rank
from mnesis.words import Found, Query


def behind(column: str, *more: str, after: int = 10) -> Rank:
    """Set what has no reason but these columns behind the `after` best others."""
    columns = (column, *more)
    if after < 1:
        raise BadInput(f"after={after} must be a place of at least 1.")

    def rank(query: Query, found: Found, view: View) -> Found:
        known = np.zeros(len(found), bool)
        for name, column in found.why.items():
            if name not in columns:
                known |= ~np.isnan(column)
        if known.all() or not known.any():
            return found.best()
        worth = np.max([found.column(name) for name in columns], axis=0)
        others = np.sort(found.score[known])[::-1]
        place = min(after, len(others)) - 1
        above = float(others[place])
        below = float(others[place + 1]) if place + 1 < len(others) else above - max(abs(above), 1e-6)
        share = worth / max(float(worth[~known].max(initial=0.0)), 1e-9)  # 0..1
        between = below + (above - below) * (0.05 + 0.9 * share)
        return found.scored(np.where(known, found.score, between).astype(np.float32)).best()

    return rank
