"""What says something new comes before what repeats those above it.

Source: Jaime Carbonell, Jade Goldstein, The Use of MMR, Diversity-Based Reranking for Reordering Documents and
    Producing Summaries, 1998. doi 10.1145/290941.291025
Needs: nothing
Cost: the terms of the best n candidates, and n * n comparisons
Shapes: similarity [n, n]
Differs: similarity between candidates is the Jaccard overlap of their terms; scores are brought to [0, 1] first.

Maximal marginal relevance: the next one is always the candidate with the best balance of relevance and distance to
those already placed, `trade_off` * relevance - (1 - `trade_off`) * likeness to the most alike of them. Only the best
`n` are reordered; the others keep their order below them.
"""

from __future__ import annotations

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.alike import jaccard
from mnesis.text.rank import Rank
from mnesis.words import Found, Query


def diversity(trade_off: float = 0.7, n: int = 50) -> Rank:
    """Maximal marginal relevance over the best `n`; a `trade_off` of 1 is relevance alone."""
    if not 0 <= trade_off <= 1:
        raise BadInput(f"trade_off={trade_off} must lie between 0 (only what is new) and 1 (only what fits).")
    if n < 1:
        raise BadInput(f"n={n} must be at least 1 candidate to reorder.")

    def rank(query: Query, found: Found, view: View) -> Found:
        if len(found) < 2:
            return found
        found = found.best()
        span = float(found.score[0]) - float(found.score[-1])
        fits = (found.score.astype(np.float64) - float(found.score[-1])) / span if span else np.ones(len(found))
        top = min(n, len(found))
        alike = jaccard(view.terms(found.rows[:top])).astype(np.float64)
        # Below everything that was placed: the value of a pick never falls under -(1 - trade_off).
        score = fits - 3.0
        novel = np.full(len(found), np.nan, np.float32)
        nearest = np.zeros(top)
        left = np.ones(top, bool)
        for _ in range(top):
            worth = np.where(left, trade_off * fits[:top] - (1 - trade_off) * nearest, -np.inf)
            ties = np.flatnonzero(worth == worth.max())
            pick = int(ties[np.argmin(found.rows[ties])])
            left[pick] = False
            score[pick], novel[pick] = worth[pick], 1 - nearest[pick]
            nearest = np.maximum(nearest, alike[pick])
        return found.scored(score.astype(np.float32), diversity=novel).best()

    return rank
