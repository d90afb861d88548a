"""Find memories by a personalised PageRank from what the question names.

Source: Gutiérrez, Shu, Gu, Yasunaga and Su, HippoRAG: Neurobiologically Inspired Long-Term Memory for Large Language
    Models, 2024. arXiv 2405.14831
Needs: nothing
Cost: one local push, bounded by 1 / (eps * alpha) whatever the size of the graph
Differs: names are looked up in the question word by word, where the paper asks a language model for them; a push in
    place of the power iteration; memories are nodes, as in the paper's second version.

A walk begins at the entities the question names (the rarer the likelier) and, with the share `passages`, at the best
memories found so far; it follows mentions, facts and neighbours and keeps coming back. Where it is often found the
memory has to do with all of what was asked, over several steps, without sharing a word with it. A question that names
nothing anybody spoke of, behind finders that found nothing, finds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.asked import mixed, named, passages, reached
from mnesis.text.find import Find
from mnesis.text.graph import Mass, Nodes, graph, push
from mnesis.words import NOTHING, Found, Query


def ppr(
    alpha: float = 0.5, eps: float = 1e-5, passages_share: float = 0.5, seeds: int = 20, limit: int | None = None
) -> Find:
    """A finder by association; `alpha` is the chance to begin anew, `eps` how fine the answer is."""
    if not (0 < alpha < 1 and 0 < eps < 1 and 0 <= passages_share <= 1 and seeds >= 0):
        raise BadInput("alpha and eps lie between 0 and 1, passages_share from 0 to 1, and seeds counts memories.")

    def find(query: Query, view: View, found: Found) -> Found:
        web = graph(view)
        near = passages(query, view, found, web, seeds) if passages_share and len(found) else {}
        asked = named(query.text, web)
        begin = mixed((asked, 1 - passages_share if near else 1.0), (near, passages_share if asked else 1.0))
        if not begin:
            return NOTHING

        def walk(closed: Iterable[int]) -> tuple[Nodes, Mass]:
            pushed = push(web, begin, alpha, eps, closed)
            return pushed.nodes, pushed.mass

        rows, mass = reached(view, web, walk, limit or query.limit)
        if not len(rows):
            return NOTHING
        column = (np.array(mass) / mass[0]).astype(np.float32)
        return Found(rows, column, {"ppr": column})

    return find
