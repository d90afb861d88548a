"""Bring the memories that are linked with the best found so far.

Source: Wujiang Xu, Zujie Liang, Kai Mei, Hang Gao, Juntao Tan, Yongfeng Zhang, A-MEM: Agentic Memory for LLM Agents,
    2025. arXiv 2502.12110
Needs: nothing
Cost: one order of what is found so far; one look-up of links
Differs: any kind of link may be followed; a linked memory stands at half of the standing of the one it is linked with.

In A-MEM a note that is found opens the box it lies in: the notes linked with it come too. The seeds are the best
candidates so far by reciprocal rank over all finders. It stands behind the finders that bring the seeds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from mnesis.drive import nobody, settled
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.find import Find
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.words import NOTHING, Found, Query


def linked(kinds: Sequence[str] = (), seeds: int = 10) -> Find:
    """A finder along links of these kinds (all, where none is named) from the best `seeds` candidates."""
    if seeds < 1:
        raise BadInput(f"seeds={seeds} makes no sense; links are followed from at least 1 candidate.")
    order = reciprocal_rank()

    def find(query: Query, view: View, found: Found) -> Found:
        best = settled(order(query, found, view), nobody).best(seeds)
        if not len(best) or best.score[0] <= 0:
            return NOTHING
        standing = dict(
            zip((cube.id for cube in view.cubes(best.rows)), (best.score / best.score[0]).tolist(), strict=True)
        )
        worth: dict[str, float] = defaultdict(float)
        for link in view.linked(list(standing), kinds):
            for here, there in ((link.head, link.tail), (link.tail, link.head)):
                if here in standing:
                    worth[there] = max(worth[there], 0.5 * link.weight * standing[here])
        ids = sorted(worth)
        rows = view.rows(ids)
        column = np.array([worth[id] for id in ids], np.float32)[rows >= 0]
        ordered = np.argsort(rows[rows >= 0])
        return Found(rows[rows >= 0][ordered], column[ordered], {"linked": column[ordered]}).best(query.limit)

    return find
