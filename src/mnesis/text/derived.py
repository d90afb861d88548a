"""A memory made of others: what it says, and everything it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mnesis.store import View
from mnesis.words import TRUSTS, Add, Change, MemCube, Revise, digest, replace


def made_of(
    id: str, text: str, parents: Sequence[MemCube], made_by: str, type: str = "semantic", meta: Mapping[str, Any] = {}
) -> MemCube:
    """A cube made of `parents` (one at least), the best of them first: it names their events and sources as its own.

    It belongs to no session, so that it does not stand among turns; it has a speaker where all parents have the same.
    It is trusted as its least trusted parent.
    """
    speakers = {each.speaker for each in parents}
    times = [each.valid_from for each in parents if each.valid_from is not None]
    return MemCube(
        id,
        text,
        parents[0].namespace,
        type=type,
        speaker=speakers.pop() if len(speakers) == 1 else "",
        sources=_all(each.sources for each in parents),
        events=_all(each.events for each in parents),
        parents=tuple(each.id for each in parents),
        made_by=made_by,
        valid_from=min(times, default=None),
        trust=min((each.trust for each in parents), key=TRUSTS.index),
        meta=dict(meta),
    )


def read_from(parents: Sequence[MemCube]) -> str:
    """A short name for what these cubes say, in any order: to tell whether a memory made of them is out of date."""
    return digest(*(part for each in sorted((each.id, each.text) for each in parents) for part in each), size=8)


def renewed(standing: MemCube, fresh: MemCube) -> MemCube | None:
    """The next version of a standing cube that says what `fresh` says; None where nothing is new."""
    made = replace(fresh, version=standing.version, known_from=standing.known_from, known_to=standing.known_to)
    made = replace(made, trust=standing.trust, strength=standing.strength, importance=standing.importance)
    return None if made == standing else replace(fresh, version=standing.version + 1, importance=standing.importance)


def put(cube: MemCube, view: View, reason: str) -> list[Change]:
    """What makes this cube stand: it is added, takes the place of the one that stands, or comes back after it went."""
    old = view.get(cube.id)
    if old is not None:
        grown = renewed(old, cube)
        return [] if grown is None else [Revise(grown, reason=reason)]
    before = view.history(cube.id)
    return [Add(replace(cube, version=before[-1].version + 1) if before else cube)]


def _all(names: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in names for name in each))


__all__ = ["made_of", "put", "read_from", "renewed"]
