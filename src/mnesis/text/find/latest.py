"""Bring what was said last, whatever the question is.

Source: Bing Wang, Xinnian Liang, Jian Yang, Hui Huang, Shuangzhi Wu, Peihao Wu, Lu Lu, Zejun Ma, Zhoujun Li,
    Unleashing Infinite-Length Input Capacity for Large-scale Language Models with Self-Controlled Memory System, 2023.
    arXiv 2304.13343
Needs: nothing
Cost: the newest rows are read off
Differs: nothing.

A question like "And the second one?" goes on from what was just said. The last `turns` memories of what was told (none
that was made of others) are the short-term memory of a conversation; the column `latest` is 1 for the very last and
falls to 0 over them.
"""

from __future__ import annotations

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.store.terms import terms
from mnesis.text.find import Find
from mnesis.words import NOTHING, Found, Query


def latest(turns: int = 3) -> Find:
    """A finder of the last turns."""
    if turns < 1:
        raise BadInput(f"turns={turns} leaves none; give 1 or more.")

    def find(query: Query, view: View, found: Found) -> Found:
        if not terms(query.text):
            return NOTHING
        rows = view.alive()[-8 * turns :]
        told = np.array([not each.parents for each in view.cubes(rows)], bool)
        rows = rows[told][-min(turns, query.limit) :][::-1]
        if not len(rows):
            return NOTHING
        column = (1 - np.arange(len(rows)) / turns).astype(np.float32)
        return Found(rows, column, {"latest": column})

    return find
