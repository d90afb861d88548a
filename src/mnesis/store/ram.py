"""A space in memory: the same promises as the SQLite store for as long as the process lives.

Versions are kept in one list in the order they were committed; a failed commit is taken back step by step.
"""

from __future__ import annotations

import json
import threading
from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import takewhile
from operator import itemgetter
from typing import Any

import numpy as np

from mnesis.errors import Conflict, NotFound, SpaceError, Superseded
from mnesis.store import Kept, seal
from mnesis.store.audit import audit
from mnesis.store.checks import (
    RULES,
    TWICE,
    check_hold,
    check_namespace,
    check_trust,
    check_vectors,
    held_by,
    lost,
    used,
)
from mnesis.store.drawn import Drawing, Row
from mnesis.store.generations import Generations, RamGenerations, model_of
from mnesis.store.laying import cube_of, lay_in_memory, link_of, vectors_of
from mnesis.store.ledger import CubeRow, Ledger, LinkRow
from mnesis.store.ledger import Entry as JournalRow
from mnesis.store.marks import marks, rests_on
from mnesis.store.migrations import newest
from mnesis.store.redact import PLAIN, masked, redacted, tombs
from mnesis.store.replay import Brought, Held
from mnesis.store.shelf import Entry, Shelf, Weight, findable
from mnesis.store.terms import analyser
from mnesis.store.view import ShelfView
from mnesis.words import (
    Add,
    Asked,
    Change,
    Commit,
    Connect,
    Disconnect,
    Erase,
    Event,
    Floats,
    Head,
    Link,
    MemCube,
    Move,
    Once,
    Restore,
    Retire,
    Revise,
    Touch,
    as_dict,
    replace,
)


@dataclass(slots=True)
class _Version:
    cube: MemCube
    born: int
    replaces: int
    vectors: Floats | None
    digests: tuple[int, ...] = ()
    died: int | None = None
    touched: list[tuple[int, MemCube]] = field(default_factory=list)  # (commit, the cube before it), oldest first
    uses: list[tuple[int, float]] = field(default_factory=list)  # (commit, the moment), oldest first

    digest: bytes = b""
    sealed: bytes | None = None  # digest of the vectors it came with
    resealed: bytes | None = None  # of those it has since the model was changed; empty without any

    def then(self, commit: int | None) -> MemCube:
        """The cube as strongly held as it was at a commit."""
        later = (before for seq, before in self.touched if commit is not None and seq > commit)
        return next(later, self.cube)


@dataclass(slots=True)
class _Tomb:
    """What is left of an erased version or event: its digest."""

    row: int  # 0 for an event
    namespace: str
    digest: bytes
    born: int
    erased: int


@dataclass(slots=True)
class _Edge:
    link: Link
    born: int
    died: int | None = None
    key: int = 0  # its place among all of them


