"""A weighted sum of what the finders said, each brought to the same scale first.

Source: Edward A. Fox, Joseph A. Shaw, Combination of Multiple Searches, 1993.
    In: The Second Text REtrieval Conference, NIST Special Publication 500-215
Needs: nothing
Cost: linear in candidates and columns
Shapes: every column [N] -> score [N]
Differs: the weights are given for each finder; a finder's scale is taken from the candidates of this recall.

With ``normalise="minmax"`` a finder's worst candidate counts 0 and its best 1 (all of them 1 where it holds them
equal); with ``"none"`` its numbers are taken as they are. Where a finder said nothing, it adds nothing.

>>> import numpy as np
>>> from mnesis.words import Found, Query
>>> words, vectors = np.array([9, 4], np.float32), np.array([0.2, 0.9], np.float32)
>>> found = Found(np.array([7, 8]), np.zeros(2, np.float32), {"words": words, "vectors": vectors})
>>> weighted({"words": 0.3, "vectors": 0.7})(Query("where"), found, None).rows.tolist()
[8, 7]
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from mnesis.errors import BadInput, UnknownName
from mnesis.store import View
from mnesis.text.rank import Rank
from mnesis.words import Floats, Found, Query

SCALES = ("minmax", "none")


def weighted(weights: Mapping[str, float], normalise: str = "minmax") -> Rank:
    """Add up the columns by these weights."""
    if not weights or not all(math.isfinite(weight) for weight in weights.values()):
        raise BadInput("weights needs a finite number for each column, for example {'words': 1, 'vectors': 2}.")
    if normalise not in SCALES:
        raise UnknownName("scale", normalise, SCALES)

    def rank(query: Query, found: Found, view: View) -> Found:
        score = np.zeros(len(found), np.float64)
        for name, weight in weights.items():
            if name in found.why:
                column = found.why[name]
                score += weight * np.nan_to_num(_minmax(column) if normalise == "minmax" else column, nan=0.0)
        return found.scored(score.astype(np.float32)).best()

    return rank


def _minmax(column: Floats) -> Floats:
    """A column brought to [0, 1]; NaN stays NaN."""
    said = column[~np.isnan(column)]
    if not len(said):
        return column
    low, high = said.min(), said.max()
    if high == low:
        return np.where(np.isnan(column), column, np.float32(1))
    scaled: Floats = ((column - low) / (high - low)).astype(np.float32)
    return scaled
