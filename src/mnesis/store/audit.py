"""A space checked from end to end: that the journal is whole, and that everything stands as the journal says.

The journal is followed from its first entry: hashes, digests of what each commit brought, from when to when each
version and link stood, how strongly each cube is held, what was erased. Then every cube, vector, event, link and
tombstone is held against it. What is wrong comes out as sentences that name it.

A store is audited through a `Ledger` (see `store.ledger`): its rows as they are kept, in plain values.
"""

from __future__ import annotations

import json
import struct
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from mnesis.store import seal
from mnesis.store.ledger import CubeRow, Entry, Ledger, LinkRow

# What reading rows that were altered may raise.
BROKEN = (struct.error, ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError)
USUALLY = (1.0, 0.0)  # strength and importance
Touched = tuple[int, float | None, float | None, float | None]  # commit; strength, importance and moment of use where
# they are given


def audit(ledger: Ledger) -> Iterator[str]:
    """Everything that is wrong, sentence by sentence."""
    for name in seal.facts_altered(ledger.facts):
        yield f"What the space records of itself was altered: {name!r} is not as it was written."
    told = Told()
    yield from _journal(ledger, told)
    yield from ledger.names
    yield from _cubes(ledger, told)
    yield from _once(ledger, told)
    yield from _events(ledger)
    yield from _links(ledger, told)
    yield from _erased(ledger, told)


@dataclass(slots=True)
class Told:
    """What the journal says: gathered commit by commit, held against the rows afterwards."""

    spans: list[tuple[int, int, int]] = field(default_factory=list)  # (first row, last row, commit), ascending
    replacing: set[int] = field(default_factory=set)  # rows that came in the place of another version
    ended: dict[tuple[str, str], dict[int, int]] = field(default_factory=dict)  # (namespace, id) -> version -> commit
    held: dict[int, tuple[float, float]] = field(default_factory=dict)  # row -> strength and importance it came with
    touches: dict[tuple[str, str], dict[int, list[Touched]]] = field(default_factory=dict)  # … -> version -> in order
    once: set[tuple[str, str, int, int, str]] = field(default_factory=set)
    row: int = 0  # the last one brought so far
    links: list[LinkRow | None] = field(default_factory=list)
    ends: dict[tuple[str, str], set[int]] = field(default_factory=dict)  # (namespace, end) -> places in `links`
    erased: Counter[tuple[str, int]] = field(default_factory=Counter)  # (namespace, commit) -> versions

    tombs: set[bytes] = field(default_factory=set)  # of events that are not to come back

    def note(self, seq: int, namespace: str, changes: Sequence[Mapping[str, Any]]) -> None:
        """Take in one commit."""
        for change in changes:
            op = change["op"]
            if "rows" in change:
                first, last = change["rows"]
                self.spans.append((first, last, seq))
                self.row = max(self.row, last)
                self.held.update((row, (strength, importance)) for row, strength, importance in change.get("held", ()))
            if op in ("revise", "move"):
                self.replacing.add(change["rows"][0])
                self.ended.setdefault((namespace, change["id"]), {})[change["version"] - 1] = seq
            elif op == "restore":
                self.replacing.add(change["rows"][0])
                if "ends" in change:
                    self.ended.setdefault((namespace, change["id"]), {})[change["ends"]] = seq
            elif op == "retire":
                self.ended.setdefault((namespace, change["id"]), {})[change["version"]] = seq
            elif op == "touch":
                self._touch(seq, (namespace, change["id"]), change)
            elif op == "connect":
                self._connect(seq, namespace, change["link"])
            elif op == "disconnect":
                self._disconnect(seq, namespace, change["link"])
            elif op == "once":
                self.once.add((namespace, change["key"], seq, self.row, change["said"]))
            elif op == "erase":
                self._erase(seq, namespace, change)

    def _touch(self, seq: int, id: tuple[str, str], change: Mapping[str, Any]) -> None:
        touched = self.touches.setdefault(id, {}).setdefault(change["version"], [])
        touched.append((seq, change.get("strength"), change.get("importance"), seconds(change.get("used"))))

    def _connect(self, seq: int, namespace: str, link: Mapping[str, Any]) -> None:
        at, until = (seconds(link.get(name)) for name in ("valid_from", "valid_to"))
        head, tail = link["head"], link["tail"]
        made_by, weight = link.get("made_by", ""), float(link.get("weight", 1.0))
        for end in {head, tail}:
            self.ends.setdefault((namespace, end), set()).add(len(self.links))
        self.links.append(LinkRow(namespace, head, tail, link["kind"], weight, at, until, made_by, seq, None))

    def _disconnect(self, seq: int, namespace: str, link: Mapping[str, Any]) -> None:
        wanted = (namespace, link["head"], link["tail"], link["kind"])
        for at in self.ends.get((namespace, link["head"]), ()):
            drawn = self.links[at]
            if drawn is not None and drawn.died is None and drawn[:4] == wanted:
                self.links[at] = drawn._replace(died=seq)

    def _erase(self, seq: int, namespace: str, change: Mapping[str, Any]) -> None:
        self.ended.pop((namespace, change["id"]), None)
        self.touches.pop((namespace, change["id"]), None)
        self.erased[namespace, seq] += change["versions"]
        self.tombs.update(map(bytes.fromhex, change.get("tombs", ())))
        for at in self.ends.pop((namespace, change["id"]), ()):
            self.links[at] = None

    def commit_of(self, row: int) -> int:
        """The commit that brought a row; 0 when none did."""
        at = bisect_right(self.spans, row, key=lambda span: span[0]) - 1
        return self.spans[at][2] if at >= 0 and row <= self.spans[at][1] else 0


