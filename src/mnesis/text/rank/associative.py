"""Order candidates by what they are worth alone, as targets and as beginnings.

Source: Zhe Cao, Tao Qin, Tie-Yan Liu, Ming-Feng Tsai, Hang Li, Learning to Rank: From Pairwise Approach to Listwise
    Approach, 2007. doi 10.1145/1273496.1273513
Needs: nothing
Cost: linear in candidates
Shapes: columns `alone`, `walk` and `leads` [N] -> score [N]
Differs: what is fused was learned where it is measured (`text.association`); here it is only added up.

Candidates the walk did not look at stand behind all it did, by words and meaning.
"""

from __future__ import annotations

import numpy as np

from mnesis.store import View
from mnesis.text.rank import Rank
from mnesis.words import Found, Query

PARTS = ("alone", "walk", "leads")


def associative() -> Rank:
    """A ranker over what `text.find.walk` found."""

    def rank(query: Query, found: Found, view: View) -> Found:
        if not len(found):
            return found
        seen = ~np.isnan(found.why[PARTS[0]]) if PARTS[0] in found.why else np.zeros(len(found), bool)
        score = sum((found.column(name) for name in PARTS), np.zeros(len(found), np.float32))
        plain = found.column("words") + found.column("vectors")
        last = float(score[seen].min()) if seen.any() else 0.0
        behind = last - 2 + plain / max(1.0, 2 * float(np.abs(plain).max()))
        return found.scored(np.where(seen, score, behind).astype(np.float32)).best()

    return rank
