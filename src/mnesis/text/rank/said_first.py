"""What was said comes before what was made of it.

Source: mnesis, 2026.
Needs: nothing
Cost: the best `n` candidates are read out
Differs: nothing.

A summary or a scene shares words with every question that one of its parts fits, and is long; left alone it takes the
places of the turns that say it best. Among the best `n` candidates those with parents are put behind all others, in
their order, and marked in the column `made`, so that `text.rank.reserved` can keep a few of the last places for them.
"""

from __future__ import annotations

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.rank import Rank
from mnesis.words import Found, Query


def said_first(n: int = 100) -> Rank:
    """Put derived memories last; it stands behind the rankers that score."""
    if n < 1:
        raise BadInput(f"n={n} makes no sense; at least 1 candidate has to be read.")

    def rank(query: Query, found: Found, view: View) -> Found:
        found = found.best()
        cubes = view.cubes(found.rows[:n])
        made = np.zeros(len(found), bool)
        made[: len(cubes)] = [bool(each.parents) for each in cubes]
        if len(cubes) < min(n, len(found)) or not made.any():
            return found
        moved = found.take(np.concatenate([np.flatnonzero(~made), np.flatnonzero(made)]))
        many = int(made.sum())
        low, high = float(found.score.min()), float(found.score.max())
        score = moved.score.copy()
        score[-many:] = low - (1 + np.arange(many)) * max(high - low, 1e-3) / (10 * many)
        column = np.full(len(found), np.nan, np.float32)
        column[-many:] = 1
        return moved.scored(score, made=column)

    return rank
