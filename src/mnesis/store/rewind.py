"""What stood then against what stands now, as changes: the way back of a rollback or an undo.

History is never rewritten. What stood then is restored as a new version, what came since is retired, links are drawn
and cut; all of it is one more commit in every namespace concerned, and they become visible together. Only two views
and the journal between them are read, so it is the same in every store.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from mnesis.errors import BadInput, Entangled, NotFound
from mnesis.store import Store, View
from mnesis.words import Change, Commit, Connect, Disconnect, Link, MemCube, Restore, Retire, Rewound, Touch, replace

Edge = tuple[str, str, str]  # head, tail, kind
NAMED = 10  # commits that an error counts up


@dataclass(slots=True)
class _Way:
    """The changes of one namespace, and what they come to."""

    namespace: str
    reason: str
    changes: list[Change] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    links: int = 0

    def put(self, then: MemCube | None, now: MemCube | None, held: tuple[float, float], touched: bool) -> None:
        """Make a cube stand as it did then; it is to be held with this strength and importance."""
        if then is None:
            if now is not None:
                self.changes.append(Retire(now.id, self.reason))
                self.retired.append(now.id)
            return
        kept = now is not None and _said(then) == _said(now)
        if not kept:
            self.changes.append(Restore(then.id, then.version))
        if _held(now if kept else then) != held or (touched and not kept):
            self.changes.append(Touch(then.id, *held))
        elif kept:
            return
        self.restored.append(then.id)

    def draw(self, then: Counter[Link], now: Counter[Link]) -> None:
        """Make the links of one edge those that stood then."""
        if then != now:
            self.changes += [Disconnect(link) for link in list(now)[:1]] + [Connect(link) for link in then.elements()]
            self.links += 1


def rollback(store: Store, to: object, *, namespace: str | None, author: str, at: datetime) -> Rewound:
    """Let what stood at a commit stand again, in one namespace or in all."""
    latest = store.head().seq
    if isinstance(to, bool) or not isinstance(to, int) or not 0 <= to <= latest:
        raise BadInput(f"to={to!r} is no commit of this space; the journal goes from 0 (nothing yet) to {latest}.")
    reason = f"rollback to {to}"
    erased: list[str] = []

    def ways() -> Iterator[_Way]:
        erased.clear()
        since: dict[str, list[Commit]] = {}
        for entry in store.journal(to):
            if namespace in (None, entry.namespace):
                since.setdefault(entry.namespace, []).append(entry)
        for name, entries in since.items():
            erased.extend(_erased(entries, to))
            yield _back(store.view(name, to), store.view(name), entries, _Way(name, reason))

    return _go(store, ways, to, erased, author, reason, at)


def undo(store: Store, seq: int, *, author: str, at: datetime) -> Rewound:
    """Take back what one commit did, if nothing that stands rests on it."""
    latest = store.head().seq
    if isinstance(seq, bool) or not isinstance(seq, int) or not 1 <= seq <= latest:
        raise NotFound(f"There is no commit {seq!r} to undo; the journal goes from 1 to {latest}.")
    erased: list[str] = []

    def ways() -> Iterator[_Way]:
        entry, *later = store.journal(seq - 1)
        if any(change["op"] == "erase" for change in entry.changes):
            raise BadInput(f"Commit {seq} erased memories, and nothing brings those back; it cannot be undone.")
        later = [each for each in later if each.namespace == entry.namespace]
        erased[:] = _erased(later, seq)
        yield _Undoing(store, entry, later).way()

    return _go(store, ways, seq - 1, erased, author, f"undo {seq}", at)


def _go(
    store: Store,
    ways: Callable[[], Iterable[_Way]],
    to: int,
    erased: Sequence[str],
    author: str,
    reason: str,
    at: datetime,
) -> Rewound:
    taken: list[_Way] = []

    def plan() -> list[tuple[str, list[Change]]]:
        taken[:] = [way for way in ways() if way.changes]
        return [(way.namespace, way.changes) for way in taken]

    commits = store.together(plan, author=author, reason=reason, at=at)
    return Rewound(
        to,
        tuple(each.seq for each in commits),
        tuple(id for way in taken for id in way.restored),
        tuple(id for way in taken for id in way.retired),
        sum(way.links for way in taken),
        tuple(erased),
    )


def _back(then: View, now: View, entries: Sequence[Commit], way: _Way) -> _Way:
    """Everything that differs between two views of a namespace; `entries` lie between them."""
    stood, stands = then.alive(), now.alive()
    before = {cube.id: cube for cube in then.cubes(np.setdiff1d(stood, stands, assume_unique=True))}
    after = {cube.id: cube for cube in now.cubes(np.setdiff1d(stands, stood, assume_unique=True))}
    touched = {change["id"] for entry in entries for change in entry.changes if change["op"] == "touch"}
    for id in sorted(touched - before.keys() - after.keys()):
        was, cube = then.get(id), now.get(id)
        if was is not None and cube is not None:
            before[id], after[id] = was, cube
    for id, cube in before.items():
        way.put(cube, after.get(id), _held(cube), id in touched)
    for id, cube in after.items():
        if id not in before:
            way.put(None, cube, (1, 0), False)
    for edge in _edges(entries):
        way.draw(_links(then, edge), _links(now, edge))
    return way


class _Undoing:
    """One commit held against what stood before it, what stood after it, and what stands now."""

    def __init__(self, store: Store, entry: Commit, later: Sequence[Commit]) -> None:
        self.store, self.entry, self.later = store, entry, later
        name = entry.namespace
        self.before, self.after = store.view(name, entry.seq - 1), store.view(name, entry.seq)
        self.now = store.view(name)
        self.resting: set[int] = set()

    def way(self) -> _Way:
        way = _Way(self.entry.namespace, f"undo {self.entry.seq}")
        ids = self._changed()
        touched = {change["id"] for each in (self.entry, *self.later) for change in each.changes if _is_touch(change)}
        for id in ids:
            self._cube(id, id in touched, way)
        for edge in _edges([self.entry]):
            then, since, now = (_links(view, edge) for view in (self.before, self.after, self.now))
            if now not in (then, since):
                self._blame(lambda change, edge=edge: "link" in change and _edge(change["link"]) == edge)
            elif now != then:
                way.draw(then, now)
        self._derived(ids)
        for id in ids:
            if self.before.get(id) is None and self._drawn(id):
                self._blame(lambda change, id=id: "link" in change and id in _edge(change["link"])[:2])
        if self.resting:
            self._refuse()
        return way

    def _changed(self) -> list[str]:
        """Ids of the cubes this commit brought, took away or touched."""
        stood, stands = self.before.alive(), self.after.alive()
        went = self.before.cubes(np.setdiff1d(stood, stands, assume_unique=True))
        came = self.after.cubes(np.setdiff1d(stands, stood, assume_unique=True))
        touched = [change["id"] for change in self.entry.changes if _is_touch(change)]
        return list(dict.fromkeys([*(cube.id for cube in (*went, *came)), *touched]))

    def _cube(self, id: str, touched: bool, way: _Way) -> None:
        was, became, now = (view.get(id) for view in (self.before, self.after, self.now))
        if _said(now) not in (_said(was), _said(became)):
            row = int(self.now.rows([id])[0])
            self._blame(lambda change: change.get("id") == id and not _is_touch(change))
            if row >= 0:
                self._blame_birth(id, row)
        elif was is None or now is None or became is None:
            if _said(now) != _said(was):
                way.put(was, now, _held(was), touched)
        else:
            held = _held(now)
            if held == _held(became):
                held = _held(was)
            elif _held(was) != _held(became):  # both this commit and a later one changed how strongly it is held
                self._blame(lambda change: change.get("id") == id and _is_touch(change))
            way.put(was, now, held, touched)

    def _derived(self, ids: Sequence[str]) -> None:
        """Blame what made other cubes, which stand, from those this commit brought."""
        brought = [cube for id in ids if (cube := self.after.get(id)) is not None]
        names = set(ids)
        for cube in brought:
            was = self.before.get(cube.id)
            names.update(set(cube.events) - set(was.events if was is not None else ()))
        fresh = np.setdiff1d(self.now.alive(), self.after.alive(), assume_unique=True)
        for cube in self.now.cubes(fresh):
            if cube.id not in ids and not names.isdisjoint((*cube.parents, *cube.events)):
                self._blame_birth(cube.id, int(self.now.rows([cube.id])[0]))

    def _drawn(self, id: str) -> bool:
        """Whether it stands with links that did not stand when it came."""
        return self.now.get(id) is not None and bool(Counter(self.now.links(id)) - Counter(self.after.links(id)))

    def _blame(self, fits: Callable[..., bool]) -> None:
        self.resting.update(each.seq for each in self.later if any(fits(change) for change in each.changes))

    def _blame_birth(self, id: str, row: int) -> None:
        """Blame the commit that brought a row."""
        name, seqs = self.entry.namespace, [each.seq for each in self.later]
        at = bisect_left(seqs, True, key=lambda seq: bool(self.store.view(name, seq).rows([id])[0] == row))
        self.resting.update(seqs[at : at + 1])

    def _refuse(self) -> None:
        commits = sorted(self.resting, reverse=True)
        some = " and ".join([", ".join(map(str, commits[:NAMED][:-1])), str(commits[:NAMED][-1])]).removeprefix(" and ")
        more = f" (and {len(commits) - NAMED} more)" if len(commits) > NAMED else ""
        one = len(commits) == 1
        raise Entangled(
            f"Commit {self.entry.seq} cannot be undone by itself: {'commit' if one else 'commits'} {some}{more} "
            f"{'rests' if one else 'rest'} on it. Undo {'that one' if one else 'those'} first, the newest first, or "
            f"roll back to {self.entry.seq - 1}, which takes back everything since.",
            commits,
        )


def _said(cube: MemCube | None) -> MemCube | None:
    """What a cube says, whatever its version and however strongly it is held."""
    return None if cube is None else replace(cube, version=1, known_from=None, strength=1.0, importance=0.0)


def _held(cube: MemCube | None) -> tuple[float, float]:
    return (1.0, 0.0) if cube is None else (cube.strength, cube.importance)


def _is_touch(change: object) -> bool:
    return isinstance(change, dict) and change["op"] == "touch"


def _edge(link: dict[str, str]) -> Edge:
    return link["head"], link["tail"], link["kind"]


def _edges(entries: Sequence[Commit]) -> list[Edge]:
    """Every edge that was drawn or cut in these commits."""
    links = (change["link"] for entry in entries for change in entry.changes if "link" in change)
    return list(dict.fromkeys(_edge(link) for link in links))


def _links(view: View, edge: Edge) -> Counter[Link]:
    head, tail, kind = edge
    return Counter(link for link in view.links(head, kind) if (link.head, link.tail) == (head, tail))


def _erased(entries: Sequence[Commit], to: int) -> list[str]:
    """Ids, as the journal names them, of what was erased in these commits and had been there at commit `to`."""
    gone = (change for entry in entries for change in entry.changes if change["op"] == "erase")
    return list(dict.fromkeys(change["id"] for change in gone if change["since"] <= to))
