"""Memories that tenders make of others: made once, and made again when what they rest on changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from mnesis.store import View
from mnesis.text.derived import made_of
from mnesis.words import TRUSTS, Add, Change, MemCube, Revise, replace


def resting_on(id: str, view: View) -> tuple[str, ...]:
    """The ids the newest version of a derived memory was made from; none where there never was one."""
    versions = view.history(id)
    return versions[-1].parents if versions else ()


def remade(
    id: str,
    text: str,
    parents: Sequence[MemCube],
    view: View,
    *,
    type: str,
    made_by: str,
    at: datetime | None = None,
    meta: Mapping[str, Any] = {},
) -> MemCube:
    """A memory made of others under an id; its next version, if it has stood before."""
    versions = view.history(id)
    made = made_of(id, text, parents, made_by, type, meta)
    trust = min((each.trust for each in parents), key=TRUSTS.index)
    return replace(
        made, trust=trust, version=versions[-1].version + 1 if versions else 1, valid_from=at or made.valid_from
    )


def placed(cube: MemCube, view: View, reason: str) -> Change:
    """The change that lets it stand, for a reason where it stands already."""
    standing = view.get(cube.id)
    if standing is None:
        return Add(cube)
    return Revise(replace(cube, strength=standing.strength, importance=standing.importance), reason=reason)
