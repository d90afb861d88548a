"""Where a walk through the graph begins: the nodes a question names, and those of memories found so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

import numpy as np

from mnesis.drive import nobody, settled
from mnesis.store import View
from mnesis.store.terms import STOP
from mnesis.text.graph import DAY, ENTITY, FACT, SAME, Graph
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.text.triples import TOKEN, plain
from mnesis.words import Found, Query, Rows

LONGEST = 5  # words of a name
PART = 0.3  # a word inside a longer name counts this much of a name of its own
NODES = (ENTITY, FACT, SAME, DAY, "read:", "bucket:", "topic:")  # what a link ends in besides a memory


def named(text: str, web: Graph) -> dict[int, float]:
    """The entities a question names and how much each tells: the fewer memories speak of it, the more.

    Every run of up to five words is looked up as it stands, so nothing has to be recognised in the question.
    """
    words = [word for word in TOKEN.findall(text.replace("’s", "'s")) if word[0].isalnum()]
    found: dict[int, float] = {}
    covered: set[int] = set()
    for size in range(min(LONGEST, len(words)), 0, -1):
        for at in range(len(words) - size + 1):
            run = words[at : at + size]
            node = _entity(run, web)
            if node < 0:
                continue
            part = PART if covered.issuperset(range(at, at + size)) else 1.0
            covered.update(range(at, at + size))
            weight = part / (1.0 + float(np.log1p(web.degree[node])))
            found[node] = max(weight, found.get(node, 0.0))
    return found


def _entity(run: list[str], web: Graph) -> int:
    small = [word.casefold() for word in run]
    if small[0] in STOP or small[-1] in STOP or all(word.isdigit() and len(word) < 3 for word in small):
        return -1
    for name in dict.fromkeys((" ".join(small), plain(" ".join(run)))):
        node = web.find(ENTITY + name)
        if node >= 0:
            return node
    return -1


def passages(query: Query, view: View, found: Found, web: Graph, most: int) -> dict[int, float]:
    """The nodes of the best memories found so far by reciprocal rank, the best counting 1."""
    best = settled(reciprocal_rank()(query, found, view), nobody).best(most)
    if not len(best) or best.score[0] <= 0:
        return {}
    ids = [cube.id for cube in view.cubes(best.rows)]
    worth = (best.score / best.score[0]).tolist()
    return {node: score for id, score in zip(ids, worth, strict=False) if (node := web.find(id)) >= 0}


class Walk(Protocol):
    def __call__(self, closed: Iterable[int]) -> tuple[Rows, np.ndarray]:
        """Nodes and what they are worth, where nothing leads through what is closed."""


def reached(view: View, web: Graph, walk: Walk, most: int) -> tuple[Rows, list[float]]:
    """The rows of living memories that a walk reaches and what they are worth, best first.

    What does not stand in this view (retired, trusted too little, of another type) is not walked through either: the
    walk is taken again around it.
    """
    closed: set[int] = set()
    while True:
        nodes, worth = walk(closed)
        cubes = [
            (node, value) for node, value in zip(nodes.tolist(), worth.tolist(), strict=True) if _is_cube(web, node)
        ]
        rows = view.rows([web.names[node] for node, _ in cubes]) if cubes else np.zeros(0, np.int64)
        gone = {node for (node, _), row in zip(cubes, rows.tolist(), strict=True) if row < 0}
        if not gone - closed:
            kept = [(row, value) for (_, value), row in zip(cubes, rows.tolist(), strict=True) if row >= 0][:most]
            return np.array([row for row, _ in kept], np.int64), [value for _, value in kept]
        closed |= gone


def _is_cube(web: Graph, node: int) -> bool:
    return not web.names[node].startswith(NODES)


def mixed(*parts: tuple[Mapping[int, float], float]) -> dict[int, float]:
    """Beginnings put together: each scaled to its share of the whole.

    >>> mixed(({1: 2.0, 2: 2.0}, 0.5), ({2: 7.0}, 0.5))
    {1: 0.25, 2: 0.75}
    """
    out: dict[int, float] = {}
    for seeds, share in parts:
        total = sum(seeds.values())
        for node, weight in seeds.items() if total > 0 else ():
            out[node] = out.get(node, 0.0) + share * weight / total
    return out


__all__ = ["Walk", "mixed", "named", "passages", "reached"]
