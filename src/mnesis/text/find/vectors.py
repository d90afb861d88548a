"""Find memories whose embedding lies near the question's.

Source: Karpukhin, Oguz, Min, Lewis, Wu, Edunov, Chen and Yih, Dense Passage Retrieval for Open-Domain Question
    Answering, 2020. arXiv 2004.04906
Needs: embedder
Cost: one exact scan up to 16,384 vectors, one graph search beyond
Shapes: query.vector float32 [D]; the column `vectors` float32 [N], cosines
Differs: the embedder is whichever the space was made with; a memory with several vectors counts with its best.

Without an embedder it finds nothing and says nothing.
"""

from __future__ import annotations

from mnesis.store import View
from mnesis.text.find import Find
from mnesis.words import NOTHING, Found, Query


def vectors(limit: int | None = None) -> Find:
    """A finder by cosine; `limit` overrides how many candidates the query allows."""

    def find(query: Query, view: View, found: Found) -> Found:
        if query.vector is None or not query.vector.any():
            return NOTHING
        rows, cosine = view.near(query.vector).top(limit or query.limit)
        return Found(rows, cosine, {"vectors": cosine})

    return find
