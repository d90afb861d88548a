"""Weigh everything known of a candidate into one score.

Source: mnesis, 2026.
Needs: nothing
Cost: linear in candidates
Shapes: columns [N] -> score [N]
Differs: nothing.

    score = (explained ^ p + a * meaning) * (1 + b * time) + c * happened + h * opening
            + who * (d + small signs of a statement) + e * novel + f * user + g * importance

`explained` and `meaning` say how well a candidate answers; `time` whether it speaks of the moment asked about and
`happened` whether it took place then; `who` whether the person asked about said it (more when it states something
than when it asks); `novel` whether it brought something new; and where users talk with assistants, what the user
said is worth more than what was said to them. Texts that stand alone carry their whole meaning, turns of a
conversation only part of it: `a` lies between `alone` and `meaning` by how many of the candidates stand in a session,
and is less with an embedder that is to be relied on less. `e` and `g` count in conversations only, and `p` is 1 there;
`h` (what a text begins with) counts where texts stand alone.
All constants are set by hand and the same for every kind of memory; a sign that does not apply adds nothing.
"""

from __future__ import annotations

import numpy as np

from mnesis.store import View
from mnesis.text.question import wants_time
from mnesis.text.rank import Rank
from mnesis.words import Floats, Found, Query

STATES = {"timed": 0.06, "detailed": 0.05, "asks": -0.1}  # signs that somebody states something
PARTLY = 0.35  # a text that stands alone and has only some of the words is worth less than its share of them
TIME, HAPPENED, WHEN, IMPORTANT, OPENING = 0.2, 0.2, 0.1, 0.2, 0.2


def evidence(meaning: float = 0.6, alone: float = 1.1, who: float = 0.2, novel: float = 0.1, user: float = 0.5) -> Rank:
    """Score candidates by their columns with these weights."""

    def rank(query: Query, found: Found, view: View) -> Found:
        if not len(found):
            return found
        rows = found.rows
        together = float(np.mean(view.column("session", rows) != 0))
        reach = query.reliance * (meaning * together + alone * query.reliance * (1 - together))
        words = found.column("explained") ** np.float32(1 + PARTLY * (1 - together))
        answers = words + np.float32(reach) * found.column("meaning")
        timed = view.column("timed", rows)
        states = sum(weight * view.column(name, rows) for name, weight in STATES.items())
        said = found.column("who") * (who + states)
        fresh = novel * together * view.column("novel", rows)
        mine = user * _of_users(found, view)
        score = answers * (1 + TIME * found.column("time")) + HAPPENED * found.column("happened")
        score = score + said + fresh + mine + IMPORTANT * together * view.column("importance", rows)
        score = score + OPENING * (1 - together) * found.column("opening")
        if wants_time(query.text):
            score = score + WHEN * together * timed
        return found.scored(score.astype(np.float32), said=said, novel=fresh.astype(np.float32), user=mine).best()

    return rank


def _of_users(found: Found, view: View) -> Floats:
    """1 for what a user said, where users talk with assistants; 0 elsewhere."""
    if not (view.known("role", "user") and view.known("role", "assistant")):
        return np.zeros(len(found), np.float32)
    mine: Floats = (view.column("role", found.rows) == view.code("user")).astype(np.float32)
    return mine
