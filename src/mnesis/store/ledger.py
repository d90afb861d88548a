"""What a store shows whoever audits or salvages it: its rows as they are kept, in plain values, names resolved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Entry(NamedTuple):
    """A commit as it is kept; `body` is its changes as JSON, None where they cannot be read."""

    seq: int
    at: float
    namespace: str
    author: str
    reason: str
    body: str | None
    hash: bytes


class CubeRow(NamedTuple):
    """A version of a cube as it is kept; a name that cannot be resolved is None."""

    row: int
    id: str
    version: int
    namespace: str | None
    text: str
    at: float | None
    until: float | None
    speaker: str | None
    session: str | None
    role: str | None
    made_by: str | None
    source: str | None
    body: str | None
    strength: float | None
    importance: float | None
    born: int
    died: int | None
    replaces: int | None
    touched: int | None
    vectors: bytes | None
    digest: bytes


class LinkRow(NamedTuple):
    """A link as it is kept."""

    namespace: str | None
    head: str
    tail: str
    kind: str
    weight: float
    since: float | None
    until: float | None
    made_by: str | None
    born: int
    died: int | None


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a store shows an auditor. Everything that has a row number comes in ascending order of it."""

    entries: Iterable[Entry]
    told: Iterable[tuple[int, bytes]]  # (commit, digest) of every event, the erased ones included; sorted
    digests: Callable[[int, int], Iterable[bytes]]  # of the rows from first to last, the erased ones included
    cubes: Iterable[CubeRow]
    vectors: Iterable[tuple[int, int, int, bytes]]  # (row, place among its vectors, name of model and text, vector)
    resealed: Iterable[tuple[int, bytes]]  # (row, digest of the vectors it has since the model was changed)
    touches: Iterable[tuple[int, int, str | None, float | None, float | None, float | None]]  # (row, commit,
    # namespace, strength and importance before it, and the moment of use it notes)
    once: Iterable[tuple[str | None, str, int, int, str]]  # (namespace, key, commit, last row before, said)
    events: Iterable[tuple[str | None, str, int, str, bytes]]  # (namespace, id, commit, body, digest)
    links: Iterable[LinkRow]
    erased: Iterable[tuple[int, str | None, int]]  # (row, namespace, commit)
    derived: Iterable[tuple[str | None, str, int]]  # (namespace, cube or event, row that was made from it)
    names: Iterable[str]  # what is wrong with the store's table of names, where it has one
    tombs: Collection[bytes]  # of events that are not to come back, see `store.redact`
    facts: Mapping[str, str]
