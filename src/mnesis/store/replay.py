"""A journal read commit by commit with everything each commit brought, as it can be laid into another store.

What a ledger holds table by table comes here in the order it happened. A part of it, one namespace, is numbered anew
and chained anew: it is a journal of its own and says nothing of the rest.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from mnesis.errors import SpaceError
from mnesis.store import seal
from mnesis.store.ledger import CubeRow, Entry, Ledger, LinkRow


class Held(NamedTuple):
    """A version of a cube with its vectors (name of model and text, half precision), the digest of those it has since
    the model was changed, and how strongly it was held before each commit that touched it, with the moment of use."""

    cube: CubeRow
    vectors: tuple[tuple[int, bytes], ...] = ()
    resealed: bytes | None = None
    touches: tuple[tuple[int, float, float, float | None], ...] = ()


class Told(NamedTuple):
    """An event as it is kept; without an id it was erased, and only its digest is known."""

    id: str
    body: str
    digest: bytes


class Gone(NamedTuple):
    """An erased version: its row, its digest and the commit that erased it."""

    row: int
    digest: bytes
    by: int


@dataclass(slots=True)
class Brought:
    """One commit and what it brought."""

    entry: Entry
    changes: list[dict[str, Any]]
    cubes: list[Held] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    events: list[Told] = field(default_factory=list)
    links: list[LinkRow] = field(default_factory=list)

    def whole(self) -> bool:
        """Whether the rows are those the changes speak of, no more and no fewer."""
        here = sorted([each.cube.row for each in self.cubes] + [each.row for each in self.gone])
        spans = (range(first, last + 1) for first, last in (each["rows"] for each in self.changes if "rows" in each))
        return here == [row for span in spans for row in span]

    def chained(self, before: bytes) -> bytes:
        """The hash this commit must have after the one before it."""
        rows = sorted([(each.cube.row, each.cube.digest) for each in self.cubes] + [each[:2] for each in self.gone])
        told = sorted(each.digest for each in self.events)
        return seal.chained(before, *self.entry[:5], self.changes, [*(digest for _, digest in rows), *told])


def commits(ledger: Ledger) -> Iterator[Brought]:
    """Everything a ledger holds, in the order it happened."""
    cubes = _Beside(_held(ledger), lambda each: each.cube.born)
    events, links = _Beside(_told(ledger), attrgetter("born")), _Beside(ledger.links, attrgetter("born"))
    erased = list(ledger.erased)
    rows = [row for row, _, _ in erased]
    for entry in ledger.entries:
        changes = json.loads(entry.body or "null")
        if changes is None:
            raise SpaceError(f"Commit {entry.seq} cannot be read; verify and doctor tell what is wrong with the space.")
        brought = Brought(entry, changes, cubes.of(entry.seq))
        brought.events = [each.told for each in events.of(entry.seq)]
        brought.links = links.of(entry.seq)
        for first, last in (change["rows"] for change in changes if "rows" in change):
            here = erased[bisect_left(rows, first) : bisect_right(rows, last)]
            if here:
                known = dict(zip(range(first, last + 1), ledger.digests(first, last), strict=True))
                brought.gone += [Gone(row, known[row], by) for row, _, by in here]
        yield brought


class _Beside:
    """Things in ascending order of a commit, handed out commit by commit."""

    def __init__(self, things: Iterable[Any], commit: Any) -> None:
        self._groups = groupby(things, key=commit)
        self._next: tuple[int, Iterator[Any]] | None = next(self._groups, None)

    def of(self, seq: int) -> list[Any]:
        if self._next is None or self._next[0] != seq:
            return []
        found = list(self._next[1])
        self._next = next(self._groups, None)
        return found


def _held(ledger: Ledger) -> Iterator[Held]:
    vectors, resealed, touches = (_ByRow(each) for each in (ledger.vectors, ledger.resealed, ledger.touches))
    for cube in ledger.cubes:
        row = cube.row
        yield Held(
            cube,
            tuple((name, raw) for _, _, name, raw in vectors.of(row)),
            next((digest for _, digest in resealed.of(row)), None),
            tuple(
                (seq, _or(strength, 1.0), _or(importance, 0.0), used)
                for _, seq, _, strength, importance, used in touches.of(row)
            ),
        )


def _or(value: float | None, usual: float) -> float:
    return usual if value is None else float(value)


class _ByRow:
    """Rows that belong to cubes, read beside them."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self._next: tuple[int, Iterator[Any]] | None = next(self._groups, None)

    def of(self, row: int) -> list[Any]:
        while self._next is not None and self._next[0] < row:
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] != row:
            return []
        found = list(self._next[1])
        self._next = next(self._groups, None)
        return found


