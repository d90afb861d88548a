"""A memory made of others: what it says, and everything it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mnesis.words import TRUSTS, MemCube, digest, replace


def made_of(
    id: str, text: str, parents: Sequence[MemCube], made_by: str, type: str = "semantic", meta: Mapping[str, Any] = {}
) -> MemCube:
    """A cube made of `parents` (one at least), the best of them first: it names their events and sources as its own.

    It belongs to no session, so that it does not stand among turns; it has a speaker where all parents have the same.
    Its trust is lowered to that of its least trusted source when it is committed.
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
        trust=TRUSTS[-1],
        meta=dict(meta),
    )


def read_from(parents: Sequence[MemCube]) -> str:
    """A short name for what these cubes say, to tell later whether a memory made of them is out of date."""
    return digest(*(part for each in parents for part in (each.id, each.text)), size=8)


def renewed(standing: MemCube, fresh: MemCube) -> MemCube | None:
    """The next version of a standing cube that says what `fresh` says; None where nothing is new."""
    made = replace(fresh, version=standing.version, known_from=standing.known_from, known_to=standing.known_to)
    made = replace(made, trust=standing.trust, strength=standing.strength, importance=standing.importance)
    return None if made == standing else replace(fresh, version=standing.version + 1, importance=standing.importance)


def _all(names: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in names for name in each))


__all__ = ["made_of", "read_from", "renewed"]
