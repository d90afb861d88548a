"""Find the memories that belong together with what the question is about.

Source: Andersen, Chung and Lang, Local Graph Partitioning using PageRank Vectors, 2006. doi 10.1109/FOCS.2006.44
Needs: nothing
Cost: one local push and one sweep over what it reached
Differs: nothing.

Around the entities a question names and the best memories found so far lies a group of nodes that few edges leave:
the best cut along their PageRank. Its memories are brought, the nearest first. A question about a matter as a whole
("What do we know of the harbour?") is answered by such a group rather than by one memory.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.asked import mixed, named, passages, reached
from mnesis.text.find import Find
from mnesis.text.graph import Mass, Nodes, around, graph, push
from mnesis.words import NOTHING, Found, Query


def community(
    alpha: float = 0.2, eps: float = 1e-4, seeds: int = 5, most: int = 1000, limit: int | None = None
) -> Find:
    """A finder by the community around the question; `most` bounds the nodes a cut is sought among."""
    if not (0 < alpha < 1 and 0 < eps < 1 and seeds >= 0 and most >= 1):
        raise BadInput("alpha and eps lie between 0 and 1; seeds and most count nodes.")

    def find(query: Query, view: View, found: Found) -> Found:
        web = graph(view)
        near = passages(query, view, found, web, seeds) if seeds and len(found) else {}
        begin = mixed((named(query.text, web), 0.5), (near, 0.5))
        if not begin:
            return NOTHING
        inside = set(around(web, begin, alpha, eps, most).tolist())

        def walk(closed: Iterable[int]) -> tuple[Nodes, Mass]:
            pushed = push(web, begin, alpha, eps, closed)
            of_it = np.array([node in inside for node in pushed.nodes.tolist()], bool)
            return pushed.nodes[of_it], pushed.mass[of_it]

        rows, mass = reached(view, web, walk, limit or query.limit)
        if not len(rows):
            return NOTHING
        column = (np.array(mass) / mass[0]).astype(np.float32)
        return Found(rows, column, {"community": column})

    return find