class _ToldAt(NamedTuple):
    born: int
    told: Told


def _told(ledger: Ledger) -> Iterator[_ToldAt]:
    """The events commit by commit, those that were erased as digests; in the order of their digests."""
    known = groupby(sorted(ledger.events, key=lambda each: each[2]), key=itemgetter(2))
    at, group = next(known, (0, iter(())))
    for seq, digests in groupby(ledger.told, key=itemgetter(0)):
        while at and at < seq:
            at, group = next(known, (0, iter(())))
        bodies = {digest: (id, raw) for _, id, _, raw, digest in group} if at == seq else {}
        for _, digest in digests:
            yield _ToldAt(seq, Told(*bodies.get(digest, ("", "")), digest))


# ------------------------------------------------------------------------------------------------ one namespace


def only(make: Callable[[], Ledger], namespace: str) -> tuple[int, Iterator[Brought]]:
    """How many commits one namespace has, and these, numbered and chained anew; `make` makes a ledger."""
    seqs: dict[int, int] = {}
    rows: dict[int, int] = {}
    for entry in make().entries:
        if entry.namespace == namespace:
            seqs[entry.seq] = len(seqs) + 1
            for first, last in (change["rows"] for change in json.loads(entry.body or "[]") if "rows" in change):
                before = len(rows)
                rows.update((row, before + at) for at, row in enumerate(range(first, last + 1), 1))

    def chain() -> Iterator[Brought]:
        before = b""
        for brought in commits(make()):
            if brought.entry.seq in seqs:
                made = _renumbered(brought, seqs, rows)
                made.entry = made.entry._replace(hash=made.chained(before))
                before = made.entry.hash
                yield made

    return len(seqs), chain()


def _renumbered(brought: Brought, seqs: Mapping[int, int], rows: Mapping[int, int]) -> Brought:
    changes = []
    for change in brought.changes:
        change = dict(change)
        if "rows" in change:
            change["rows"] = [rows[each] for each in change["rows"]]
        if "held" in change:
            change["held"] = [[rows[row], *held] for row, *held in change["held"]]
        changes.append(change)
    entry = brought.entry._replace(seq=seqs[brought.entry.seq], body=seal.written(changes))
    cubes = [
        each._replace(
            cube=each.cube._replace(
                row=rows[each.cube.row],
                born=seqs[each.cube.born],
                died=None if each.cube.died is None else seqs[each.cube.died],
                replaces=rows[each.cube.replaces] if each.cube.replaces else None,
                touched=None if each.cube.touched is None else seqs[each.cube.touched],
            ),
            touches=tuple((seqs[touch[0]], *touch[1:]) for touch in each.touches),
        )
        for each in brought.cubes
    ]
    gone = [Gone(rows[row], digest, seqs[by]) for row, digest, by in brought.gone]
    links = [
        each._replace(born=seqs[each.born], died=None if each.died is None else seqs[each.died])
        for each in brought.links
    ]
    return Brought(entry, changes, cubes, gone, brought.events, links)


__all__ = ["Brought", "Gone", "Held", "Told", "commits", "only"]
