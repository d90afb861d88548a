"""How much of the question a turn explains together with the turns beside it.

Source: mnesis, 2026.
Needs: nothing
Cost: one look into each posting list of the question for five rows a candidate
Shapes: saturation m [N, T] of each candidate and neighbour -> columns `explained` [N], `opening` [N]
Differs: nothing.

In a conversation the words of a question are spread over a few turns: one asks, the next answers, a third names the
place. For each question term the chance that *none* of them speaks of it is multiplied up, a neighbour counting
less than the turn itself (a noisy or): 1 - (1 - m)(1 - .5 m_before)(1 - .3 m_after)… . Long neighbours say much by
chance and count in inverse proportion to their length; the rest of the session counts a little, as its best
candidate does. The column is the idf-weighted share of the question that is explained, in 0..1; texts that stand by
themselves (no session) are left with what they say. Such a text begins with what it is about, as a rule with its
title: `opening` is the share of the question found among its first four terms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from mnesis.store import View
from mnesis.store.signs import opens
from mnesis.store.terms import code
from mnesis.text.question import of_view, weights
from mnesis.text.rank import Rank
from mnesis.words import Floats, Found, Query, Rows, distinct

BESIDE: Mapping[int, float] = {-1: 0.5, 1: 0.3, -2: 0.2, 2: 0.2}
LONG = 20.0  # terms from which on a neighbour counts less


def explained(session: float = 0.3, rarity: float = 2.0) -> Rank:
    """Add the columns; `session` is the share of the session's best, `rarity` the power the idf is raised to where
    texts stand alone (in conversations it is 1)."""

    def rank(query: Query, found: Found, view: View) -> Found:
        asked = of_view(query.text, view)
        if not len(found) or not asked:
            return found.scored(found.score, explained=np.zeros(len(found), np.float32))
        match = view.words(asked)
        missing = _unexplained(found.rows, view, match.saturation, session)
        alone = 1 - int(np.count_nonzero(view.column("session", found.rows))) / len(found)
        weight = weights(asked, match.idf ** (1 + (rarity - 1) * alone))
        weight /= max(float(weight.sum()), 1e-9)
        columns = {"explained": ((1 - missing) @ weight).astype(np.float32)}
        if alone:
            first = opens(view.column("opening", found.rows), [code(each) for each in asked])
            columns["opening"] = (first @ weight).astype(np.float32)
        return found.scored(found.score, **columns)

    return rank


def _unexplained(rows: Rows, view: View, saturation: Callable[[Rows], Floats], session: float) -> Floats:
    """[N, T]: the chance that neither a row nor what stands beside it speaks of each term."""
    around = np.stack([rows, *(view.beside(rows, step) for step in BESIDE)])
    flat = distinct(around.ravel())
    said = saturation(flat)
    at = np.searchsorted(flat, around)
    own = said[at[0]]
    missing: Floats = 1 - own
    size = view.column("length", flat).astype(np.float32)
    damp = np.where(flat >= 0, np.minimum(1, LONG / np.maximum(size, 1)), 0).astype(np.float32)
    damped = said * damp[:, None]
    for j, weight in enumerate(BESIDE.values(), 1):
        missing *= 1 - np.float32(weight) * damped[at[j]]
    if session:
        missing *= 1 - np.float32(session) * _best_of_session(own, view.column("session", rows))
    return missing


def _best_of_session(own: Floats, session: NDArray[np.int64]) -> Floats:
    """[N, T]: the most any candidate of the same session says of each term; 0 where there is no session."""
    codes = distinct(session)
    group = np.searchsorted(codes, session)
    best = np.zeros((len(codes), own.shape[1]), np.float32)
    np.maximum.at(best, group, own)
    best[codes == 0] = 0
    return best[group]
