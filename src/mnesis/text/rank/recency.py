"""Newer memories gain on older ones, half as much after every half-life.

Source: Joon Sung Park, Joseph C. O'Brien, Carrie J. Cai, Meredith Ringel Morris, Percy Liang, Michael S. Bernstein,
    Generative Agents: Interactive Simulacra of Human Behavior, 2023. arXiv 2304.03442
Needs: nothing
Cost: linear in candidates
Differs: decays with the time since it happened, not since it was last recalled; given as a half-life in days.

The age counts from the query's `now`, or from the newest candidate where the query has none: no clock is read. What
happens in the future is as fresh as can be; what has no time gains nothing. `weight` is the gain of a memory of this
very moment, as a part of the distance between the best and the worst candidate, so it means the same after every
ranker.

>>> from mnesis import catalog
>>> catalog.card("text.rank.recency").needs
'nothing'
"""

from __future__ import annotations

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.rank import Rank
from mnesis.words import Found, Query

DAY = 86400.0


def recency(half_life: float = 30.0, weight: float = 0.2) -> Rank:
    """Add `weight` * 0.5 ** (age / `half_life` days)."""
    if not half_life > 0:
        raise BadInput(f"half_life={half_life} must be a number of days above 0.")

    def rank(query: Query, found: Found, view: View) -> Found:
        if not len(found):
            return found
        at = view.column("at", found.rows).astype(np.float64)
        known = ~np.isnan(at)
        fresh = np.full(len(found), np.nan)
        if known.any():
            now = query.now.timestamp() if query.now is not None else at[known].max()
            fresh[known] = 0.5 ** (np.maximum(0.0, now - at[known]) / (half_life * DAY))
        span = float(found.score.max()) - float(found.score.min()) or 1.0
        score = found.score + weight * span * np.nan_to_num(fresh, nan=0.0)
        return found.scored(score.astype(np.float32), recency=fresh.astype(np.float32)).best()

    return rank
