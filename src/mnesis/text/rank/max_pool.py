"""One candidate for each session, standing where its best one stands.

Source: Zhuyun Dai, Jamie Callan, Deeper Text Understanding for IR with Contextual Neural Language Modeling, 2019.
    arXiv 1905.09217
Needs: nothing
Cost: one sort of the candidates
Differs: pools the passages of a session, not of a document, and works on any score.

A session (or speaker, or role) is as good as the best thing in it: its score is the score of that candidate, which
stays for all of them. A candidate that belongs to no session is a group of its own.
"""

from __future__ import annotations

import numpy as np

from mnesis.errors import UnknownName
from mnesis.store import View
from mnesis.text.rank import Rank
from mnesis.words import Found, Query

GROUPS = ("session", "speaker", "role")


def max_pool(by: str = "session") -> Rank:
    """Keep the best candidate of each group."""
    if by not in GROUPS:
        raise UnknownName("group", by, GROUPS)

    def rank(query: Query, found: Found, view: View) -> Found:
        found = found.best()
        group = view.column(by, found.rows)
        first = np.zeros(len(found), bool)
        first[np.unique(group, return_index=True)[1]] = True
        return found.take(first | (group == 0))

    return rank