class RamStore:
    """See `store.Store`."""

    def __init__(self, language: str = "english") -> None:
        self._facts = {"schema": str(newest("sqlite")), "language": analyser(language).language}
        self._seals = seal.facts_sealed(self._facts)
        self._lock = threading.RLock()
        self._versions: dict[int, _Version] = {}
        self._row = 0
        self._keys: dict[tuple[str, str], list[int]] = {}  # (namespace, id) -> keys, oldest first
        self._events: dict[tuple[str, str], tuple[int, Event, bytes]] = {}  # commit that brought it, event, digest
        self._once: dict[tuple[str, str], tuple[int, int, str]] = {}  # (namespace, key) -> commit, row before it, said
        self._edges: list[_Edge] = []
        self._ends: dict[tuple[str, str], list[_Edge]] | None = {}  # (namespace, end) -> its edges; None: to be made
        self._drawings: dict[str, Drawing] = {}
        self._commits: list[Commit] = []
        self._tombs: list[_Tomb] = []
        self._brought: list[bytes] = []  # digests of the cubes of the commit that is being made
        self._heard: list[bytes] = []  # and of its events
        self._embeddings: dict[int, tuple[bytes, int]] = {}  # digest -> vector, how many versions hold it
        self._shelves: dict[str, Shelf] = {}
        self._rows: dict[str, list[int]] = {}
        self._ended: dict[str, list[int]] = {}
        self._touched: dict[str, set[int]] = {}
        self._touches: dict[str, list[tuple[int, int]]] = {}  # (commit, key of the version), in order
        self._buried: set[bytes] = set()  # events that are not to come back, see `store.redact`
        self._emptied: set[str] = set()  # namespaces of which only the digest is left
        self._spoke: set[int] = set()  # commits that spoke of what is being erased
        self._replies: dict[str, dict[bytes, str]] = {}  # namespace -> digest of a question -> reply
        self._generations = RamGenerations(self)
        self.closed = False

    # ------------------------------------------------------------------------------------------------- writing

    def commit(self, changes: Sequence[Change], *, author: str, reason: str, at: datetime, namespace: str) -> Commit:
        """See `store.Store.commit`."""
        return self.together(lambda: [(namespace, changes)], author=author, reason=reason, at=at)[0]

    def together(
        self,
        plan: Callable[[], Iterable[tuple[str, Sequence[Change]]]],
        *,
        author: str,
        reason: str,
        at: datetime,
    ) -> list[Commit]:
        """See `store.Store.together`."""
        with self._lock:
            self._check_open()
            undo: list[Callable[[], Any]] = []
            done: list[Commit] = []
            erased: list[str] = []
            self._spoke = set()
            if self._commits and at < self._commits[-1].at:
                at = self._commits[-1].at  # see `store.Store.commit`
            try:
                model = model_of(self._facts)
                for changed, changes in list(plan()):
                    for each in changes:
                        if isinstance(each, Add | Revise) and each.model not in ("", model):
                            raise Superseded(f"The vectors of this space are those of {model!r}, not {each.model!r}.")
                    namespace = changed
                    if seal.erased(changed) in self._emptied:  # it was emptied once, and gets its name back
                        self._called(seal.erased(changed), changed, undo)
                    seq = len(self._commits) + len(done) + 1
                    self._brought, self._heard = [], []
                    check_trust(changes, self.read_trusts(namespace, rests_on(changes)))
                    body = [self._apply(change, seq, namespace, undo) for change in changes]
                    gone = {change.id for change in changes if isinstance(change, Erase)}
                    if gone:
                        namespace = self._redact(gone, namespace, undo)
                        body = redacted(body, gone)
                    last = [*self._commits[-1:], *done[-1:]]
                    before = bytes.fromhex(last[-1].hash) if last else b""
                    told = json.loads(seal.written(_joined(body)))  # ours alone
                    brought = [*self._brought, *sorted(self._heard)]
                    chain = seal.chained(before, seq, at.timestamp(), namespace, author, reason, told, brought)
                    done.append(Commit(seq, at, author, reason, tuple(told), chain.hex(), namespace))
                    erased += [changed] * bool(gone)
            except BaseException:
                for step in reversed(undo):
                    step()
                raise
            self._commits.extend(done)
            for namespace in erased:
                self._shelves.pop(namespace, None)
            return done

    def _apply(self, change: Change, seq: int, namespace: str, undo: list[Callable[[], Any]]) -> dict[str, Any]:
        if isinstance(change, Add):
            key = self._put(change, seq, namespace, 0, undo)
            return seal.noted({"op": "add", "rows": [key, key]}, key, change.cube)
        if isinstance(change, Revise):
            return self._revise(change, seq, namespace, undo)
        if isinstance(change, Retire):
            key = self._standing(namespace, change.id)
            self._end(key, seq, undo)
            version = self._versions[key].cube.version
            return {"op": "retire", "id": change.id, "version": version, "reason": change.reason}
        if isinstance(change, Connect | Disconnect):
            check_namespace(change.link, namespace)
            if isinstance(change, Disconnect):
                return self._cut(change.link, seq, undo)
            self._draw(_Edge(change.link, seq))
            undo.append(self._draw_back)
            return {"op": "connect", "link": as_dict(change.link)}
        if isinstance(change, Touch):
            return self._touch(change, seq, namespace, undo)
        if isinstance(change, Move):
            cube = self._versions[self._standing(namespace, change.id)].cube
            moved = replace(
                cube, version=cube.version + 1, type=change.type or cube.type, kind=change.kind or cube.kind
            )
            return self._revise(Revise(moved, reason=change.reason), seq, namespace, undo) | {"op": "move"}
        if isinstance(change, Restore):
            return self._restore(change, seq, namespace, undo)
        if isinstance(change, Asked):
            return {"op": "asked", **as_dict(change)}
        if isinstance(change, Once):
            if (namespace, change.key) in self._once:
                raise used(self._once[namespace, change.key][0])
            self._once[namespace, change.key] = (seq, self._row, change.said)
            undo.append(lambda: self._once.pop((namespace, change.key)))
            return {"op": "once", "key": change.key, "said": change.said}
        return self._erase(change, seq, namespace, undo)

    def _put(self, change: Add | Revise, seq: int, namespace: str, replaces: int, undo: list[Callable[[], Any]]) -> int:
        cube = change.cube
        check_namespace(cube, namespace)
        check_vectors(change.vectors, self._facts)
        keys = self._keys.get((namespace, cube.id), [])
        held = [self._versions[key] for key in keys]
        if any(each.cube.version == cube.version or (each.died is None and not replaces) for each in held):
            raise Conflict(TWICE, expected=0, found=held[-1].cube.version)
        self._row += 1
        key = self._row
        vectors = None if change.vectors is None else change.vectors.astype(np.float16).astype(np.float32)
        meta = json.loads(json.dumps(dict(cube.meta))) if cube.meta else {}  # ours alone, as any other store reads it
        kept = replace(cube, keys=(), vector=None, known_to=None, meta=meta)
        version = self._versions[key] = _Version(kept, seq, replaces, vectors, change.digests)
        version.sealed = _vectors_digest(version)
        version.digest = _digest(version)
        self._brought.append(version.digest)
        self._keys[namespace, cube.id] = [*keys, key]
        self._rows.setdefault(namespace, []).append(key)
        self._hold(version)

        def take_back() -> None:
            self._let_go(self._versions.pop(key))
            if keys:
                self._keys[namespace, cube.id] = keys
            else:
                del self._keys[namespace, cube.id]
            self._rows[namespace].pop()
            self._row -= 1

        undo.append(take_back)
        event = change.event
        whole = event is not None and event.id == cube.id and cube.version == 1 and event == seal.event_of(cube)
        if event is not None and not whole and (namespace, event.id) not in self._events:
            if event.meta:
                event = replace(event, meta=json.loads(json.dumps(dict(event.meta))))
            told = seal.event_digest(namespace, event.id, seal.event_body(event))
            self._heard.append(told)
            self._events[namespace, event.id] = seq, event, told
            undo.append(lambda: self._events.pop((namespace, event.id)))
        return key

    def _hold(self, version: _Version) -> None:
        for name, vector in zip(version.digests, () if version.vectors is None else version.vectors, strict=False):
            held, times = self._embeddings.get(name, (vector.astype(np.float16).tobytes(), 0))
            self._embeddings[name] = held, times + 1

    def _let_go(self, version: _Version) -> None:
        for name, _ in zip(version.digests, () if version.vectors is None else version.vectors, strict=False):
            held, times = self._embeddings.pop(name)
            if times > 1:
                self._embeddings[name] = held, times - 1

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
            expected = change.cube.version - 1
            raise lost(change.cube.id, expected, old.cube, self._version(namespace, change.cube.id, expected))
        self._end(key, seq, undo)
        if change.vectors is None:
            change = replace(change, vectors=old.vectors, digests=old.digests)
        new = self._put(change, seq, namespace, key, undo)
        told = {"op": "revise", "rows": [new, new], "id": change.cube.id, "version": change.cube.version}
        told |= {"reason": change.reason} if change.reason else {}
        return seal.noted(told, new, change.cube)

    def _version(self, namespace: str, id: str, version: int) -> MemCube | None:
        held = (self._versions[key].cube for key in self._keys.get((namespace, id), ()))
        return next((cube for cube in held if cube.version == version), None)

    def _restore(self, change: Restore, seq: int, namespace: str, undo: list[Callable[[], Any]]) -> dict[str, Any]:
        keys = self._keys.get((namespace, change.id), [])
        of = next((each for key in keys if (each := self._versions[key]).cube.version == change.version), None)
        if of is None:
            raise NotFound(f"Cube {change.id!r} has no version {change.version} in namespace {namespace!r} to restore.")
        newest = max(keys, key=lambda key: self._versions[key].cube.version)
        last = self._versions[newest]
        stood = last.died is None
        if stood:
            self._end(newest, seq, undo)
        version = last.cube.version + 1
        again = Revise(replace(of.cube, version=version, known_from=None), None, of.vectors, of.digests)
        new = self._put(again, seq, namespace, newest, undo)
        entry = {"op": "restore", "rows": [new, new], "id": change.id, "version": version, "of": change.version}
        return seal.noted(entry | ({"ends": last.cube.version} if stood else {}), new, again.cube)

    def _draw(self, edge: _Edge) -> None:
        self._edges.append(edge)
        edge.key = len(self._edges)
        ends = self._ends
        if ends is not None:
            for end in {edge.link.head, edge.link.tail}:
                ends.setdefault((edge.link.namespace, end), []).append(edge)

    def _draw_back(self) -> None:
        edge = self._edges.pop()
        self._ends = None
        self._drawings.pop(edge.link.namespace, None)

    def _touching(self, namespace: str, end: str) -> list[_Edge]:
        """The edges that touch a cube or entity, in the order they were drawn."""
        if self._ends is None:
            edges, self._edges, self._ends = self._edges, [], {}
            for edge in edges:
                self._draw(edge)
        return self._ends.get((namespace, end), [])

    def _cut(self, link: Link, seq: int, undo: list[Callable[[], Any]]) -> dict[str, Any]:
        found = False
        for edge in self._touching(link.namespace, link.head):
            if (
                edge.died is None
                and (edge.link.tail, edge.link.kind) == (link.tail, link.kind)
                and edge.link.head == link.head
            ):
                edge.died, found = seq, True
                undo.append(partial(setattr, edge, "died", None))
        if found:
            self._drawings.pop(link.namespace, None)
        return {"op": "disconnect", "link": as_dict(link)} if found else {"op": "nothing"}

    def _touch(self, change: Touch, seq: int, namespace: str, undo: list[Callable[[], Any]]) -> dict[str, Any]:
        key = self._standing(namespace, change.id)
        version = self._versions[key]
        before = version.cube
        given = change.held(before.strength)
        version.cube = replace(before, **given)
        if change.used is not None:
            version.uses.append((seq, change.used.timestamp()))
            undo.append(version.uses.pop)
        version.touched.append((seq, before))
        undo.append(version.touched.pop)
        undo.append(lambda: setattr(version, "cube", before))
        self._touched.setdefault(namespace, set()).add(key)
        self._touches.setdefault(namespace, []).append((seq, key))
        undo.append(self._touches[namespace].pop)
        return {"op": "touch", "id": change.id, "version": before.version, **given, **change.told()}

    def _erase(self, change: Erase, seq: int, namespace: str, undo: list[Callable[[], Any]]) -> dict[str, Any]:
        rules = (self._versions[keys[-1]] for id in held_by(namespace) if (keys := self._keys.get((RULES, id))))
        check_hold(namespace, (each.cube for each in rules if each.died is None))
        keys = self._keys.pop((namespace, change.id), None)
        if not keys:
            raise NotFound(f"There is no cube {change.id!r} in namespace {namespace!r} to erase.")
        self._replies.pop(namespace, None)
        gone = {key: self._versions.pop(key) for key in keys}
        rows, edges = self._rows[namespace], self._edges
        # The words of an event go with the cubes made of it, unless another cube is that very event.
        named = dict.fromkeys((change.id, *(id for each in gone.values() for id in each.cube.events)))
        events = {
            (namespace, id): event
            for id in named
            if (namespace, id) not in self._keys and (event := self._events.pop((namespace, id), None)) is not None
        }
        for each in gone.values():
            self._let_go(each)
        ends = len(self._tombs)
        self._tombs += [_Tomb(key, namespace, each.digest, each.born, seq) for key, each in gone.items()]
        self._tombs += [_Tomb(0, namespace, digest, born, seq) for born, _, digest in events.values()]
        cut = self._touching(namespace, change.id)
        edges = self._edges
        spoken: list[_Version | _Edge] = [*gone.values(), *(each for each in cut if each.link.namespace == namespace)]
        self._spoke.update(seq for each in spoken for seq in (each.born, each.died) if seq)
        self._rows[namespace] = [key for key in rows if key not in gone]
        self._edges = [
            each
            for each in edges
            if each.link.namespace != namespace or change.id not in (each.link.head, each.link.tail)
        ]
        self._ends = None
        self._drawings.pop(namespace, None)

        def take_back() -> None:
            self._keys[namespace, change.id] = keys
            self._versions.update(gone)
            self._rows[namespace], self._edges, self._ends = rows, edges, None
            self._drawings.pop(namespace, None)
            self._events.update(events)
            del self._tombs[ends:]
            for each in gone.values():
                self._hold(each)

        undo.append(take_back)
        size = sum(len(each.cube.text.encode()) for each in gone.values())
        buried = [
            each for (_, id), (_, event, _) in events.items() for each in tombs(namespace, id, event.source, event.text)
        ]
        first = next(iter(gone.values())).cube
        if change.id in first.events:  # it was its own event
            buried += tombs(namespace, change.id, first.sources[0] if first.sources else "", first.text)
        buried = list(dict.fromkeys(buried))
        fresh = set(buried) - self._buried
        self._buried |= fresh
        undo.append(lambda: self._buried.difference_update(fresh))
        since = min(each.born for each in gone.values())
        told = {"op": "erase", "id": masked(change.id), "versions": len(gone), "bytes": size, "since": since}
        return told | ({"tombs": [each.hex() for each in buried]} if buried else {})

    def _redact(self, gone: set[str], namespace: str, undo: list[Callable[[], Any]]) -> str:
        """Take what earlier entries said of erased cubes out of them; how the namespace is called from now on."""
        before, name = self._commits, namespace
        if not self._rows.get(namespace) and not any(each.link.namespace == namespace for each in self._edges):
            name = seal.erased(namespace)  # nobody is left there
        self._commits = []
        for each in before:
            kept = tuple(redacted(each.changes, gone))
            said = each.seq in self._spoke and each.reason not in PLAIN
            reason = seal.erased(each.reason) if said else each.reason
            self._commits.append(replace(each, changes=kept, reason=reason))
        undo.append(lambda: setattr(self, "_commits", before))
        if name != namespace:
            self._called(namespace, name, undo)
        return name

    def _called(self, old: str, new: str, undo: list[Callable[[], Any]] | None) -> None:
        """Give a namespace that was emptied, or is filled again, its other name in the journal."""
        self._emptied = self._emptied - {old} if old in self._emptied else self._emptied | {new}
        for tomb in self._tombs:
            tomb.namespace = new if tomb.namespace == old else tomb.namespace
        self._once = {(new if space == old else space, key): kept for (space, key), kept in self._once.items()}
        self._commits = [replace(each, namespace=new) if each.namespace == old else each for each in self._commits]
        if undo is not None:
            undo.append(lambda: self._called(new, old, None))

    def record(self, **facts: str) -> None:
        """See `store.Store.record`."""
        self._check_open()
        self._facts.update(facts)
        self._seals = seal.facts_sealed(self._facts)

    def claim(self, **facts: str) -> dict[str, str]:
        """See `store.Store.claim`."""
        self._check_open()
        self._facts = facts | self._facts
        self._seals = seal.facts_sealed(self._facts)
        return self.facts()

    def facts(self) -> dict[str, str]:
        """See `store.Store.facts`."""
        return dict(self._facts)

    # ------------------------------------------------------------------------------------------------- reading

    def _check_open(self) -> None:
        if self.closed:
            raise SpaceError("The space is closed; what was in memory is gone.")

    def view(self, namespace: str, as_of: int | datetime | None = None, valid_at: datetime | None = None) -> ShelfView:
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

    def glance(self, namespace: str) -> ShelfView:
        """See `store.Store.glance`."""
        return self.view(namespace)

    def shelf(self, namespace: str) -> Shelf:
        """The shelf of a namespace, up to the latest commit."""
        with self._lock:
            shelf = self._shelves.get(namespace)
            if shelf is None:
                dim, stems = int(self._facts.get("dim", 0)), analyser(self._facts["language"])
                shelf = self._shelves[namespace] = Shelf(namespace, dim, stems, model_of(self._facts))
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
                    key, version.born, version.died, findable(cube.text, cube.meta),
                    _seconds(cube.valid_from), _seconds(cube.valid_to), cube.speaker, cube.role, cube.session,
                    cube.meta.get("dates", ()), version.replaces, cube.importance,
                    marks({"trust": cube.trust, "type": cube.type, "meta": cube.meta, "kind": cube.kind}),
                    cube.strength,
                    self._commits[version.born - 1].at.timestamp(),
                )
            )  # fmt: skip
            if version.vectors is not None:
                owners.extend([key] * len(version.vectors))
                vectors.append(version.vectors)
        dim = shelf.vectors.dim
        stacked = np.concatenate(vectors) if vectors else np.zeros((0, dim), np.float32)
        shelf.add(entries, np.array(owners, np.int64), stacked)
        ended = [key for key in self._ended.pop(shelf.namespace, ()) if key in self._versions]
        touched = [key for key in self._touched.pop(shelf.namespace, ()) if key in self._versions]
        if fresh == rows:  # all of it is taken in anew
            touched = [key for key in rows if self._versions[key].touched]
        held = ((key, self._versions[key].cube) for key in touched)
        uses = self.read_used(shelf.namespace, shelf.commit, len(self._commits))
        shelf.weigh([(key, cube.importance, cube.strength) for key, cube in held], uses, len(self._commits))
        shelf.end((key, died) for key in ended if (died := self._versions[key].died) is not None)

    def generations(self) -> Generations:
        """See `store.Store.generations`."""
        return self._generations

    def furnished(self, shelf: Shelf) -> Shelf:
        """The same shelf with the vectors in use, for one with those of a former model."""
        fresh = shelf.revectored(int(self._facts.get("dim", 0)), model_of(self._facts))
        for row, key in enumerate(shelf.columns["key"][: shelf.size].tolist()):
            version = self._versions.get(key)
            if version is not None and version.vectors is not None:
                fresh.vectors.add(np.full(len(version.vectors), row, np.int64), version.vectors)
        return fresh

    def read_cubes(self, keys: Sequence[int], commit: int | None = None) -> list[MemCube]:
        """The cube versions of these keys, in this order, held as strongly as at a commit."""
        self._check_open()
        held = [self._versions[key].then(commit) for key in keys if key in self._versions]
        return [replace(cube, meta=dict(cube.meta)) if cube.meta else cube for cube in held]

    def read_weights(self, namespace: str, commit: int) -> list[Weight]:
        """How important and strong versions (by key) were at a commit, where they were touched since."""
        with self._lock:
            held = [(key, self._versions[key]) for key in self._rows.get(namespace, ())]
        then = [(key, each.then(commit)) for key, each in held if each.touched]
        return [(key, each.importance, each.strength) for key, each in then]

    def read_touched(self, namespace: str, since: int, upto: int) -> list[int]:
        """Keys of the versions that were touched after a commit and up to another."""
        return list(dict.fromkeys(key for _, key in self._touches_of(namespace, since, upto)))

    def read_used(self, namespace: str, since: int, upto: int) -> list[tuple[int, float]]:
        """The uses noted after a commit and up to another: (key of the version, the moment)."""
        told = dict.fromkeys(self._touches_of(namespace, since, upto))
        return [(key, uses[seq]) for seq, key in told if seq in (uses := _uses(self._versions[key]))]

    def _touches_of(self, namespace: str, since: int, upto: int) -> list[tuple[int, int]]:
        with self._lock:
            told = self._touches.get(namespace, [])
            return [
                (seq, key)
                for seq, key in told[bisect_right(told, since, key=itemgetter(0)) :]
                if seq <= upto and key in self._versions
            ]

    def read_uses(self, keys: Sequence[int], commit: int) -> list[tuple[int, float]]:
        """Every use up to a commit of the cubes these versions (by key) belong to: (key, the moment)."""
        out = []
        for key in keys:
            cube = self._versions[key].cube if key in self._versions else None
            line = self._keys.get((cube.namespace, cube.id), ()) if cube else ()
            uses = [_uses(self._versions[each]) for each in line if each in self._versions]
            out += sorted((key, at) for each in uses for seq, at in each.items() if seq <= commit)
        return out

    def kept(self, namespace: str, key: str) -> Kept | None:
        """See `store.Store.kept`."""
        with self._lock:
            self._check_open()
            names = (namespace, seal.erased(namespace))  # one that was emptied keeps its keys
            kept = next((self._once[name, key] for name in names if (name, key) in self._once), None)
            if kept is None:
                return None
            seq, before, said = kept
            rows = self._rows.get(namespace, [])
            later = rows[int(np.searchsorted(rows, before, side="right")) :] if rows else []
            keys = list(takewhile(lambda each: self._versions[each].born == seq, later))
        return Kept(seq, said, self.read_cubes(keys, seq))

    def read_keys(self, namespace: str, ids: Sequence[str]) -> dict[str, list[int]]:
        """Keys of every version of these ids, newest first."""
        return {id: self._keys[namespace, id][::-1] for id in ids if (namespace, id) in self._keys}

    def read_links(self, namespace: str, id: str, kind: str, commit: int) -> list[Link]:
        """Links that touch `id` at a commit."""
        return self.read_linked(namespace, [id], [kind] if kind else [], commit)

    def read_linked(self, namespace: str, ids: Sequence[str], kinds: Sequence[str], commit: int) -> list[Link]:
        """Links that touch any of these at a commit, each once, as they were drawn."""
        with self._lock:
            if len(ids) == 1:
                edges = self._touching(namespace, ids[0])
            else:
                found = {edge.key: edge for end in ids for edge in self._touching(namespace, end)}
                edges = [found[key] for key in sorted(found)]
        return [
            each.link
            for each in edges
            if (not kinds or each.link.kind in kinds)
            and each.born <= commit
            and (each.died is None or each.died > commit)
        ]

    def drawing(self, namespace: str) -> Drawing:
        """The links of a namespace as columns, up to the latest commit."""
        with self._lock:
            drawing = self._drawings.get(namespace)
            if drawing is None:
                drawing = self._drawings[namespace] = Drawing()
            fresh = enumerate(self._edges[drawing.seen :], drawing.seen + 1)
            with drawing.lock:
                drawing.extend(
                    (
                        Row(
                            key, each.link.head, each.link.tail, each.link.kind, each.link.weight,
                            None if each.link.valid_from is None else each.link.valid_from.timestamp(),
                            None if each.link.valid_to is None else each.link.valid_to.timestamp(),
                            each.born, each.died,
                        )
                        for key, each in fresh
                        if each.link.namespace == namespace
                    ),
                    len(self._commits),
                )  # fmt: skip
                drawing.seen = len(self._edges)
            return drawing

    def read_history(self, namespace: str, id: str, commit: int) -> list[MemCube]:
        """Every version of a cube up to a commit, with the times we believed it."""
        self._check_open()
        out = []
        for key in self._keys.get((namespace, id), ()):
            version = self._versions.get(key)
            if version is None or version.born > commit:
                continue
            ended = version.died is not None and version.died <= commit
            out.append(
                replace(
                    version.then(commit),
                    known_from=version.cube.known_from or self._commits[version.born - 1].at,
                    known_to=self._commits[version.died - 1].at if ended and version.died else None,
                )
            )
        return out

    def read_event(self, namespace: str, id: str, commit: int) -> Event | None:
        """The event under this id, word for word, if it was told by a commit."""
        born, event, _ = self._events.get((namespace, id), (0, None, b""))
        for key in self._keys.get((namespace, id), ()) if event is None else ():
            version = self._versions[key]
            if version.cube.version == 1 and id in version.cube.events:
                born, event = version.born, seal.event_of(version.cube)
        if event is None or born > commit:
            return None
        return replace(event, meta=json.loads(json.dumps(event.meta))) if event.meta else event

    def read_made_from(self, namespace: str, source: str) -> list[int]:
        """Keys of every cube version that names a cube or event as what it was made from."""
        return [
            key
            for key in self._rows.get(namespace, ())
            if (cube := self._versions[key].cube).id != source and source in (*cube.events, *cube.parents)
        ]

    def read_trusts(self, namespace: str, ids: Iterable[str]) -> dict[str, str]:
        """See `store.Store.read_trusts`."""
        found = {}
        for id in ids:
            if keys := self._keys.get((namespace, id)):
                found[id] = self._versions[keys[-1]].cube.trust
            elif told := self._events.get((namespace, id)):
                found[id] = told[1].trust
        return found

    def inhabited(self) -> list[str]:
        """See `store.Store.inhabited`."""
        self._check_open()
        return sorted(name for name, rows in self._rows.items() if rows)

    def tombs(self, wanted: Sequence[bytes]) -> set[bytes]:
        """See `store.Store.tombs`."""
        return self._buried.intersection(wanted)

    def purge(self) -> bool:
        """See `store.Store.purge`."""
        return True

    def embeddings(self, digests: Sequence[int]) -> dict[int, bytes]:
        """Vectors (half precision) that were made before, by digest of model and text."""
        self._check_open()
        return {each: self._embeddings[each][0] for each in digests if each in self._embeddings}

    def reply(self, namespace: str, key: bytes) -> str | None:
        """See `store.Store.reply`."""
        return self._replies.get(namespace, {}).get(key)

    def keep_replies(self, namespace: str, replies: Mapping[bytes, str], since: int) -> None:
        """See `store.Store.keep_replies`."""
        with self._lock:
            self._check_open()
            if not any(each.erased > since for each in self._tombs):
                self._replies.setdefault(namespace, {}).update(replies)

    def namespaces_of(self, id: str) -> list[str]:
        """The namespaces a cube of this id was ever in."""
        self._check_open()
        return [name for name in list(self._rows) if (name, id) in self._keys]

    def events_known(self, namespace: str, ids: Sequence[str]) -> set[str]:
        """Which of these event ids were taken in before."""
        self._check_open()
        return {id for id in ids if (namespace, id) in self._events or (namespace, id) in self._keys}

    def journal(self, since: int = 0) -> Iterator[Commit]:
        """See `store.Store.journal`."""
        self._check_open()
        return iter(self._commits[max(0, since) :])

    def head(self) -> Head:
        """See `store.Store.head`."""
        self._check_open()
        return Head(self._commits[-1].seq, self._commits[-1].hash) if self._commits else Head()

    def namespaces(self) -> dict[str, int]:
        """See `store.Store.namespaces`."""
        with self._lock:
            self._check_open()
            counted = {name: sum(self._versions[key].died is None for key in keys) for name, keys in self._rows.items()}
        return {name: count for name, count in counted.items() if count}

    def verify(self) -> list[str]:
        """See `store.Store.verify`."""
        self._check_open()
        with self._lock:
            wrong = list(audit(self._ledger()))
        if wrong:
            return wrong
        for name, stands in self.namespaces().items():
            alive = len(self.view(name))
            if alive != stands:
                wrong.append(f"The index of namespace {name!r} holds {alive} cubes where {stands} stand.")
        return wrong

    @contextmanager
    def ledgers(self) -> Iterator[tuple[Head, Callable[[], Ledger]]]:
        """See `store.Store.ledgers`."""
        with self._lock:
            yield self.head(), self._ledger

    def lay(self, journal: Sequence[Brought]) -> None:
        """See `store.Store.lay`."""
        lay_in_memory(self, journal)

    def place(self, brought: Brought, keys: Sequence[tuple[str, int, str]], last: int) -> None:
        """Take in one commit of another store, as it was kept there."""
        entry = brought.entry
        at = datetime.fromtimestamp(entry.at, UTC)
        said = (entry.author, entry.reason, tuple(brought.changes), entry.hash.hex(), entry.namespace)
        self._commits.append(Commit(entry.seq, at, *said))
        for held in brought.cubes:
            self._place(held)
        self._row = last
        self._once.update({(entry.namespace, key): (entry.seq, row, of) for key, row, of in keys})
        for told in brought.events:
            if told.id:
                event = Event(**json.loads(told.body))
                self._events[entry.namespace, told.id] = entry.seq, event, told.digest
            else:
                self._tombs.append(_Tomb(0, entry.namespace, told.digest, entry.seq, 0))
        for link in brought.links:
            self._draw(_Edge(link_of(link), link.born, link.died))
        self._drawings.clear()
        self._tombs += [_Tomb(gone.row, entry.namespace, gone.digest, entry.seq, gone.by) for gone in brought.gone]
        self._buried.update(bytes.fromhex(tomb) for change in brought.changes for tomb in change.get("tombs", ()))
        if entry.namespace.startswith(seal.ERASED):
            self._emptied.add(entry.namespace)

    def _place(self, held: Held) -> None:
        row, cube = held.cube, cube_of(held.cube)
        version = _Version(cube, row.born, row.replaces or 0, vectors_of(held), tuple(name for name, _ in held.vectors))
        version.died, version.digest, version.sealed, version.resealed = (
            row.died,
            row.digest,
            row.vectors,
            held.resealed,
        )
        version.touched = [
            (seq, replace(cube, strength=strength, importance=importance))
            for seq, strength, importance, _ in held.touches
        ]
        version.uses = [(seq, used) for seq, _, _, used in held.touches if used is not None]
        self._versions[row.row] = version
        for seq, *_ in held.touches:
            insort(self._touches.setdefault(cube.namespace, []), (seq, row.row))
        self._keys.setdefault((cube.namespace, cube.id), []).append(row.row)
        self._rows.setdefault(cube.namespace, []).append(row.row)
        self._hold(version)

    def _ledger(self) -> Ledger:
        """Everything that is kept, as an auditor reads it."""
        tombs = sorted((each for each in self._tombs if each.row), key=lambda each: each.row)
        buried = {each.row: each.digest for each in tombs}
        entries = (
            JournalRow(
                each.seq, each.at.timestamp(), each.namespace, each.author, each.reason, seal.written(each.changes),
                bytes.fromhex(each.hash),
            )
            for each in self._commits
        )  # fmt: skip
        told = [(each.born, each.digest) for each in self._tombs if not each.row]
        told += [(born, digest) for born, _, digest in self._events.values()]

        def digests(first: int, last: int) -> Iterator[bytes]:
            for row in range(first, last + 1):
                if row in self._versions:
                    yield self._versions[row].digest
                elif row in buried:
                    yield buried[row]

        rows = sorted(self._versions.items())
        return Ledger(
            entries=entries,
            told=sorted(told),
            digests=digests,
            cubes=(_cube_row(row, version) for row, version in rows),
            vectors=(each for row, version in rows for each in _vector_rows(row, version)),
            resealed=((row, each.resealed) for row, each in rows if each.resealed is not None),
            touches=(each for row, version in rows for each in _touch_rows(row, version)),
            once=((space, key, *kept) for (space, key), kept in self._once.items()),
            events=(
                (space, id, born, seal.event_body(event), digest)
                for (space, id), (born, event, digest) in self._events.items()
            ),
            links=(_link_row(each) for each in self._edges),
            erased=((each.row, each.namespace, each.erased) for each in tombs),
            derived=(
                (cube.namespace, source, row)
                for row, version in rows
                for cube in [version.cube]
                for source in {*cube.events, *cube.parents} - {cube.id}
            ),
            names=(),
            tombs=self._buried,
            facts={**self._facts, seal.SEALS: self._seals},
        )  # fmt: skip

    def close(self) -> None:
        """See `store.Store.close`."""
        self.closed = True
        self._shelves.clear()


