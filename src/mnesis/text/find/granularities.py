"""Find turns by themselves, by units of their session, and by sessions like it.

Source: Derong Xu, Yi Wen, Pengyue Jia, Yingyi Zhang, Wenlin Zhang, Yichao Wang, Huifeng Guo, Ruiming Tang, Xiangyu
    Zhao, Enhong Chen, Tong Xu, Towards Multi-Granularity Memory Association and Selection for Long-Term Conversational
    Agents, 2025. arXiv 2505.19549
Needs: nothing
Cost: one word search and one vector search among turns and one among units; `few` units and their links are read
Differs: from the best units one step is taken along associations, where the paper runs PageRank over all.

Each granularity fills a column of its own: ``turn``, ``summary`` and ``keywords``, with how well the question fits a
turn or a unit of its session (BM25 as a share of what can be reached, plus the cosine), and ``associated``, half of
what the session beside it got. The ranker `text.rank.router` weighs the columns.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.store.terms import terms
from mnesis.text.find import Find
from mnesis.text.tend.units import ASSOCIATED, MADE_BY
from mnesis.words import Floats, Found, MemCube, Query, Rows, union

TURNS = ("episodic", "core", "procedural", "resource", "working")


def granularities(few: int = 10) -> Find:
    """A finder over all granularities, through the best `few` units."""
    if few < 1:
        raise BadInput(f"few={few} leaves no unit; give 1 or more.")

    def find(query: Query, view: View, found: Found) -> Found:
        turns = view.sieved(types=TURNS)
        rows, score = _fits(query, turns, query.limit)
        made = view.sieved(types=("semantic",))
        units, worth = _fits(query, made, few)
        reached: list[tuple[MemCube, float, str]] = []
        for cube, each in zip(made.cubes(units), worth.tolist(), strict=False):
            if cube.made_by == MADE_BY:
                reached.append((cube, each, str(cube.meta["unit"])))
                reached += [(other, 0.5 * each, "associated") for other in _beside(cube, view)]
        return union(Found(rows, score, {"turn": score}), *_spread(reached, turns))

    return find


def _fits(query: Query, view: View, limit: int) -> tuple[Rows, Floats]:
    """The best rows of a view and how well they fit, in 0..2."""
    match = view.words(terms(query.text))
    rows, _ = match.top(limit)
    near = None
    if query.vector is not None:
        near = view.near(query.vector)
        rows = np.union1d(rows, near.top(limit)[0])
    score = match.at(rows) / max(match.attainable, 1e-9)
    if near is not None:
        score = score + np.maximum(0, np.nan_to_num(near.at(rows)))
    order = np.lexsort((rows, -score))[:limit]
    return rows[order], score[order].astype(np.float32)


def _spread(reached: Sequence[tuple[MemCube, float, str]], turns: View) -> list[Found]:
    """The turns of the sessions that were reached, each with the best score it was reached by, name by name."""
    first = turns.rows([cube.parents[0] for cube, _, _ in reached])
    late = [at for at, row in enumerate(first.tolist()) if row < 0]
    for at in late:  # its first turn does not stand any more
        held = turns.rows(list(reached[at][0].parents))
        first[at] = held.max(initial=-1)
    alive = turns.alive()
    codes = turns.column("session", alive)
    best: dict[str, dict[int, float]] = {}
    known = first >= 0
    session = np.where(known, turns.column("session", np.maximum(first, 0)), 0) if len(first) else first
    for (_, score, name), code in zip(reached, session.tolist(), strict=True):
        if code:
            best.setdefault(name, {})[code] = max(score, best.get(name, {}).get(code, 0.0))
    out = []
    for name, scores in best.items():
        order = np.array(sorted(scores), np.int64)
        mine = np.isin(codes, order)
        worth = np.array([scores[each] for each in order.tolist()], np.float32)
        column = worth[np.searchsorted(order, codes[mine])]
        out.append(Found(alive[mine], column, {name: column}))
    return out


def _beside(cube: MemCube, view: View) -> list[MemCube]:
    """The sessions a summary is associated with."""
    ends = [link.tail if link.head == cube.id else link.head for link in view.links(cube.id, ASSOCIATED)]
    rows = view.rows(ends)
    return view.cubes(rows[rows >= 0])