def seconds(iso: str | None) -> float | None:
    """A moment of the journal as a store keeps it."""
    return None if iso is None else datetime.fromisoformat(iso).timestamp()


def _journal(ledger: Ledger, told: Told) -> Iterator[str]:
    brought: dict[int, list[bytes]] = {}
    for commit, digest in ledger.told:
        brought.setdefault(commit, []).append(digest)
    before, last, latest = b"", 0, float("-inf")
    for entry in ledger.entries:
        if entry.seq != last + 1:
            lost = f"Commit {last + 1} is" if entry.seq == last + 2 else f"Commits {last + 1} to {entry.seq - 1} are"
            yield f"{lost} missing from the journal."
        last = entry.seq
        if not _fits(ledger, told, before, entry, brought.pop(entry.seq, [])):
            yield f"Commit {entry.seq} or what it brought was altered: its hash does not fit."
        if isinstance(entry.at, float) and entry.at < latest:
            yield f"Commit {entry.seq} is dated before the one in front of it."
        latest = max(latest, entry.at) if isinstance(entry.at, float) else latest
        before = entry.hash if isinstance(entry.hash, bytes) else b""
    for commit in sorted(brought):
        yield f"Events say that commit {commit} brought them, and there is no such commit."


def _fits(ledger: Ledger, told: Told, before: bytes, entry: Entry, events: list[bytes]) -> bool:
    """Whether the hash of an entry is that of what it says; what it says is noted."""
    try:
        changes = json.loads(entry.body or "")
        digests = [
            digest for change in changes if "rows" in change for digest in ledger.digests(*map(int, change["rows"]))
        ]
        made = seal.chained(before, *entry[:5], changes, digests + events)
        told.note(entry.seq, entry.namespace, changes)
    except BROKEN:
        return False
    return made == entry.hash and seal.written(changes) == entry.body


def _cubes(ledger: Ledger, told: Told) -> Iterator[str]:
    newest: dict[tuple[str | None, str], int] = {}  # (namespace, id) -> the row that came last
    derived: set[tuple[str | None, str, int]] = set()
    vectors, touches, resealed = map(_Owned, (ledger.vectors, ledger.touches, ledger.resealed))
    for cube in ledger.cubes:
        name = f"Cube {cube.id}, version {cube.version},"
        wrong = _cube_fault(cube, told, newest.get((cube.namespace, cube.id)), list(touches.of(cube.row)))
        if wrong:
            yield f"{name} {wrong}"
        newest[cube.namespace, cube.id] = cube.row
        derived |= _sources(cube)
        held = list(vectors.of(cube.row))
        kept = [cube.vectors, *(digest or None for _, digest in resealed.of(cube.row))][-1]
        if kept is not None and not held:
            yield f"The vectors of cube {cube.id}, version {cube.version}, are missing."
        elif held and not _vectors_fit(held, kept):
            yield f"The vectors of cube {cube.id}, version {cube.version}, were altered: their digest does not fit."
    for _, source, row in derived.symmetric_difference(ledger.derived):
        yield f"Whether row {row} was made from {source} is noted otherwise than its cube says."
    for row in vectors.rest():
        yield f"The vectors of row {row} belong to no cube."
    for row in resealed.rest():
        yield f"Vectors of row {row} are sealed anew, and there is no such cube."
    for row in touches.rest():
        yield f"Touches of row {row} are noted, and there is no such cube."


class _Owned:
    """Rows that belong to cubes, read beside them: both come in ascending order."""

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self._strays: list[Any] = []
        self._owner: Any = None
        self._rows: Iterator[tuple[Any, ...]] = iter(())
        self._next()

    def _next(self) -> None:
        self._owner, self._rows = next(self._groups, (None, iter(())))

    def of(self, row: int) -> Iterable[tuple[Any, ...]]:
        """The rows of one cube; those of owners that were passed over are strays."""
        while self._owner is not None and self._owner < row:
            self._strays.append(self._owner)
            self._next()
        if self._owner != row:
            return
        yield from self._rows
        self._next()

    def rest(self) -> list[Any]:
        """The owners that no cube was."""
        while self._owner is not None:
            self._strays.append(self._owner)
            self._next()
        return self._strays


def _vectors_fit(vectors: list[tuple[Any, ...]], kept: bytes | None) -> bool:
    try:
        made = seal.vectors_digest([name for _, _, name, _ in vectors], b"".join(raw for *_, raw in vectors))
    except BROKEN:
        return False
    return made == kept and [place for _, place, _, _ in vectors] == list(range(len(vectors)))