def _joined(body: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries of a commit, with additions that follow each other as one."""
    out: list[dict[str, Any]] = []
    for entry in body:
        if out and entry["op"] == out[-1]["op"] == "add":
            out[-1]["rows"][1] = entry["rows"][1]
            if "held" in entry:
                out[-1].setdefault("held", []).extend(entry["held"])
        else:
            out.append(entry)
    return out


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.astimezone(UTC).timestamp()


def _vector_rows(row: int, version: _Version) -> list[tuple[int, int, int, bytes]]:
    """The vectors of a version in half precision, each with its place and its name."""
    if version.vectors is None:
        return []
    names = [*version.digests, *[0] * len(version.vectors)]
    half = version.vectors.astype(np.float16)
    return [(row, n, names[n], each.tobytes()) for n, each in enumerate(half)]


def _uses(version: _Version) -> dict[int, float]:
    """The last moment each commit says a version was used at."""
    found: dict[int, float] = {}
    for seq, at in version.uses:
        found[seq] = max(at, found.get(seq, at))
    return found


def _touch_rows(row: int, version: _Version) -> list[tuple[int, int, str, float, float, float | None]]:
    """How strongly a version was held before each commit that touched it, and when it was used by it."""
    first, uses = dict(reversed(version.touched)), _uses(version)
    return [
        (row, seq, before.namespace, before.strength, before.importance, uses.get(seq))
        for seq, before in sorted(first.items(), key=lambda each: each[0])
    ]


def _vectors_digest(version: _Version) -> bytes | None:
    rows = _vector_rows(0, version)
    return seal.vectors_digest([each[2] for each in rows], b"".join(each[3] for each in rows)) if rows else None


def _digest(version: _Version) -> bytes:
    row = _cube_row(0, version)
    names = (row.namespace, row.speaker, row.session, row.role, row.made_by)
    kept = (row.text, row.at, row.until, row.source, row.body, row.vectors)
    return seal.row_digest(row.id, row.version, [str(each) for each in names], *kept)


def _cube_row(row: int, version: _Version) -> CubeRow:
    cube = version.cube
    source = cube.sources[0] if len(cube.sources) == 1 else None
    return CubeRow(
        row, cube.id, cube.version, cube.namespace, cube.text, _seconds(cube.valid_from), _seconds(cube.valid_to),
        cube.speaker, cube.session, cube.role, cube.made_by, source, seal.body(cube, source), cube.strength,
        cube.importance, version.born, version.died, version.replaces,
        version.touched[-1][0] if version.touched else None, version.sealed, version.digest,
    )  # fmt: skip


def _link_row(edge: _Edge) -> LinkRow:
    link = edge.link
    times = (_seconds(link.valid_from), _seconds(link.valid_to))
    ends = (link.namespace, link.head, link.tail, link.kind, link.weight)
    return LinkRow(*ends, *times, link.made_by, edge.born, edge.died)
