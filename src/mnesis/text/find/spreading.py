"""Bring what the best candidates call to mind: activation along links.

Source: Allan M. Collins, Elizabeth F. Loftus, A Spreading-Activation Theory of Semantic Processing, 1975.
    doi 10.1037/0033-295X.82.6.407
Needs: nothing
Cost: one order of what is found so far; the neighbourhood of the seeds in the graph of links
Differs: nothing.

A fact brings to mind the scene it belongs to, a scene the facts that carry it, a name whatever else it was named in.
The best candidates so far are activated by their standing; activation spreads along links in both directions, fades
with every step and is shared out among many links (see `text.graph.spread`). Memories that hold at least `least` of
it are brought, with what they hold in the column `spreading` (1 for the one that holds most).
"""

from __future__ import annotations

import numpy as np

from mnesis.drive import nobody, settled
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.find import Find
from mnesis.text.graph import graph, spread
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.words import NOTHING, Found, Query


def spreading(seeds: int = 10, steps: int = 2, decay: float = 0.5, least: float = 0.02) -> Find:
    """A finder by activation; it stands behind the finders that bring the seeds."""
    if seeds < 1 or steps < 1 or not 0 < decay <= 1:
        raise BadInput(f"seeds={seeds} and steps={steps} must be at least 1, decay={decay} above 0 and not above 1.")
    order = reciprocal_rank()

    def find(query: Query, view: View, found: Found) -> Found:
        best = settled(order(query, found, view), nobody).best(seeds)
        if not len(best) or best.score[0] <= 0:
            return NOTHING
        web = graph(view)
        nodes = [web.find(cube.id) for cube in view.cubes(best.rows)]
        standing = (best.score / best.score[0]).tolist()
        held = spread(web, {n: s for n, s in zip(nodes, standing, strict=True) if n >= 0}, steps, decay, least)
        names = {web.names[node]: mass for node, mass in held.items() if mass >= least}
        rows = view.rows(list(names))
        stands = rows >= 0
        if not stands.any():
            return NOTHING
        mass = np.array(list(names.values()), np.float32)[stands]
        column = mass / mass.max()
        return Found(rows[stands], column, {"spreading": column}).best(query.limit)

    return find