def _cube_fault(cube: CubeRow, told: Told, former: int | None, touches: list[tuple[Any, ...]]) -> str:
    """What is wrong with one version of a cube; nothing when it is as the journal says."""
    names = (cube.namespace, cube.speaker, cube.session, cube.role, cube.made_by)
    try:
        kept = (cube.text, cube.at, cube.until, cube.source, cube.body, cube.vectors)
        fits = seal.row_digest(cube.id, cube.version, [str(each) for each in names], *kept) == cube.digest
    except BROKEN:
        fits = False
    if not fits or None in names:
        return "was altered: its digest does not fit."
    if told.commit_of(cube.row) != cube.born:
        return f"stands in the space, but no commit {cube.born} of the journal brought it."
    id = (str(cube.namespace), cube.id)
    if told.ended.get(id, {}).get(cube.version) != cube.died:
        return f"ended at commit {cube.died}, but the journal says otherwise."
    replaced = former if cube.row in told.replacing else None
    if (cube.replaces or None) != replaced or (replaced is None and cube.row in told.replacing):
        return f"replaces row {cube.replaces}, but the journal says otherwise."
    return _held_fault(cube, told, touches)


def _sources(cube: CubeRow) -> set[tuple[str, str, int]]:
    """What a version says it was made from, other than the event of its own id."""
    try:
        record = json.loads(cube.body) if cube.body else {}
        named = {*record.get("events", ()), *record.get("parents", ())} - {cube.id}
    except BROKEN:
        return set()
    return {(str(cube.namespace), each, cube.row) for each in named}


def _held_fault(cube: CubeRow, told: Told, touches: list[tuple[Any, ...]]) -> str:
    """What is wrong with how strongly a version is held, and was held before each commit that touched it."""
    strength, importance = told.held.get(cube.row, USUALLY)
    touched, before = None, []
    for seq, stronger, higher, used in told.touches.get((str(cube.namespace), cube.id), {}).get(cube.version, ()):
        if seq != touched:
            before.append((cube.row, seq, cube.namespace, strength, importance, used))
        elif used is not None:
            before[-1] = (*before[-1][:5], max(used, before[-1][5] or used))
        touched = seq
        strength = strength if stronger is None else stronger
        importance = importance if higher is None else higher
    stands = _held(cube.strength, cube.importance)
    if (*stands, cube.touched) != (strength, importance, touched):
        return f"is held with {stands[0]} and {stands[1]}, but the journal says {strength} and {importance}."
    if [(*row[:3], *_held(*row[3:5]), row[5]) for row in touches] != before:
        return "was held differently before it was touched, or used at another time, the journal says."
    return ""


def _held(strength: float | None, importance: float | None) -> tuple[float, float]:
    return USUALLY[0] if strength is None else strength, USUALLY[1] if importance is None else importance


def _once(ledger: Ledger, told: Told) -> Iterator[str]:
    wanted = set(told.once)
    for kept in ledger.once:
        if kept not in wanted:
            yield f"The key {kept[1]} of commit {kept[2]} is not as the journal says."
        wanted.discard(kept)
    for _, key, commit, *_ in sorted(wanted):
        yield f"The key {key} of commit {commit} is missing or was altered."


def _events(ledger: Ledger) -> Iterator[str]:
    for namespace, id, _, raw, kept in ledger.events:
        try:
            fits = seal.event_digest(str(namespace), id, raw) == kept
        except BROKEN:
            fits = False
        if not fits or namespace is None:
            yield f"Event {id} was altered: its digest does not fit."


def _links(ledger: Ledger, told: Told) -> Iterator[str]:
    wanted: dict[LinkRow, list[int]] = {}  # each link as it should stand -> when it was drawn, latest first
    for at in range(len(told.links) - 1, -1, -1):
        drawn = told.links[at]
        if drawn is not None:
            wanted.setdefault(drawn, []).append(at)
    latest, ordered = -1, True
    for link in ledger.links:
        if places := wanted.get(link):
            place = places.pop()
            latest, ordered = place, ordered and place > latest
        else:
            yield (
                f"The link {link.kind!r} from {link.head} to {link.tail} is not as commit {link.born} of the journal "
                "drew it."
            )
    for link in (each for each, places in wanted.items() if places):
        yield (
            f"The link {link.kind!r} from {link.head} to {link.tail}, which commit {link.born} drew, is missing or "
            "was altered."
        )
    if not ordered:
        yield "Links stand in another order than they were drawn in."


def _erased(ledger: Ledger, told: Told) -> Iterator[str]:
    wanted = Counter(told.erased)
    for row, namespace, commit in ledger.erased:
        if namespace is None or not wanted[namespace, commit]:
            yield f"The tombstone of row {row} says that commit {commit} erased it, but the journal says otherwise."
        else:
            wanted[namespace, commit] -= 1
        if not told.commit_of(row):
            yield f"The tombstone of row {row} speaks of a row that no commit brought."
    if told.tombs != set(ledger.tombs):
        yield "What is not to come back by being told again is not what the journal says was erased."
    for namespace, commit in +wanted:
        yield f"Tombstones of commit {commit} in namespace {namespace!r} are missing."
