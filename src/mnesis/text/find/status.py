"""Bring how the speaker has been lately, and what is being said just now.

Source: Ming Wang, Peidong Wang, Lin Wu, Xiaocui Yang, Daling Wang, Shi Feng, Yuxin Chen, Bixuan Wang, Yifei Zhang,
    AnnaAgent: Dynamic Evolution Agent System with Multi-Session Memory for Realistic Seeker Simulation, 2025.
    arXiv 2506.00551
Needs: nothing
Cost: the last turns and some notes are read off
Differs: nothing.

Two of three stores of a tertiary memory, whatever the question is: the last `turns` of the session that goes on (column
``present``, 1 for the very last), and the notes `text.tend.status` made of the last `few` sessions (column ``lately``,
1 for the newest); ``status`` is both. The third, everything ever said, is searched by other finders.
"""

from __future__ import annotations

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.store.terms import terms
from mnesis.text.find import Find
from mnesis.text.tend.status import notes
from mnesis.words import NOTHING, Found, Query, Rows, union


def status(few: int = 1, turns: int = 1) -> Find:
    """A finder of the last `few` notes and the last `turns` of the present session."""
    if few < 1 or turns < 1:
        raise BadInput(f"few={few} and turns={turns} must both be at least 1.")

    def find(query: Query, view: View, found: Found) -> Found:
        if not terms(query.text):
            return NOTHING
        held = view.rows([each.id for each in notes(view)[-few:]])[::-1]
        alive = view.alive()
        code = view.column("session", alive)
        told = alive[code != 0]
        present = told[view.column("session", told) == view.column("session", told[-1:])[0]] if len(told) else told
        return union(_column("lately", held[held >= 0], query), _column("present", present[-turns:][::-1], query))

    return find


def _column(name: str, rows: Rows, query: Query) -> Found:
    """Rows from the newest on, as a column that falls from 1."""
    rows = rows[: query.limit]
    if not len(rows):
        return NOTHING
    order = np.argsort(rows)
    worth = (1 - np.arange(len(rows)) / len(rows)).astype(np.float32)[order]
    return Found(rows[order], worth, {name: worth, "status": worth})
