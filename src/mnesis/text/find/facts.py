"""Find the memories that state the facts a question is about.

Source: Gutiérrez, Shu, Qi, Zhou and Su, From RAG to Memory: Non-Parametric Continual Learning for Large Language
    Models, 2025. arXiv 2502.14802
Needs: nothing
Cost: the edges of what the question names and of the best memories found so far; at most `look` facts are compared
Differs: facts are compared with the question by the rare words they share, not by embeddings; what is recognised is
    decided by a rule (a fact must share as much as half of what the best one does), not by a language model.

Of the facts stated by the best memories found so far, and of those about the entities the question names, the few are
kept that say what the question asks about: the paper's query-to-triple search and its recognition memory. A memory
that states one is brought; its column says how much of the question its facts cover.
"""

from __future__ import annotations

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.store.terms import terms
from mnesis.text.asked import named, passages, reached
from mnesis.text.find import Find
from mnesis.text.graph import FACT, Graph, Mass, Nodes, graph, parts
from mnesis.text.question import content
from mnesis.words import NOTHING, Found, Query

RECOGNISED = 0.5  # of the best fact's share


def facts(most: int = 5, seeds: int = 20, look: int = 500, limit: int | None = None) -> Find:
    """A finder by facts; the `most` that fit best of up to `look` are kept."""
    if min(most, seeds, look) < 1:
        raise BadInput("most, seeds and look must each be at least 1.")

    def find(query: Query, view: View, found: Found) -> Found:
        web = graph(view)
        kept = recognised(query, view, found, web, most, seeds, look)
        if not kept:
            return NOTHING
        worth: dict[int, float] = {}
        for node, score in kept.items():
            for each in web.edges(node)[0].tolist():
                worth[each] = max(score, worth.get(each, 0.0))
        order = sorted(worth, key=lambda node: (-worth[node], node))
        ready: tuple[Nodes, Mass] = np.array(order, np.int64), np.array([worth[node] for node in order])
        rows, score_of = reached(view, web, lambda closed: ready, limit or query.limit)
        if not len(rows):
            return NOTHING
        column = np.array(score_of, np.float32)
        return Found(rows, column, {"facts": column})

    return find


def recognised(
    query: Query, view: View, found: Found, web: Graph, most: int = 5, seeds: int = 20, look: int = 500
) -> dict[int, float]:
    """The nodes of the facts a question is about, and which share of the question each covers."""
    near = passages(query, view, found, web, seeds) if len(found) else {}
    candidates = dict.fromkeys(
        each
        for node in (*near, *named(query.text, web))
        for each in web.edges(node)[0].tolist()
        if web.names[each].startswith(FACT)
    )
    asked = content(query.text)
    if not candidates or not asked:
        return {}
    idf = dict(zip(asked, view.words(asked).idf.tolist(), strict=True))
    whole = sum(idf.values())
    scored = {}
    for node in list(candidates)[:look]:
        said = set(terms(" ".join(parts(web.names[node]) or ())))
        share = sum(weight for term, weight in idf.items() if term in said) / max(whole, 1e-9)
        if share > 0:
            scored[node] = share
    best = sorted(scored, key=lambda node: (-scored[node], web.names[node]))[:most]
    return {node: scored[node] for node in best if scored[node] >= RECOGNISED * scored[best[0]]}
