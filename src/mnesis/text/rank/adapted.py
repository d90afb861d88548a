"""What citations taught moves candidates up and down.

Source: Zhen Tan, Jun Yan, I-Hung Hsu, Rujun Han, Zifeng Wang, Long T. Le, Yiwen Song, Yanfei Chen, Hamid Palangi,
    George Lee, Anand Iyer, Tianlong Chen, Huan Liu, Chen-Yu Lee, Tomas Pfister, In Prospect and Retrospect: Reflective
    Memory Management for Long-term Personalized Dialogue Agents, 2025. arXiv 2503.08026
Needs: nothing
Cost: one small matrix product over the best `n`
Shapes: question [32], memories [N, 32], matrix [32, 32]
Differs: what was learned is added to the standing the ranker before it gave, so that before the first citation, and
    for questions nothing was learned about, the order is that one.

The other half of `text.use.adapt`, which learns: here the matrix it keeps is read and applied. `weight` says how much
what was learned counts against a whole span of scores.
"""

from __future__ import annotations

import numpy as np

from mnesis.store import View
from mnesis.text.citing import kept, sketches
from mnesis.text.rank import Rank
from mnesis.words import Found, Query


def adapted(n: int = 50, weight: float = 1.0) -> Rank:
    """Rerank the best `n` by what citations taught."""

    def rank(query: Query, found: Found, view: View) -> Found:
        found = found.best()
        _, matrix = kept(view)
        if not len(found) or not matrix.any():
            return found
        top = min(n, len(found))
        asked, held = sketches(query, found.rows[:top], view)
        learned = np.full(len(found), np.nan, np.float32)
        learned[:top] = held @ (asked @ matrix)
        span = float(found.score[0]) - float(found.score[top - 1]) or 1.0
        score = found.score.astype(np.float64)
        score[:top] += weight * span * learned[:top]
        if top < len(found):
            score[top:] += min(0.0, float(score[:top].min() - score[top]))  # the others stay below
        return found.scored(score.astype(np.float32), adapted=learned).best()

    return rank
