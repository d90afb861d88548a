"""How near a turn lies to the question in meaning, read with the turns beside it.

Source: mnesis, 2026.
Needs: embedder
Cost: five stored vectors a candidate
Shapes: vectors [N, 5, D] -> column `meaning` [N]
Differs: nothing.

A turn like "Yes, last week!" has next to no meaning by itself. Its vector is mixed with those of the turns beside it
(half of the one before, a third of the one after, a fifth of the next ones) before it is compared with the
question. Long texts have a meaning of their own, and several vectors: there the best of their own vectors counts.
"""

from __future__ import annotations

import numpy as np

from mnesis.store import View
from mnesis.text.rank import Rank
from mnesis.text.rank.explained import BESIDE
from mnesis.words import Found, Query

LONG = 30  # terms from which on a text speaks for itself
NEIGHBOUR = 20.0


def meaning() -> Rank:
    """Add the column `meaning`, a cosine; NaN where there is no vector."""

    def rank(query: Query, found: Found, view: View) -> Found:
        if query.vector is None or not len(found):
            return found
        near = view.near(query.vector)
        brief = view.column("length", found.rows) < LONG
        together = np.empty(len(found), np.float32)
        together[~brief] = near.at(found.rows[~brief])
        short = np.flatnonzero(brief)
        around = np.stack([found.rows, *(view.beside(found.rows, step) for step in BESIDE)], axis=1)[short]
        size = view.column("length", around).astype(np.float32)
        weight = np.array([1.0, *BESIDE.values()], np.float32) * np.minimum(1, NEIGHBOUR / np.maximum(size, 1))
        weight[:, 0] = 1
        weight = np.where(around >= 0, weight, 0).astype(np.float32)
        together[short] = near.mixed(around, weight)
        return found.scored(found.score, meaning=together)

    return rank
