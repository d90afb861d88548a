"""Places in several orders are added up as reciprocals; scales do not matter.

Source: Gordon V. Cormack, Charles L. A. Clarke, Stefan Büttcher, Reciprocal Rank Fusion outperforms Condorcet and
    individual Rank Learning Methods, 2009. doi 10.1145/1571941.1572114
Needs: nothing
Cost: one sort of the candidates for every column
Shapes: every column [N] -> score [N]
Differs: candidates that a finder holds equal share the better place, so no order of rows shines through.

Every column of reasons is an order of the candidates it spoke of; a candidate gains 1 / (k + its place) from each.
A large `k` makes first places count less against agreement. Columns that rankers write count as well, so this
part stands before them; `columns` names the ones to use when not all should.

>>> import numpy as np
>>> from mnesis.words import Found, Query
>>> words, vectors = np.array([3, 2, 1], np.float32), np.array([0.2, 0.9, np.nan], np.float32)
>>> found = Found(np.array([7, 8, 9]), np.zeros(3, np.float32), {"words": words, "vectors": vectors})
>>> reciprocal_rank()(Query("where"), found, None).rows.tolist()
[7, 8, 9]
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.rank import Rank
from mnesis.words import Floats, Found, Query


def reciprocal_rank(k: float = 60.0, columns: Sequence[str] = ()) -> Rank:
    """Fuse every column, or those named, by place."""
    if k < 0:
        raise BadInput(f"k={k} cannot be below 0; the usual value is 60.")

    def rank(query: Query, found: Found, view: View) -> Found:
        score = np.zeros(len(found), np.float64)
        for name in columns or sorted(found.why):
            if name in found.why:
                score += _reciprocals(found.why[name], k)
        return found.scored(score.astype(np.float32)).best()

    return rank


def _reciprocals(column: Floats, k: float) -> Floats:
    """1 / (k + place) of each candidate in one column, 0 where it says nothing."""
    said = ~np.isnan(column)
    ordered = np.sort(column[said])
    place = len(ordered) - np.searchsorted(ordered, column[said], side="right") + 1
    out = np.zeros(len(column), np.float32)
    out[said] = 1.0 / (k + place)
    return out
