"""Bring the turns that stand beside the best candidates in the same session.

Source: mnesis, 2026.
Needs: nothing
Cost: one order of what is found so far; `reach` steps in both directions from each seed
Differs: nothing.

An answer often stands one turn beside the words that match the question. The seeds are the best candidates so far
by reciprocal rank over all finders; each turn beside one gets the seed's standing (1 for the best), halved at every
step away from it, and keeps the best it gets.
"""

from __future__ import annotations

import numpy as np

from mnesis.drive import nobody, settled
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.find import Find
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.words import NOTHING, Found, Query, distinct


def neighbours(reach: int = 1, seeds: int = 30) -> Find:
    """A finder of what was said just before and after; it stands behind the finders that bring the seeds."""
    if reach < 1 or seeds < 1:
        raise BadInput(f"reach={reach} and seeds={seeds} must both be at least 1.")
    order = reciprocal_rank()

    def find(query: Query, view: View, found: Found) -> Found:
        best = settled(order(query, found, view), nobody).best(seeds)
        if not len(best) or best.score[0] <= 0:
            return NOTHING
        standing = best.score / best.score[0]
        rows, worth = [], []
        for step in range(1, reach + 1):
            for way in (step, -step):
                beside = view.beside(best.rows, way)
                rows.append(beside[beside >= 0])
                worth.append((standing * np.float32(0.5**step))[beside >= 0])
        every = np.concatenate(rows)
        near = distinct(every)
        column = np.zeros(len(near), np.float32)
        np.maximum.at(column, np.searchsorted(near, every), np.concatenate(worth))
        return Found(near, column, {"neighbours": column}).best(query.limit)

    return find
