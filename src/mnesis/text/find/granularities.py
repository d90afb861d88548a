"""Find turns by themselves, by units of their session, and by sessions like it.

Source: Derong Xu, Yi Wen, Pengyue Jia, Yingyi Zhang, Wenlin Zhang, Yichao Wang, Huifeng Guo, Ruiming Tang, Xiangyu
    Zhao, Enhong Chen, Tong Xu, Towards Multi-Granularity Memory Association and Selection for Long-Term Conversational
    Agents, 2025. arXiv 2505.19549
Needs: nothing
Cost: one word search and one vector search among turns and one among units; `few` units and their links are read
Differs: from the best units one step is taken along associations, where the paper runs PageRank over all.

Each granularity fills a column of its own: ``turn``, ``topic``, ``summary`` and ``keywords``, with how well the
question fits a turn or a unit it belongs to (BM25 as a share of what can be reached, plus the cosine), and
``associated``, half of what the session beside it got. The ranker `text.rank.router` weighs the columns.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.store.terms import terms
from mnesis.text.find import Find
from mnesis.text.tend.units import ASSOCIATED, MADE_BY
from mnesis.words import NOTHING, Floats, Found, MemCube, Query, Rows, union

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
                reached.append((cube, each, str(cube.meta.get("unit", "topic"))))
                reached += [(other, 0.5 * each, "associated") for other in _beside(cube, view)]
        every = union(Found(rows, score, {"turn": score}), *_spread(reached, turns))
        best = np.nanmax(np.stack([*every.why.values()]), axis=0) if len(every) else every.score
        return every.scored(best).best(query.limit)

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
    """The turns that were reached, each with the best score it was reached by, name by name."""
    ids: dict[str, dict[str, float]] = {}
    for cube, score, name in reached:
        mine = ids.setdefault(name, {})
        for id in cube.parents:
            mine[id] = max(score, mine.get(id, 0.0))
    every = list({id for mine in ids.values() for id in mine})
    at = dict(zip(every, turns.rows(every).tolist(), strict=True))
    out = []
    for name, mine in ids.items():
        held = sorted((at[id], score) for id, score in mine.items() if at[id] >= 0)
        rows, column = (np.array(each) for each in zip(*held, strict=True)) if held else (NOTHING.rows, NOTHING.score)
        out.append(Found(rows.astype(np.int64), column.astype(np.float32), {name: column.astype(np.float32)}))
    return out


def _beside(cube: MemCube, view: View) -> list[MemCube]:
    """The sessions a summary is associated with."""
    ends = [link.tail if link.head == cube.id else link.head for link in view.links(cube.id, ASSOCIATED)]
    rows = view.rows(ends)
    return view.cubes(rows[rows >= 0])
