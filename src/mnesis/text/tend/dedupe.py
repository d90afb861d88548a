"""Retire what a speaker said again in nearly the same words; the oldest stays.

Source: Chuan Xiao, Wei Wang, Xuemin Lin, Jeffrey Xu Yu, Efficient Similarity Joins for Near Duplicate Detection, 2008.
    doi 10.1145/1367497.1367516
Needs: nothing
Cost: the terms of what is new; a comparison with memories that hold one of its rarest terms
Differs: only the prefix filter of the paper is used; pairs must also name the same values, in the same order.

Two cubes of one speaker, kind, type and trust say the same when their texts are equal up to case and punctuation, or
when their terms overlap by at least `overlap` (Jaccard, three terms or more) while everything else agrees in order:
numbers, names, negations, pronouns, prepositions. "Tom beat Ana" is not "Ana beat Tom", and 2 cats are not 3. Each
later one is retired with a reason that names the one that stays; its sources and events go over to that one. Those
that stay are no duplicates of each other, so a second run changes nothing. Texts with fewer than two words of content
are left alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.store.terms import STOP, terms
from mnesis.text.alike import joined, normal, tells, values
from mnesis.text.tend import Tend
from mnesis.words import Change, MemCube, Retire, Revise, distinct

FEWEST = 3  # below this many terms only the same text is the same
EMPTY = frozenset("a an the just very so such also some any that".split())
Terms: TypeAlias = NDArray[Any]


def dedupe(overlap: float = 0.95) -> Tend:
    """Retire exact and near duplicates; an `overlap` of 1 asks for the same set of terms."""
    if not 0 < overlap <= 1:
        raise BadInput(f"overlap={overlap} must lie above 0 and not above 1 (the same terms).")

    def tend(view: View, now: datetime) -> list[Change]:
        again: dict[int, list[int]] = {}
        for later, first in _pairs(view, overlap):
            again.setdefault(first, []).append(later)
        changes: list[Change] = []
        for first, repeats in again.items():
            stays, *others = view.cubes(np.array([first, *repeats], np.int64))
            grown = joined(stays, *others)
            if grown is not stays:
                said = ", ".join(each.id for each in others)
                changes.append(Revise(grown, reason=f"takes over the sources of {said}"))
            changes += [Retire(each.id, f"says the same as {stays.id}") for each in others]
        return changes

    return tend


def _pairs(view: View, overlap: float) -> Iterator[tuple[int, int]]:
    """(row, the older row it repeats) wherever one of the two is new."""
    fresh = view.changed()
    if not len(fresh):
        return
    rare = _rarest(view, view.terms(fresh), overlap)
    holding = dict(zip(rare, view.holding(np.array(list(rare), np.uint64)), strict=True))
    rows = distinct(np.concatenate([fresh, *holding.values()]))
    seats = {row: at for at, row in enumerate(rows.tolist())}
    held, speakers = view.terms(rows), view.column("speaker", rows)
    when = view.column("at", rows).astype(np.float64)
    age = np.empty(len(rows), np.int64)
    age[np.lexsort((rows, np.where(np.isnan(when), np.inf, when)))] = np.arange(len(rows))
    near: dict[int, set[int]] = {}  # new row -> those that share one of its rarest terms
    for term, owners in rare.items():
        for owner in owners:
            mine = seats[int(fresh[owner])]
            at = np.searchsorted(rows, holding[term])
            near.setdefault(mine, set()).update(at[speakers[at] == speakers[mine]].tolist())
    texts: dict[int, MemCube] = {}
    gone: set[int] = set()

    def cube(seat: int) -> MemCube:
        if seat not in texts:
            texts[seat] = view.cubes(rows[seat : seat + 1])[0]
        return texts[seat]

    def same(one: int, other: int) -> bool:
        close = other != one and other not in gone and _jaccard(held[one], held[other]) >= overlap
        return close and _same(cube(one), cube(other), min(len(held[one]), len(held[other])))

    for mine in sorted(near, key=age.__getitem__):
        if mine in gone:
            continue
        others = sorted(near[mine], key=age.__getitem__)
        older = next((other for other in others if age[other] < age[mine] and same(mine, other)), None)
        if older is not None:
            gone.add(mine)
            yield int(rows[mine]), int(rows[older])
            continue
        for newer in [other for other in others if age[other] > age[mine] and same(mine, other)]:
            gone.add(newer)
            yield int(rows[newer]), int(rows[mine])


def _rarest(view: View, held: Sequence[Terms], overlap: float) -> dict[int, list[int]]:
    """The rarest terms of those that say something, as many as two sets that overlap enough must share one of (the
    prefix filter): term -> positions of those it is one of."""
    telling = [(at, mine) for at, mine in enumerate(held) if tells(mine.tolist())]
    if not telling:
        return {}
    codes = np.unique(np.concatenate([mine for _, mine in telling]))
    common = view.frequency(codes)
    rare: dict[int, list[int]] = {}
    for at, mine in telling:
        most = len(mine) - math.ceil(overlap * len(mine) - 1e-9) + 1
        for term in mine[np.argsort(common[np.searchsorted(codes, mine)], kind="stable")][:most].tolist():
            rare.setdefault(term, []).append(at)
    return rare


def _jaccard(mine: Terms, other: Terms) -> float:
    common = len(np.intersect1d(mine, other, assume_unique=True))
    return common / (len(mine) + len(other) - common)


def _same(one: MemCube, other: MemCube, fewest: int) -> bool:
    if (one.kind, one.type, one.trust) != (other.kind, other.type, other.trust) or one.kind != "text":
        return False
    if normal(one.text) == normal(other.text):
        return True
    return fewest >= FEWEST and _bones(one.text) == _bones(other.text) and _in_order(one.text, other.text)


def _bones(text: str) -> tuple[object, ...]:
    """What a near duplicate may not differ in: values, whether it asks, and the small words that say who did what."""
    small = tuple(word for word in re.findall(r"\w+", text.lower()) if word in STOP and word not in EMPTY)
    return (values(text), text.rstrip().endswith("?"), small)


def _in_order(one: str, other: str) -> bool:
    """Whether the terms both hold come in the same order."""
    mine, theirs = terms(one), terms(other)
    both = set(mine) & set(theirs)
    return [term for term in mine if term in both] == [term for term in theirs if term in both]
