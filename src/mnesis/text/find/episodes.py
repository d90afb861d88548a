"""Search facts, facts around them, and then the episodes that told them.

Source: Anokhin, Semenov, Sorokin, Evseev, Kravchenko, Burtsev and Burnaev, AriGraph: Learning Knowledge Graph World
    Models with Episodic Memory for LLM Agents, 2024. arXiv 2407.04363
Needs: nothing
Cost: the edges of what the question names, `depth` steps wide; at most `most` facts
Differs: facts are compared with the question by their rare words, not by embeddings.

Semantic memory is the facts, episodic memory the observations they were read off; an edge joins an observation to each
of its facts. The facts that fit the question are found, those that share a thing with them follow, up to `depth`
steps; then an episode counts by how many of them it told, and for how much it told: n / N * log2(1 + N) of its N facts,
so that one with a single fact does not stand above one that tells a story.
"""

from __future__ import annotations

import math

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.asked import named, reached
from mnesis.text.find import Find
from mnesis.text.find.facts import recognised
from mnesis.text.graph import FACT, Graph, graph
from mnesis.words import NOTHING, Found, Query


def episodes(depth: int = 2, most: int = 60, limit: int | None = None) -> Find:
    """A finder of episodes by the facts they told; `depth` steps around those that fit, at most `most`."""
    if depth < 0 or most < 1:
        raise BadInput(f"depth={depth} cannot be below 0, nor most={most} below 1.")

    def find(query: Query, view: View, found: Found) -> Found:
        web = graph(view)
        facts = dict(recognised(query, view, found, web, most=10))
        if not facts:
            return NOTHING
        front = [*facts, *named(query.text, web)]
        for step in range(1, depth + 1):
            front = _around(web, front, facts, 0.5**step, most)
        told: dict[int, float] = {}
        for fact, score in facts.items():
            to, _, kinds = web.edges(fact)
            for node, kind in zip(to.tolist(), kinds, strict=True):
                if kind == "states":
                    told[node] = told.get(node, 0.0) + score
        for node in told:
            whole = max(1, sum(kind == "states" for kind in web.edges(node)[2]))
            told[node] *= math.log2(1 + whole) / whole
        order = sorted(told, key=lambda node: (-told[node], node))
        nodes, mass = np.array(order, np.int64), np.array([told[node] for node in order])
        rows, score_of = reached(view, web, lambda closed: (nodes, mass), limit or query.limit)
        column = np.array(score_of, np.float32)
        return Found(rows, column, {"episodes": column}) if len(rows) else NOTHING

    return find


def _around(web: Graph, front: list[int], facts: dict[int, float], score: float, most: int) -> list[int]:
    """The facts that share a thing with those in front, added at this score while there is room."""
    things: dict[int, None] = {}
    for node in front:
        to, _, kinds = web.edges(node)
        for each, kind in zip(to.tolist(), kinds, strict=True):
            if kind in ("subject", "object") and not web.names[each].startswith(FACT):
                things[each] = None
    fresh: list[int] = []
    for thing in sorted(things, key=lambda node: (web.degree[node], node)):  # the rare ones tell most
        for node in web.edges(thing)[0].tolist():
            if len(facts) >= most:
                return fresh
            if web.names[node].startswith(FACT) and node not in facts:
                facts[node] = score
                fresh.append(node)
    return fresh
