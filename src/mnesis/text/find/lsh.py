"""Find memories that fall into the same buckets as the question.

Source: Lei Liu, Xiaoyan Yang, Yue Shen, Binbin Hu, Zhiqiang Zhang, Jinjie Gu, Guannan Zhang, Think-in-Memory: Recalling
    and Post-thinking Enable LLMs with Long-Term Memory, 2023. arXiv 2311.08719
Needs: nothing
Cost: one look-up of links for each table; what the buckets hold is compared exactly
Differs: texts are hashed by their terms instead of an embedding, so that it works without one; several tables instead
    of one, because a question is short and would miss its bucket too often.

Only what was put into buckets (links called ``bucket``, see `text.decide.post_think`) is found. Two stages, as in the
paper: the buckets give the group, and within it similarity decides, by meaning where there is an embedder and by words
where there is none.

>>> import mnesis
>>> space = mnesis.open(recipe="tim", embedder="none")
>>> _ = space.remember("My brother repairs clocks in Basel.", speaker="Ana")
>>> "lsh" in space.recall("Who repairs clocks in Basel?")[0].why
True
"""

from __future__ import annotations

import numpy as np

from mnesis.store import View
from mnesis.text.buckets import buckets
from mnesis.text.find import Find
from mnesis.text.question import of_view
from mnesis.words import NOTHING, Floats, Found, Query


def lsh(limit: int | None = None) -> Find:
    """A finder by hashing; `limit` overrides how many candidates the query allows."""

    def find(query: Query, view: View, found: Found) -> Found:
        if not len(view):
            return NOTHING
        wanted = of_view(query.text, view)
        ids = {link.head for link in view.linked(buckets(" ".join(wanted)), ("bucket",))}
        rows = view.rows(sorted(ids))
        rows = np.unique(rows[rows >= 0])
        if not len(rows):
            return NOTHING
        match = view.words(wanted)
        score: Floats = (match.at(rows) / np.float32(match.attainable)).astype(np.float32)
        if query.vector is not None and query.vector.any():
            score = np.fmax(view.near(query.vector).at(rows), 0).astype(np.float32)
        alike = score > 0  # a bucket also holds what fell into it by chance
        return Found(rows[alike], score[alike], {"lsh": score[alike]}).best(limit or query.limit)

    return find
