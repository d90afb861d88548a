"""A space in memory: the same promises as the SQLite store for as long as the process lives.

Versions are kept in one list in the order they were committed; a failed commit is taken back step by step.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from mnesis.errors import Conflict, MnesisError, NotFound, SpaceError
from mnesis.store.shelf import Entry, Shelf
from mnesis.store.terms import analyser
from mnesis.store.view import ShelfView
from mnesis.words import (
    Add,
    Change,
    Commit,
    Connect,
    Disconnect,
    Erase,
    Event,
    Floats,
    Link,
    MemCube,
    Move,
    Retire,
    Revise,
    Touch,
    as_dict,
    digest,
    replace,
)


@dataclass(slots=True)
class _Version:
    cube: MemCube
    born: int
    replaces: int
    vectors: Floats | None
    died: int | None = None


@dataclass(slots=True)
class _Edge:
    link: Link
    born: int
    died: int | None = None


class RamStore:
    """See `store.Store`."""

    def __init__(self, language: str = "english") -> None:
        self._facts = {"schema": "1", "language": language}
        self._lock = threading.RLock()
        self._versions: dict[int, _Version] = {}
        self._row = 0
        self._keys: dict[tuple[str, str], list[int]] = {}  # (namespace, id) -> keys, oldest first
        self._events: dict[tuple[str, str], Event] = {}
        self._edges: list[_Edge] = []
        self._commits: list[Commit] = []
        self._embeddings: dict[int, bytes] = {}
        self._shelves: dict[str, Shelf] = {}
        self._rows: dict[str, list[int]] = {}
        self._ended: dict[str, list[int]] = {}
        self.closed = False

    # ------------------------------------------------------------------------------------------------- writing

    def commit(self, changes: Sequence[Change], *, author: str, reason: str, at: datetime, namespace: str) -> Commit:
        """See `store.Store.commit`."""
        with self._lock:
            self._check_open()
            undo: list[Callable[[], Any]] = []
            seq = len(self._commits) + 1
            try:
                body = [self._apply(change, seq, namespace, undo) for change in changes]
            except BaseException:
                for step in reversed(undo):
                    step()
                raise
            before = self._commits[-1].hash if self._commits else ""
            chain = digest(before, str(seq), at.isoformat(), namespace, author, reason, repr(body), size=16)
            entry = Commit(seq, at, author, reason, tuple(body), chain)
            self._commits.append(entry)
            if any(isinstance(change, Erase) for change in changes):
                self._shelves.pop(namespace, None)
            return entry

    def _apply(self, change: Change, seq: int, namespace: str, undo: list[Callable[[], Any]]) -> dict[str, Any]:
        if isinstance(change, Add):
            key = self._put(change, seq, namespace, 0, undo)
            return {"op": "add", "rows": [key, key]}
        if isinstance(change, Revise):
            return self._revise(change, seq, namespace, undo)
        if isinstance(change, Retire):
            self._end(self._standing(namespace, change.id), seq, undo)
            return {"op": "retire", "id": change.id, "reason": change.reason}
        if isinstance(change, Connect):
            self._edges.append(_Edge(change.link, seq))
            undo.append(self._edges.pop)
            return {"op": "connect", "link": as_dict(change.link)}
        if isinstance(change, Disconnect):
            return self._cut(change.link, seq, undo)
        if isinstance(change, Touch):
            return self._touch(change, namespace, undo)
        if isinstance(change, Move):
            cube = self._versions[self._standing(namespace, change.id)].cube
            moved = replace(cube, version=cube.version + 1, type=change.type or cube.type, kind=change.kind or cube.kind)
            return self._revise(Revise(moved), seq, namespace, undo) | {"op": "move"}
        return self._erase(change, namespace, undo)

    def _put(
        self, change: Add | Revise, seq: int, namespace: str, replaces: int, undo: list[Callable[[], Any]]
    ) -> int:
        cube = change.cube
        if cube.namespace != namespace:
            raise MnesisError(
                f"A commit to namespace {namespace!r} cannot carry a cube of {cube.namespace!r}; "
                "commit each namespace by itself."
            )
        keys = self._keys.setdefault((namespace, cube.id), [])
        if any(self._versions[key].cube.version == cube.version for key in keys):
            raise Conflict(
                "A cube of the same id and version stands already; revise it instead of adding it again.",
                expected=0,
                found=1,
            )
        self._row += 1
        key = self._row
        vectors = None if change.vectors is None else change.vectors.astype(np.float16).astype(np.float32)
        self._versions[key] = _Version(replace(cube, keys=(), vector=None), seq, replaces, vectors)
        keys.append(key)
        self._rows.setdefault(namespace, []).append(key)
        if vectors is not None:
            self._embeddings.update(
                (name, vector.astype(np.float16).tobytes()) for name, vector in zip(change.digests, vectors, strict=False)
            )

        def take_back() -> None:
            del self._versions[key]
            keys.pop()
            self._rows[namespace].pop()
            self._row -= 1

        undo.append(take_back)
        event = change.event
        if event is not None and (namespace, event.id) not in self._events:
            self._events[namespace, event.id] = event
            undo.append(lambda: self._events.pop((namespace, event.id)))
        return key

    def _standing(self, namespace: str, id: str) -> int:
        for key in reversed(self._keys.get((namespace, id), ())):
            if self._versions[key].died is None:
                return key
        raise NotFound(f"No cube {id!r} stands in namespace {namespace!r}; it may have been retired.")

    def _end(self, key: int, seq: int, undo: list[Callable[[], Any]]) -> None:
        version = self._versions[key]
        version.died = seq
        self._ended.setdefault(version.cube.namespace, []).append(key)
        undo.append(lambda: setattr(version, "died", None))

    def _revise(self, change: Revise, seq: int, namespace: str, undo: list[Callable[[], Any]]) -> dict[str, Any]:
        key = self._standing(namespace, change.cube.id)
        old = self._versions[key]
        if change.cube.version != old.cube.version + 1:
            raise Conflict(
                f"Cube {change.cube.id!r} stands at version {old.cube.version}, not {change.cube.version - 1}; somebody "
                "revised it first. Read it again and decide anew.",
                expected=change.cube.version - 1,
                found=old.cube.version,
            )
        self._end(key, seq, undo)
        vectors = old.vectors if change.vectors is None else change.vectors
        new = self._put(Revise(change.cube, change.event, vectors), seq, namespace, key, undo)
        return {"op": "revise", "rows": [new, new], "id": change.cube.id, "version": change.cube.version}

    def _cut(self, link: Link, seq: int, undo: list[Callable[[], Any]]) -> dict[str, Any]:
        for edge in self._edges:
            same = (edge.link.namespace, edge.link.head, edge.link.tail, edge.link.kind)
            if edge.died is None and same == (link.namespace, link.head, link.tail, link.kind):
                edge.died = seq
                undo.append(lambda edge=edge: setattr(edge, "died", None))
        return {"op": "disconnect", "link": as_dict(link)}

    def _touch(self, change: Touch, namespace: str, undo: list[Callable[[], Any]]) -> dict[str, Any]:
        version = self._versions[self._standing(namespace, change.id)]
        before = version.cube
        given = {
            name: value for name in ("strength", "importance") if (value := getattr(change, name)) is not None
        }
        version.cube = replace(before, **given)
        undo.append(lambda: setattr(version, "cube", before))
        return {"op": "touch", "id": change.id, **given}

    def _erase(self, change: Erase, namespace: str, undo: list[Callable[[], Any]]) -> dict[str, Any]:
        keys = self._keys.pop((namespace, change.id), None)
        if not keys:
            raise NotFound(f"There is no cube {change.id!r} in namespace {namespace!r} to erase.")
        gone = {key: self._versions.pop(key) for key in keys}
        rows, edges = self._rows[namespace], self._edges
        event = self._events.pop((namespace, change.id), None)
        self._rows[namespace] = [key for key in rows if key not in gone]
        self._edges = [
            each for each in edges if each.link.namespace != namespace or change.id not in (each.link.head, each.link.tail)
        ]

        def take_back() -> None:
            self._keys[namespace, change.id] = keys
            self._versions.update(gone)
            self._rows[namespace], self._edges = rows, edges
            if event is not None:
                self._events[namespace, change.id] = event

        undo.append(take_back)
        size = sum(len(each.cube.text) for each in gone.values())
        return {"op": "erase", "id": change.id, "versions": len(gone), "bytes": size}

    def record(self, **facts: str) -> None:
        """See `store.Store.record`."""
        self._facts.update(facts)

    def facts(self) -> dict[str, str]:
        """See `store.Store.facts`."""
        return dict(self._facts)

    # ------------------------------------------------------------------------------------------------- reading

    def _check_open(self) -> None:
        if self.closed:
            raise SpaceError("The space is closed; what was in memory is gone.")

    def view(
        self, namespace: str, as_of: int | datetime | None = None, valid_at: datetime | None = None
    ) -> ShelfView:
        """See `store.Store.view`."""
        with self._lock:
            self._check_open()
            shelf = self.shelf(namespace)
            commit = shelf.commit
            if isinstance(as_of, datetime):
                commit = max((each.seq for each in self._commits if each.at <= as_of), default=0)
            elif as_of is not None:
                commit = min(commit, as_of)
            return ShelfView(self, shelf, commit, valid_at)

    def shelf(self, namespace: str) -> Shelf:
        """The shelf of a namespace, up to the latest commit."""
        with self._lock:
            shelf = self._shelves.get(namespace)
            if shelf is None:
                dim = int(self._facts.get("dim", 0))
                shelf = self._shelves[namespace] = Shelf(namespace, dim, analyser(self._facts["language"]))
            with shelf.lock:
                latest = len(self._commits)
                if shelf.commit < latest:
                    self._pull(shelf)
                    shelf.commit = latest
            return shelf

    def _pull(self, shelf: Shelf) -> None:
        rows = self._rows.get(shelf.namespace, [])
        fresh = rows[int(np.searchsorted(rows, shelf.last_key, side="right")) :] if rows else []
        entries, owners, vectors = [], [], []
        for key in fresh:
            version = self._versions[key]
            cube = version.cube
            entries.append(
                Entry(
                    key, version.born, version.died, cube.text, _seconds(cube.valid_from), _seconds(cube.valid_to),
                    cube.speaker, cube.role, cube.session, cube.meta.get("dates", ()), version.replaces,
                )
            )  # fmt: skip
            if version.vectors is not None:
                owners.extend([key] * len(version.vectors))
                vectors.append(version.vectors)
        dim = shelf.vectors.dim
        stacked = np.concatenate(vectors) if vectors else np.zeros((0, dim), np.float32)
        shelf.add(entries, np.array(owners, np.int64), stacked)
        ended = [key for key in self._ended.pop(shelf.namespace, ()) if key in self._versions]
        shelf.end((key, died) for key in ended if (died := self._versions[key].died) is not None)

    def read_cubes(self, keys: Sequence[int]) -> list[MemCube]:
        """The cube versions of these keys, in this order."""
        return [self._versions[key].cube for key in keys if key in self._versions]

    def read_keys(self, namespace: str, ids: Sequence[str]) -> dict[str, list[int]]:
        """Keys of every version of these ids, newest first."""
        return {id: self._keys[namespace, id][::-1] for id in ids if (namespace, id) in self._keys}

    def read_links(self, namespace: str, id: str, kind: str, commit: int) -> list[Link]:
        """Links that touch `id` at a commit."""
        return [
            each.link
            for each in self._edges
            if each.link.namespace == namespace
            and id in (each.link.head, each.link.tail)
            and kind in ("", each.link.kind)
            and each.born <= commit
            and (each.died is None or each.died > commit)
        ]

    def read_history(self, namespace: str, id: str, commit: int) -> list[MemCube]:
        """Every version of a cube up to a commit, with the times we believed it."""
        out = []
        for key in self._keys.get((namespace, id), ()):
            version = self._versions[key]
            if version.born > commit:
                continue
            ended = version.died is not None and version.died <= commit
            out.append(
                replace(
                    version.cube,
                    known_from=version.cube.known_from or self._commits[version.born - 1].at,
                    known_to=self._commits[version.died - 1].at if ended and version.died else None,
                )
            )
        return out

    def read_event(self, namespace: str, id: str) -> Event | None:
        """The event under this id, word for word."""
        return self._events.get((namespace, id))

    def embeddings(self, digests: Sequence[int]) -> dict[int, bytes]:
        """Vectors (half precision) that were made before, by digest of model and text."""
        return {each: self._embeddings[each] for each in digests if each in self._embeddings}

    def namespaces_of(self, id: str) -> list[str]:
        """The namespaces a cube of this id was ever in."""
        return [name for name, each in self._keys if each == id and self._keys[name, each]]

    def events_known(self, namespace: str, ids: Sequence[str]) -> set[str]:
        """Which of these event ids were taken in before."""
        return {id for id in ids if (namespace, id) in self._events or (namespace, id) in self._keys}

    def journal(self, since: int = 0) -> Iterator[Commit]:
        """See `store.Store.journal`."""
        yield from self._commits[since:]

    def namespaces(self) -> dict[str, int]:
        """See `store.Store.namespaces`."""
        counted = {
            name: sum(self._versions[key].died is None for key in keys) for name, keys in self._rows.items()
        }
        return {name: count for name, count in counted.items() if count}

    def verify(self) -> list[str]:
        """See `store.Store.verify`."""
        wrong = []
        for name, stands in self.namespaces().items():
            alive = len(self.view(name))
            if alive != stands:
                wrong.append(f"The index of namespace {name!r} holds {alive} cubes where {stands} stand.")
        return wrong

    def close(self) -> None:
        """See `store.Store.close`."""
        self.closed = True
        self._shelves.clear()


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.astimezone(UTC).timestamp()
