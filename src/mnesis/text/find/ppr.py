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
from mnesis.text.find.facts import recognised
from mnesis.text.graph import Mass, Nodes, graph, push
from mnesis.words import NOTHING, Found, Query

FLAT = 1 / 3  # each step away divides the mass by the degrees on the way: its root says how many steps, not how small


def ppr(
    alpha: float = 0.5,
    eps: float = 1e-5,
    passages_share: float = 0.5,
    facts_share: float = 0.0,
    seeds: int = 20,
    limit: int | None = None,
) -> Find:
    """A finder by association; `alpha` is the chance to begin anew, `eps` how fine the answer is.

    The walk begins with `passages_share` at the best memories found so far, with `facts_share` at the facts that the
    question is recognised to be about (see `text.find.facts`), and otherwise at what it names.
    """
    shares = min(passages_share, facts_share) >= 0 and passages_share + facts_share <= 1
    if not (0 < alpha < 1 and 0 < eps < 1 and shares and seeds >= 0):
        raise BadInput("alpha and eps lie between 0 and 1, the shares add up to 1 at most, and seeds counts memories.")

    def find(query: Query, view: View, found: Found) -> Found:
        web = graph(view)
        near = passages(query, view, found, web, seeds) if passages_share and len(found) else {}
        asked = named(query.text, web)
        facts = recognised(query, view, found, web, seeds=max(seeds, 1)) if facts_share else {}
        rest = max(0.0, 1 - passages_share - facts_share)
        begin = mixed((asked, rest), (near, passages_share), (facts, facts_share)) or mixed((asked, 1.0), (near, 1.0))
        if not begin:
            return NOTHING

        def walk(closed: Iterable[int]) -> tuple[Nodes, Mass]:
            pushed = push(web, begin, alpha, eps, closed)
            return pushed.nodes, pushed.mass

        rows, mass = reached(view, web, walk, limit or query.limit)
        if not len(rows):
            return NOTHING
        column = ((np.array(mass) / mass[0]) ** FLAT).astype(np.float32)
        return Found(rows, column, {"ppr": column})

    return find
