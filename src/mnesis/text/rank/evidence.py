"""Weigh everything known of a candidate into one score.

Source: mnesis, 2026.
Needs: nothing
Cost: linear in candidates
Shapes: columns [N] -> score [N]
Differs: nothing.

    score = (explained + a * meaning) * (1 + b * time) + c * who * (1 + small signs of a statement) + d * novel + e * user

`explained` and `meaning` say how well a candidate answers, `time` whether it speaks of the moment asked about, `who`
whether the person asked about said it (more when it states something than when it asks), `novel` whether it brought
something new, and where users talk with assistants, what the user said is worth more than what was said to them.
All constants are set by hand and the same for every kind of memory; a sign that does not apply adds nothing.
"""

from __future__ import annotations

import numpy as np

from mnesis.store import View
from mnesis.text.question import wants_time
from mnesis.text.rank import Rank
from mnesis.words import Found, Query


def evidence(
    meaning: float = 0.8, time: float = 1.0, who: float = 0.2, novel: float = 0.1, user: float = 0.5, when: float = 0.1
) -> Rank:
    """Score candidates by their columns with these weights."""

    def rank(query: Query, found: Found, view: View) -> Found:
        if not len(found):
            return found
        rows = found.rows
        score = found.column("explained") + meaning * found.column("meaning")
        score = score * (1 + time * found.column("time"))
        said = found.column("who")
        dated = dated_rows(rows, view)
        score += said * (who + 0.03 * dated - 0.05 * view.column("asks", rows))
        if wants_time(query.text):
            score += when * dated
        fresh = novel * view.column("novel", rows)
        score += fresh
        mine = np.zeros(len(found), np.float32)
        if view.known("role", "user") and view.known("role", "assistant"):
            mine = (view.column("role", rows) == view.code("user")).astype(np.float32)
            score += user * mine
        return found.scored(score.astype(np.float32), novel=fresh.astype(np.float32), user=mine).best()

    return rank


def dated_rows(rows: np.ndarray, view: View) -> np.ndarray:  # type: ignore[type-arg]
    """1 for rows that mention a date, 0 for the others."""
    out = np.zeros(len(rows), np.float32)
    out[view.dates(rows)[0]] = 1
    return out
