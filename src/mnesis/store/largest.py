"""The largest of very many scores, without sorting them."""

from __future__ import annotations

import numpy as np

from mnesis.words import Floats, Rows

BLOCK = 64  # scores of which only the largest is looked at first


def largest(scores: Floats, wanted: int, bound: float = -np.inf) -> Rows:
    """Where the `wanted` largest scores above a bound stand, in no order; of equal ones the first.

    >>> sorted(largest(np.array([3.0, 1.0, 2.0, 2.0], np.float32), 2).tolist())
    [0, 2]
    """
    if wanted < 1:
        return np.zeros(0, np.intp)
    # As many blocks as are wanted have a score of at least `least`, so all that are wanted have.
    least = bound
    blocks = len(scores) // BLOCK
    if wanted < blocks:
        tops = scores[: blocks * BLOCK].reshape(BLOCK, blocks).max(axis=0)
        least = np.partition(tops, blocks - wanted)[blocks - wanted]
    rows = np.flatnonzero(scores >= least) if least > bound else np.flatnonzero(scores > bound)
    if len(rows) <= wanted:
        return rows
    some = scores[rows]
    over = rows[some > least]
    if len(over) < wanted:  # very many may stand exactly at `least`
        return np.concatenate([over, rows[some == least][: wanted - len(over)]])
    some = scores[over]
    edge = np.partition(some, len(some) - wanted)[len(some) - wanted]
    above, equal = over[some > edge], over[some == edge]
    return np.concatenate([above, equal[: wanted - len(above)]])
