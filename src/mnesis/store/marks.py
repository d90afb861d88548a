"""Marks: how far a memory is trusted, of which type it is and whether it is held in quarantine, in one small number.

A shelf keeps one for every row, so that a recall can leave rows out before anything is searched: what is left out
neither comes nor crowds out what may come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnesis.errors import UnknownName
from mnesis.words import MEMORY_TYPES, TRUSTS, Add, Change, Event, MemCube, Revise, replace

HELD = 1 << 7  # in quarantine
SHUT = 1 << 8  # no text: what a mechanism keeps for itself, which never comes by itself
QUARANTINE = "quarantine"  # the name in meta under which the reason stands
TYPE = 3  # bits the trust takes


def rank(trust: str) -> int:
    """How far a class of trust goes; higher is more."""
    if trust not in TRUSTS:
        raise UnknownName("class of trust", str(trust), TRUSTS)
    return TRUSTS.index(trust)


def marks(record: Mapping[str, Any]) -> int:
    """The marks of a cube from those of its fields that are not as usual.

    >>> marks({}) == marks({"trust": "unknown", "type": "episodic"}), marks({"meta": {"quarantine": "odd"}}) & HELD > 0
    (True, True)
    """
    trust, type = record.get("trust", "unknown"), record.get("type", "episodic")
    known = TRUSTS.index(trust) if trust in TRUSTS else 0
    kind = MEMORY_TYPES.index(type) if type in MEMORY_TYPES else 0
    shut = 0 if record.get("kind", "text") == "text" else SHUT
    return known | kind << TYPE | (HELD if QUARANTINE in record.get("meta", ()) else 0) | shut


def left_out(marks: NDArray[Any], min_trust: str, types: Sequence[str], held: bool) -> NDArray[Any]:
    """bool [N]: which rows are trusted less than that, of another type, no text, or in quarantine (unless `held`)."""
    out: NDArray[Any] = ((marks & ((1 << TYPE) - 1)) < rank(min_trust)) | ((marks & SHUT) > 0)
    if types:
        for each in types:
            if each not in MEMORY_TYPES:
                raise UnknownName("memory type", str(each), MEMORY_TYPES)
        out |= ~np.isin(type_codes(marks), [MEMORY_TYPES.index(each) for each in types])
    return out if held else out | ((marks & HELD) > 0)


def type_codes(marks: NDArray[Any]) -> NDArray[Any]:
    """The memory type of each row, as its place in `words.MEMORY_TYPES`."""
    kinds: NDArray[Any] = (marks & (HELD - 1)) >> TYPE
    return kinds


def lowered(changes: Sequence[Change], sources: Mapping[str, str]) -> list[Change]:
    """The changes, with no cube more trusted than the least trusted of its `sources` (id -> trust) and its event.

    What comes with the same changes, events and cubes before it, counts as a source too.
    """
    known = dict(sources)
    for each in changes:
        if isinstance(each, Add | Revise) and each.event is not None:
            known[each.event.id] = each.event.trust
    out: list[Change] = []
    for each in changes:
        if isinstance(each, Add | Revise):
            each = _lowered(each, known)
            known[each.cube.id] = each.cube.trust
        out.append(each)
    return out


def _lowered(change: Add | Revise, sources: Mapping[str, str]) -> Add | Revise:
    least = ceiling(change.cube, change.event, sources)
    if rank(change.cube.trust) <= rank(least):
        return change
    return replace(change, cube=replace(change.cube, trust=least))


def ceiling(cube: MemCube, event: Event | None, sources: Mapping[str, str]) -> str:
    """The most a cube may be trusted: as its least trusted source. One that is not there says nothing."""
    said = [sources[id] for id in (*cube.events, *cube.parents) if id in sources]
    if event is not None and event.id in cube.events:
        said.append(event.trust)
    return min(said, key=rank, default=TRUSTS[-1])


def rests_on(changes: Sequence[Change]) -> set[str]:
    """The cubes and events that these changes' trust depends on and that do not come with them."""
    asked: set[str] = set()
    for each in changes:
        if isinstance(each, Add | Revise) and each.cube.trust != TRUSTS[0]:
            told = {each.event.id} if each.event is not None else set()
            own = {each.cube.id} if isinstance(each, Add) else set()
            asked.update({*each.cube.events, *each.cube.parents} - told - own)
    return asked
