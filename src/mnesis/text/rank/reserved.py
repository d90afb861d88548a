"""The last places of an answer are kept for what was brought unasked.

Source: Yu Wang, Xi Chen, MIRIX: Multi-Agent Memory System for LLM-Based Agents, 2025. arXiv 2507.07957
Needs: nothing
Cost: one sort of the candidates
Shapes: column [N] -> score [N]
Differs: the paper has a block of its own for core memory; here it takes places no better than the answer's last.

A core memory is no answer to a question and would be ranked below everything that shares a word with it; yet it is to
be there. Candidates with a value in `column` that the order leaves out of the `k` asked for take the last places of
them, at most `share` of all; where fewer are found than asked for everybody has a place anyway.
"""

from __future__ import annotations

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.rank import Rank
from mnesis.words import Floats, Found, Query


def reserved(column: str = "always", share: float = 0.2) -> Rank:
    """Keep places at the end; it stands behind the rankers that order."""
    if not 0 <= share <= 1:
        raise BadInput(f"share={share} must lie between 0 (no places) and 1.")

    def rank(query: Query, found: Found, view: View) -> Found:
        found = found.best()
        places = int(share * query.k)
        if column not in found.why or not places or len(found) <= query.k:
            return found
        unasked = np.flatnonzero(found.column(column) > 0)
        late = unasked[unasked >= query.k - places]
        inside = int((unasked < query.k).sum())
        late = late[late >= query.k][: max(0, places - inside)]
        if not len(late):
            return found
        others = np.setdiff1d(np.arange(len(found)), late)
        before = query.k - len(late)
        order = np.concatenate([others[:before], late, others[before:]])
        moved = found.take(order)
        return moved.scored(_falling(moved.score, before, len(late)))

    return rank


def _falling(score: Floats, before: int, many: int) -> Floats:
    """The scores, lowered by a hair where sorting by score would undo the places that were kept."""
    out = score.copy()
    for at in range(max(1, before), len(out)):
        if out[at] < out[at - 1] and at >= before + many:
            break
        out[at] = np.nextafter(out[at - 1], np.float32(-np.inf))
    return out
