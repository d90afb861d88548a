"""Find memories that share words with the question.

Source: Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009.
    doi 10.1561/1500000019
Needs: nothing
Cost: one pass over the postings of the question's terms
Differs: scores are divided by the best score the question could reach, so they lie in 0..1 and mean "how much of the
    question is covered"; names of people who spoke here are matched by who, not as words.

Words are stemmed and stripped of diacritics in any script (see `store.terms`). A word nobody wrote counts as missing.

>>> import mnesis
>>> space = mnesis.open(embedder="none", recipe="verbatim")
>>> _ = space.remember(["The kettle is broken.", "Tom bought a boat."])
>>> [hit.text for hit in space.recall("Who bought the boat?", k=1)]
['Tom bought a boat.']
"""

from __future__ import annotations

import numpy as np

from mnesis.store import View
from mnesis.text.find import Find
from mnesis.text.question import of_view
from mnesis.words import NOTHING, Found, Query


def words(limit: int | None = None) -> Find:
    """A finder by BM25; `limit` overrides how many candidates the query allows."""

    def find(query: Query, view: View, found: Found) -> Found:
        match = view.words(of_view(query.text, view))
        rows, score = match.top(limit or query.limit)
        if not len(rows):
            return NOTHING
        covered = (score / np.float32(match.attainable)).astype(np.float32)
        return Found(rows, covered, {"words": covered})

    return find
