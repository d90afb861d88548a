"""Push the oldest out of a short memory, into segments of one topic each.

Source: Jiazheng Kang, Mingming Ji, Zhe Zhao, Ting Bai, Memory OS of AI Agent, 2025. arXiv 2506.06326
Needs: nothing
Cost: one question a segment that grew, and one a page of a segment that became hot
Differs: a page is one turn; topics are alike by words and, where there are vectors, by meaning.

The last `room` turns are working memory. What is pushed out becomes an episodic page of a segment: that whose topic it
is alike to (share of its words plus cosine at least `alike`; half of it where there are no vectors), else a new one. A
segment is a semantic memory that sums its pages up and names them. Its heat is visits + new pages + exp(-idle /
`days`), visits being how often it and its pages were used; one as hot as `hot` is drawn on once for what it says of
people (core memories), and from then on only newer pages count. Of more than `most` segments the coldest are retired
with their pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from mnesis.drive import Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.ask import facts, summary
from mnesis.text.fading import idle
from mnesis.text.remade import placed, remade
from mnesis.text.tend import Tend
from mnesis.words import MEMORY_TYPES, Change, Floats, MemCube, Move, Retire, Rows, digest, replace

MADE_BY = "text.tend.pages"
FACTS = 3  # that are drawn from a page
WORKING, SEMANTIC = MEMORY_TYPES.index("working"), MEMORY_TYPES.index("semantic")


@dataclass(slots=True)
class _Segment:
    """A segment, or one in the making, with the pages that come in."""

    cube: MemCube | None = None
    terms: set[int] = field(default_factory=set)
    vectors: list[Floats] = field(default_factory=list)
    fresh: list[MemCube] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.fresh) + (len(self.cube.parents) if self.cube else 0)

    def alike(self, terms: set[int], vector: Floats | None) -> float:
        words = len(terms & self.terms) / max(1, len(terms))
        if vector is None or not self.vectors:
            return 2 * words
        return words + max(float(vector @ each) for each in self.vectors)


def pages(
    room: int = 7,
    alike: float = 0.6,
    longest: int = 12,
    hot: float = 5.0,
    days: float = 115.7,
    most: int = 200,
    words: int = 50,
) -> Tend:
    """Short-term memory of `room` turns, segments of at most `longest` pages, `most` of them."""
    if room < 1 or longest < 1 or most < 1:
        raise BadInput(f"room={room}, longest={longest} and most={most} must be at least 1.")

    def tend(view: View, now: datetime) -> Asking[list[Change]]:
        rows = view.alive()
        kind = view.column("type", rows)
        last = int(view.changed().max(initial=-1))
        out = rows[kind == WORKING][:-room]
        pushed = view.cubes(out[out <= last])  # what lies beyond this batch comes with a later one
        segments = [cube for cube in view.cubes(rows[kind == SEMANTIC]) if cube.made_by == MADE_BY]
        changes: list[Change] = [Move(cube.id, type="episodic", reason=f"{room} newer ones came in") for cube in pushed]
        after = {cube.id: (cube, _pages(view, cube), "") for cube in segments}
        for grown in _filed(view, pushed, segments, alike, longest) if pushed else ():
            told = [*_pages(view, grown.cube), *grown.fresh]
            text = yield summary([_line(cube) for cube in told], words)
            if text is not None:
                id = grown.cube.id if grown.cube else digest(view.namespace, MADE_BY, grown.fresh[0].id)
                meta = dict(grown.cube.meta) if grown.cube else {}
                made = remade(id, text, told, view, type="semantic", made_by=MADE_BY, at=told[0].at, meta=meta)
                after[id] = (made, told, f"{len(grown.fresh)} pages came in")
        warm = {id: _heat(view, cube, now, days) for id, (cube, _, _) in after.items()}
        ranked = sorted(after, key=lambda id: (-warm[id], id))
        for id in ranked[:most]:
            cube, told, why = after[id]
            if warm[id] >= hot and _new(cube):
                changes += yield from _drawn(view, cube, told, f"heat {warm[id]:.2f} of {id}")
                why = f"{why}, drawn on at heat {warm[id]:.2f}" if why else f"drawn on at heat {warm[id]:.2f}"
                version = cube.version if after[id][2] else cube.version + 1
                meta = {**cube.meta, "drawn": len(cube.parents)}
                cube = replace(cube, meta=meta, version=version, known_from=None, vector=None)
            if why:
                changes.append(placed(cube, view, why))
        for id in ranked[most:]:
            gone = [each.id for each in after[id][1]] + [id] * (view.get(id) is not None)
            changes += [Retire(each, f"heat {warm[id]:.2f}, below that of {most} segments") for each in gone]
        return changes

    return tend


def _line(cube: MemCube) -> str:
    return f"{cube.speaker}: {cube.text}" if cube.speaker else cube.text


def _pages(view: View, segment: MemCube | None) -> list[MemCube]:
    rows = view.rows(segment.parents) if segment else np.zeros(0, np.int64)
    return view.cubes(rows[rows >= 0])


def _new(segment: MemCube) -> int:
    """How many of its pages were not drawn on yet."""
    return len(segment.parents) - int(segment.meta.get("drawn", 0))


def _filed(
    view: View, pushed: Sequence[MemCube], segments: Sequence[MemCube], alike: float, longest: int
) -> Iterator[_Segment]:
    """Every segment that grows, or begins, with the pages it takes in."""
    groups: list[_Segment] = []
    rows = view.rows([each.id for each in segments])
    for segment, held, vector in zip(segments, view.terms(rows), view.vectors(rows), strict=True):
        groups.append(_Segment(segment, set(held.tolist()), [] if vector is None else [vector]))
    rows = view.rows([cube.id for cube in pushed])
    for cube, held, vector in zip(pushed, view.terms(rows), view.vectors(rows), strict=True):
        terms = set(held.tolist())
        free = [(each.alike(terms, vector), -n) for n, each in enumerate(groups) if len(each) < longest]
        score, at = max(free, default=(0.0, 0))
        if score < alike:
            groups.append(_Segment())
            at = 1 - len(groups)
        groups[-at].fresh.append(cube)
        groups[-at].terms |= terms
        groups[-at].vectors += [] if vector is None else [vector]
    yield from (each for each in groups if each.fresh)


def _heat(view: View, segment: MemCube, now: datetime, days: float) -> float:
    rows: Rows = view.rows([segment.id, *segment.parents])
    rows = rows[rows >= 0]
    lately = float(np.exp(-idle(view, rows, now).min() / days))
    return float(view.column("uses", rows).sum()) + _new(segment) + lately


def _drawn(view: View, segment: MemCube, told: Sequence[MemCube], why: str) -> Asking[list[Change]]:
    """What the pages of a hot segment that are new to it say of people, as core memories."""
    changes: list[Change] = []
    for page in told[-_new(segment) :]:
        said = yield facts(page.text, page.speaker, page.at)
        for text in list(dict.fromkeys(said or ()))[:FACTS]:
            id = digest(view.namespace, MADE_BY, "fact", page.id, text)
            if not view.history(id):
                made = remade(id, text, [page], view, type="core", made_by=MADE_BY, at=page.at)
                changes.append(placed(made, view, why))
    return changes
