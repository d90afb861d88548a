"""Retire what a speaker said again in nearly the same words; the oldest stays.

Source: Chuan Xiao, Wei Wang, Xuemin Lin, Jeffrey Xu Yu, Efficient Similarity Joins for Near Duplicate Detection, 2008.
    doi 10.1145/1367497.1367516
Needs: nothing
Cost: the terms of every memory; a comparison only for pairs that share one of their rarest terms
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
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.store.terms import STOP, terms
from mnesis.text.alike import joined, normal, tells, values
from mnesis.text.tend import Tend
from mnesis.words import Change, MemCube, Retire, Revise, Rows

FEWEST = 3  # below this many terms only the same text is the same
EMPTY = frozenset("a an the just very so such also some any that".split())
Terms: TypeAlias = NDArray[Any]


def dedupe(overlap: float = 0.95) -> Tend:
    """Retire exact and near duplicates; an `overlap` of 1 asks for the same set of terms."""
    if not 0 < overlap <= 1:
        raise BadInput(f"overlap={overlap} must lie above 0 and not above 1 (the same terms).")

    def tend(view: View, now: datetime) -> list[Change]:
        rows = _oldest_first(view)
        again: dict[int, list[int]] = {}
        for later, first in _pairs(view, rows, overlap):
            again.setdefault(first, []).append(later)
        changes: list[Change] = []
        for first, repeats in again.items():
            stays, *others = view.cubes(np.array([first, *repeats], np.int64))
            grown = joined(stays, *others)
            if grown is not stays:
                changes.append(Revise(grown))
            changes += [Retire(each.id, f"says the same as {stays.id}") for each in others]
        return changes

    return tend


def _oldest_first(view: View) -> Rows:
    rows = view.alive()
    at = view.column("at", rows).astype(np.float64)
    return rows[np.lexsort((rows, np.where(np.isnan(at), np.inf, at)))]


def _pairs(view: View, rows: Rows, overlap: float) -> Iterator[tuple[int, int]]:
    """(row, the row it repeats) for each row that repeats one that stays."""
    held = view.terms(rows)
    speakers = view.column("speaker", rows).tolist()
    common = Counter(term for each in held for term in each.tolist())
    staying: dict[tuple[int, int], list[int]] = {}  # (speaker, rare term) -> positions of those that stay
    texts: dict[int, MemCube] = {}

    def cube(position: int) -> MemCube:
        if position not in texts:
            texts[position] = view.cubes(rows[position : position + 1])[0]
        return texts[position]

    for position, mine in enumerate(held):
        if not tells(mine.tolist()):
            continue
        rare = sorted(mine.tolist(), key=lambda term: (common[term], term))
        # Two sets that overlap enough share a term among this many of their rarest (the prefix filter).
        rare = rare[: len(rare) - math.ceil(overlap * len(rare) - 1e-9) + 1]
        places = [(speakers[position], term) for term in rare]
        near = sorted({other for place in places for other in staying.get(place, ())})
        close = (other for other in near if _jaccard(mine, held[other]) >= overlap)
        first = next(
            (other for other in close if _same(cube(position), cube(other), min(len(mine), len(held[other])))), None
        )
        if first is not None:
            yield int(rows[position]), int(rows[first])
            continue
        for place in places:
            staying.setdefault(place, []).append(position)


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
