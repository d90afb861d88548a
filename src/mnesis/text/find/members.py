"""Bring what a found summary was made of.

Source: Zhen Tan, Jun Yan, I-Hung Hsu, Rujun Han, Zifeng Wang, Long T. Le, Yiwen Song, Yanfei Chen, Hamid Palangi,
    George Lee, Anand Iyer, Tianlong Chen, Huan Liu, Chen-Yu Lee, Tomas Pfister, In Prospect and Retrospect: Reflective
    Memory Management for Long-term Personalized Dialogue Agents, 2025. arXiv 2503.08026
Needs: nothing
Cost: one order of what is found so far; the best `few` memories made of others are read
Differs: nothing.

A summary leads to the turns it rests on, which say it in full. The best `few` semantic memories among the candidates
pass their standing on to the memories they were made of, shared as 1 over the root of how many there are.
"""

from __future__ import annotations

import numpy as np

from mnesis.drive import nobody, settled
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.find import Find
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.words import MEMORY_TYPES, NOTHING, Found, Query, distinct

SEMANTIC = MEMORY_TYPES.index("semantic")


def members(few: int = 5) -> Find:
    """A finder of what the best summaries rest on; it stands behind those that find the summaries."""
    if few < 1:
        raise BadInput(f"few={few} leaves no summary; give 1 or more.")
    order = reciprocal_rank()

    def find(query: Query, view: View, found: Found) -> Found:
        best = settled(order(query, found, view), nobody).best() if len(found) else NOTHING
        if not len(best) or best.score[0] <= 0:
            return NOTHING
        made = np.flatnonzero(view.column("type", best.rows) == SEMANTIC)[:few]
        rows, worth = [], []
        for at, cube in zip(made.tolist(), view.cubes(best.rows[made]), strict=False):
            held = view.rows(list(cube.parents))
            held = held[held >= 0]
            rows.append(held)
            worth.append(np.full(len(held), best.score[at] / best.score[0] / np.sqrt(max(1, len(held))), np.float32))
        if not sum(map(len, rows)):
            return NOTHING
        every = np.concatenate(rows)
        near = distinct(every)
        column = np.zeros(len(near), np.float32)
        np.maximum.at(column, np.searchsorted(near, every), np.concatenate(worth))
        return Found(near, column, {"members": column}).best(query.limit)

    return find
