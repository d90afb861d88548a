"""Of several memories made of the same event only the best stays.

Source: mnesis, 2026.
Needs: nothing
Cost: the best `n` candidates are read out
Differs: nothing.

Where facts, notes or pairs of question and answer are kept beside the turn they were made of, one turn could fill a
whole answer with itself. Every event counts once here: a candidate all of whose events a better one has brought
already goes behind the others, in its order. One that was made of other events too stays.

>>> import mnesis
>>> from mnesis.words import Found, MemCube, Query
>>> class Two:
...     def cubes(self, rows): return [MemCube(str(row), "", events=("e1",)) for row in rows]
>>> found = Found(np.array([4, 7]), np.array([1.0, 2.0], np.float32))
>>> once()(Query("?"), found, Two()).score.tolist()
[2.0, 0.5]
"""

from __future__ import annotations

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.rank import Rank
from mnesis.words import Found, Query


def once(n: int = 60) -> Rank:
    """Let every event speak once among the best `n`."""
    if n < 1:
        raise BadInput(f"n={n} makes no sense; at least 1 candidate has to be read.")

    def rank(query: Query, found: Found, view: View) -> Found:
        found = found.best()
        cubes = view.cubes(found.rows[:n])
        told: set[str] = set()
        again = np.zeros(len(found), bool)
        for place, cube in enumerate(cubes):
            again[place] = bool(cube.events) and told.issuperset(cube.events)
            told.update(cube.events)
        if len(cubes) < min(n, len(found)) or not again.any():
            return found
        order = np.concatenate([np.flatnonzero(~again), np.flatnonzero(again)])
        moved = found.take(order)
        score = moved.score.copy()
        lowest = float(found.score.min())
        # What repeats stands below everything else; its distances among itself say nothing.
        score[len(order) - int(again.sum()) :] = _below(lowest, int(again.sum()))
        return moved.scored(score)

    return rank


def _below(lowest: float, count: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """`count` falling scores below one; 0.5 below 1."""
    steps = np.arange(1, count + 1, dtype=np.float32)
    return (
        np.float32(lowest) - steps * np.float32(0.5) * max(abs(np.float32(lowest)), np.float32(1e-3)) / count
    ).astype(np.float32)
