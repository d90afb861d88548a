"""Of candidates that say nearly the same, the newer takes the better place.

Source: mnesis, 2026.
Needs: nothing
Cost: one word match; the terms of the best n candidates, and n * n comparisons
Shapes: overlap [n, n]
Differs: nothing.

A fact that changed is often told again in nearly the same words: "I live in Porto", later "I live in Lisbon". Both
fit a question about it equally, and which one stands first is chance. So among the best `n`, two candidates whose
terms overlap by at least `overlap` (Jaccard, three terms or more each) and that hold the same words of the question
trade places when the lower one is newer. Nothing is dropped and nobody else moves. Newer is the later event time;
where both have none, the later commit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.store.terms import terms
from mnesis.text.alike import jaccard
from mnesis.text.rank import Rank
from mnesis.words import Floats, Found, Query, Rows

FEWEST = 3  # two short texts overlap by chance


def newest(overlap: float = 0.6, n: int = 50) -> Rank:
    """Let the newer of two near-duplicates stand higher."""
    if not 0 < overlap <= 1:
        raise BadInput(f"overlap={overlap} must lie above 0 and not above 1 (the same terms).")

    def rank(query: Query, found: Found, view: View) -> Found:
        found = found.best()
        top = found.rows[:n]
        swaps = np.tril(_alike(top, view, overlap), -1)
        if swaps.any():  # seldom, so what else it takes is looked at only now
            asked = view.words(terms(query.text)).bits(top)
            swaps &= asked[:, None] == asked[None, :]
        newer = _newer(top, view)
        if not (swaps & newer).any():
            return found
        trades = ((swaps | swaps.T) & newer).tolist()  # [lower, higher]
        places = list(range(len(top)))
        for high in range(len(top)):
            for low in range(high + 1, len(top)):
                if trades[places[low]][places[high]]:
                    places[high], places[low] = places[low], places[high]
        order = np.concatenate([np.array(places, np.int64), np.arange(len(top), len(found))])
        raised = np.where(order > np.arange(len(found)), np.float32(1), np.float32(np.nan))
        moved = found.take(order)
        return moved.scored(_falling(found.score, moved.rows, len(top) + 1), newest=raised)

    return rank


def _alike(rows: Rows, view: View, overlap: float) -> NDArray[np.bool_]:
    held = view.terms(rows)
    enough = np.array([len(each) >= FEWEST for each in held], bool)
    return np.asarray((jaccard(held) >= overlap) & enough[:, None] & enough[None, :])


def _newer(rows: Rows, view: View) -> NDArray[np.bool_]:
    at = view.column("at", rows).astype(np.float64)
    known = ~np.isnan(at)
    at = np.where(known, at, 0.0)
    later = (at[:, None] > at[None, :]) | ((at[:, None] == at[None, :]) & (rows[:, None] > rows[None, :]))
    return np.asarray(later & (known[:, None] == known[None, :]))


def _falling(score: Floats, rows: Rows, places: int) -> Floats:
    """The scores of the places, lowered by a hair where sorting by score and row would undo a trade between equals."""
    out = score.copy()
    values, ids = out[:places].tolist(), rows[:places].tolist()
    for at in range(1, len(values)):
        if values[at] > values[at - 1] or (values[at] == values[at - 1] and ids[at] < ids[at - 1]):
            lower = np.nextafter(np.float32(values[at - 1]), np.float32(-np.inf))
            values[at] = float(lower) if ids[at] < ids[at - 1] else values[at - 1]
    out[:places] = values
    return out
