"""Find the memories on the paths that join what a question names.

Source: Feng, Zhang and Fei, Knowledge Solver: Teaching LLMs to Search for Domain Knowledge from Knowledge Graphs,
    2023. arXiv 2309.03118
Needs: nothing
Cost: one search of shortest paths a pair of ends, up to `pairs` of them
Differs: the paths are found by Dijkstra over edges that cost more the busier the node they lead to, where the paper
    lets a language model choose each step.

"How does Ana know Dr Grey?" is answered by what lies between. Ends are the entities the question names; where it
names one alone, the best memories found so far are the other ends. Every memory on a path counts, the more the shorter
the path is; the column says how much.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations, product

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.asked import named, passages, reached
from mnesis.text.find import Find
from mnesis.text.graph import FACT, Graph, Mass, Nodes, Path, graph
from mnesis.text.graph import path as between
from mnesis.words import NOTHING, Found, Query


def path(longest: float = 24.0, pairs: int = 10, limit: int | None = None) -> Find:
    """A finder along paths of at most this cost."""
    if longest <= 0 or pairs < 1:
        raise BadInput(f"longest={longest} and pairs={pairs} must be above 0.")

    def find(query: Query, view: View, found: Found) -> Found:
        web = graph(view)
        ends = _ends(query, view, found, web)[:pairs]
        if not ends:
            return NOTHING

        def walk(closed: Iterable[int]) -> tuple[Nodes, Mass]:
            ways = [way for one, other in ends if (way := between(web, [one], [other], longest, closed)) is not None]
            return _worth(ways, web)

        rows, worth = reached(view, web, walk, limit or query.limit)
        if not len(rows):
            return NOTHING
        column = np.array(worth, np.float32)
        return Found(rows, column, {"path": column})

    return find


def _ends(query: Query, view: View, found: Found, web: Graph) -> list[tuple[int, int]]:
    """The pairs of nodes to join, those that tell most first."""
    asked = named(query.text, web)
    best = sorted(asked, key=lambda node: (-asked[node], node))
    if len(best) > 1:
        return list(combinations(best, 2))
    if not len(found):
        return [(best[0], node) for node in web.edges(best[0])[0].tolist()] if best else []
    near = passages(query, view, found, web, 5)
    beside = {(node, each) for node in best for each in web.edges(node)[0].tolist()}  # joined without anything between
    return [pair for pair in product(best, near) if pair[0] != pair[1] and pair not in beside]


def _worth(ways: Iterable[Path], web: Graph) -> tuple[Nodes, Mass]:
    """What each memory on the paths is worth, or that states a fact on one, best first."""
    worth: dict[int, float] = {}
    for way in ways:
        for node in way.nodes:
            to, _, kinds = web.edges(node)
            told = to.tolist() if web.names[node].startswith(FACT) else []
            for each in (node, *(cube for cube, kind in zip(told, kinds, strict=False) if kind == "states")):
                worth[each] = worth.get(each, 0.0) + 1.0 / (1.0 + way.cost)
    order = sorted(worth, key=lambda node: (-worth[node], node))
    return np.array(order, np.int64), np.array([worth[node] for node in order])
