"""One transaction on an SQLite space in the making: changes become rows, and what the journal says of them.

`sqlite.SqliteStore` opens and ends the transaction; nothing here is seen by anybody before that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import numpy as np

from mnesis.errors import Conflict, NotFound
from mnesis.store import seal
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
from mnesis.store.erasing import Erasing
from mnesis.store.generations import KEYS
from mnesis.store.marks import rests_on
from mnesis.words import (
    Add,
    Asked,
    Change,
    Connect,
    Disconnect,
    Erase,
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


class Desk(Protocol):
    """What a transaction needs of the store it writes to."""

    @property
    def written(self) -> Mapping[str, str]:
        """What the space records of itself."""

    def room_id(self, connection: sqlite3.Connection, namespace: str) -> int: ...
    def name_id(self, connection: sqlite3.Connection, name: str) -> int | None: ...
    def cube_of(self, connection: sqlite3.Connection, row: tuple[Any, ...]) -> MemCube: ...
    def read_trusts(
        self, namespace: str, ids: Iterable[str], connection: sqlite3.Connection | None = None
    ) -> dict[str, str]: ...


class Writing:
    """One transaction in the making: applies changes and gathers what the journal says of them."""

    def __init__(
        self,
        store: Desk,
        sql: Mapping[str, str],
        connection: sqlite3.Connection,
        seq: int,
        row: int,
        namespace: str,
        at: datetime,
    ) -> None:
        self.store, self.connection, self.seq, self.namespace, self.at = store, connection, seq, namespace, at
        self.sql = sql
        self.ns = store.room_id(connection, namespace)
        self.row = row  # the last one given
        self.added = 0
        self.erasing: Erasing | None = None
        self.digests: list[bytes] = []  # of cubes
        self.told: list[bytes] = []  # of events
        self._cubes: list[tuple[Any, ...]] = []
        self._vectors: list[tuple[int, int, bytes]] = []

    def apply(self, changes: Sequence[Change]) -> list[dict[str, Any]]:
        body: list[dict[str, Any]] = []
        asked = rests_on(changes)
        check_trust(changes, self.store.read_trusts(self.namespace, asked, self.connection) if asked else {})
        for change in changes:
            if isinstance(change, Add):
                self._add(change, None)
                if body and body[-1]["op"] == "add":
                    body[-1]["rows"][1] = self.row
                else:
                    body.append({"op": "add", "rows": [self.row, self.row]})
                if held := seal.held(self.row, change.cube):
                    body[-1].setdefault("held", []).append(held)
            else:
                self._flush()
                body.append(self._other(change))
        self._flush()
        return body if self.erasing is None else self.erasing.finish(body)

    def _add(self, change: Add | Revise, replaces: int | None, carried: bytes | None = None) -> None:
        cube = change.cube
        check_namespace(cube, self.namespace)
        check_vectors(change.vectors, self.store.written)
        if cube.version > 1 and replaces is None:
            self._check_gone(cube)
        self.row += 1
        self.added += 1
        number = self.store.name_id
        connection = self.connection
        at = None if cube.valid_from is None else cube.valid_from.timestamp()
        until = None if cube.valid_to is None else cube.valid_to.timestamp()
        source = cube.sources[0] if len(cube.sources) == 1 else None
        body = seal.body(cube, source)
        vectors = carried if change.vectors is None else self._hold(change)
        digest = seal.cube_digest(cube, at, until, source, body, vectors)
        self.digests.append(digest)
        self._cubes.append(
            (
                self.row, cube.id, cube.version, self.ns, self.seq, replaces, cube.text, at, until,
                number(connection, cube.speaker), number(connection, cube.session), number(connection, cube.role),
                number(connection, cube.made_by), source, body,
                None if cube.strength == 1.0 else cube.strength, cube.importance or None, vectors, digest,
            )
        )  # fmt: skip
        for name in {*cube.events, *cube.parents} - {cube.id}:
            connection.execute(self.sql["add_derived"], (self.ns, name, self.row))
        event = change.event
        if event is not None and not (event.id == cube.id and cube.version == 1 and event == seal.event_of(cube)):
            raw = seal.event_body(event)
            told = seal.event_digest(self.namespace, event.id, raw)
            if connection.execute(self.sql["add_event"], (self.ns, event.id, self.seq, raw, told)).rowcount:
                self.told.append(told)

    def _hold(self, change: Add | Revise) -> bytes | None:
        """Keep the vectors of the newest row; their digest."""
        half = np.asarray(change.vectors, np.float16)[:KEYS]
        names = [*change.digests[: len(half)], *[0] * (len(half) - len(change.digests))]
        raw, size, first = half.tobytes(), 2 * half.shape[1], self.row * KEYS
        self._vectors.extend((first + n, name, raw[n * size : (n + 1) * size]) for n, name in enumerate(names))
        return seal.vectors_digest(names, raw) if names else None

    def _check_gone(self, cube: MemCube) -> None:
        self._flush()
        standing = self.connection.execute(self.sql["standing"], (cube.id, self.ns)).fetchone()
        if standing:
            raise Conflict(TWICE, expected=0, found=int(standing[1]))

    def _flush(self) -> None:
        if self._cubes:
            try:
                self.connection.executemany(self.sql["add_cube"], self._cubes)
            except sqlite3.IntegrityError as err:
                raise Conflict(TWICE, expected=0, found=1) from err
            self.connection.executemany(self.sql["add_vector"], self._vectors)
            self._cubes, self._vectors = [], []

    def _standing(self, id: str) -> tuple[int, int]:
        row = self.connection.execute(self.sql["standing"], (id, self.ns)).fetchone()
        if row is None:
            raise NotFound(f"No cube {id!r} stands in namespace {self.namespace!r}; it may have been retired.")
        return int(row[0]), int(row[1])

    def _other(
        self, change: Revise | Retire | Connect | Disconnect | Touch | Move | Erase | Restore | Once | Asked
    ) -> dict[str, Any]:
        if isinstance(change, Revise):
            return self._revise(change)
        if isinstance(change, Retire):
            row, version = self._standing(change.id)
            self.connection.execute(self.sql["end_cube"], (self.seq, row))
            return {"op": "retire", "id": change.id, "version": version, "reason": change.reason}
        if isinstance(change, Connect | Disconnect):
            return self._link(change)
        if isinstance(change, Touch):
            row, version = self._standing(change.id)
            self.connection.execute(self.sql["note_touch"], (self.seq, row))
            given = change.held(self.store_cube(row).strength if change.gain else 1.0)
            held = (given.get("strength"), given.get("importance"), self.seq, row)
            self.connection.execute(self.sql["touch_cube"], held)
            if change.used is not None:
                self.connection.execute(self.sql["note_use"], (change.used.timestamp(), row, self.seq))
            return {"op": "touch", "id": change.id, "version": version, **given, **change.told()}
        if isinstance(change, Move):
            row, _ = self._standing(change.id)
            cube = self.store_cube(row)
            moved = replace(
                cube, version=cube.version + 1, type=change.type or cube.type, kind=change.kind or cube.kind
            )
            return self._revise(Revise(moved, reason=change.reason)) | {"op": "move"}
        if isinstance(change, Restore):
            return self._restore(change)
        if isinstance(change, Once):
            return self._once(change)
        if isinstance(change, Asked):
            return {"op": "asked", **as_dict(change)}
        return self._erase(change)

    def store_cube(self, row: int) -> MemCube:
        """The cube version of a row, as this transaction sees it."""
        found = self.connection.execute(
            "SELECT row, id, version, ns, text, at, until, speaker, session, role, made, source, body, strength,"
            " importance, born, died FROM cubes WHERE row = ?",
            (row,),
        ).fetchone()
        return self.store.cube_of(self.connection, found)

    def _revise(self, change: Revise) -> dict[str, Any]:
        row, version = self._standing(change.cube.id)
        if change.cube.version != version + 1:
            expected = change.cube.version - 1
            known = self.connection.execute(self.sql["version"], (change.cube.id, self.ns, expected)).fetchone()
            standing = self.store_cube(row)
            raise lost(change.cube.id, expected, standing, self.store_cube(known[0]) if known else None)
        self.connection.execute(self.sql["end_cube"], (self.seq, row))
        carried = self._carry(row, self.row + 1) if change.vectors is None else None  # where the text is the same
        self._add(change, row, carried)
        self._flush()
        told = {"op": "revise", "rows": [self.row, self.row], "id": change.cube.id, "version": change.cube.version}
        told |= {"reason": change.reason} if change.reason else {}
        return seal.noted(told, self.row, change.cube)

    def _restore(self, change: Restore) -> dict[str, Any]:
        of = self.connection.execute(self.sql["version"], (change.id, self.ns, change.version)).fetchone()
        if of is None:
            raise NotFound(
                f"Cube {change.id!r} has no version {change.version} in namespace {self.namespace!r} to restore."
            )
        row, version, died = self.connection.execute(self.sql["newest"], (change.id, self.ns)).fetchone()
        if died is None:
            self.connection.execute(self.sql["end_cube"], (self.seq, row))
        cube = replace(self.store_cube(of[0]), version=version + 1, known_from=None)
        self._add(Revise(cube), row, self._carry(of[0], self.row + 1))
        self._flush()
        entry = {"op": "restore", "rows": [self.row, self.row], "id": change.id, "version": version + 1}
        entry |= {"of": change.version} | ({"ends": version} if died is None else {})
        return seal.noted(entry, self.row, cube)

    def _once(self, change: Once) -> dict[str, Any]:
        kept = self.connection.execute(self.sql["once"], (self.ns, change.key)).fetchone()
        if kept is not None:
            raise used(int(kept[0]))
        self.connection.execute(self.sql["add_once"], (self.ns, change.key, self.seq, self.row, change.said))
        return {"op": "once", "key": change.key, "said": change.said}

    def _carry(self, old: int, new: int) -> bytes | None:
        """Give the vectors of one row to another; their digest."""
        span = (old * KEYS, (old + 1) * KEYS)
        query = "SELECT pk, digest, vector FROM vectors WHERE pk >= ? AND pk < ? ORDER BY pk"
        held = self.connection.execute(query, span).fetchall()
        self._vectors.extend((pk - old * KEYS + new * KEYS, digest, vector) for pk, digest, vector in held)
        names, raw = [digest for _, digest, _ in held], b"".join(vector for *_, vector in held)
        return seal.vectors_digest(names, raw) if held else None

    def _link(self, change: Connect | Disconnect) -> dict[str, Any]:
        link = change.link
        check_namespace(link, self.namespace)
        if isinstance(change, Disconnect):
            ended = (self.seq, self.ns, link.head, link.tail, link.kind)
            if not self.connection.execute(self.sql["end_link"], ended).rowcount:
                return {"op": "nothing"}  # a link that does not stand is not spoken of: an erasure would not find it
            return {"op": "disconnect", "link": as_dict(link)}
        made = self.store.name_id(self.connection, link.made_by)
        self.connection.execute(
            self.sql["add_link"],
            (
                self.ns, link.head, link.tail, link.kind, link.weight,
                None if link.valid_from is None else link.valid_from.timestamp(),
                None if link.valid_to is None else link.valid_to.timestamp(), made, self.seq,
            ),
        )  # fmt: skip
        return {"op": "connect", "link": as_dict(link)}

    def _rules(self) -> Iterator[MemCube]:
        """The rules that stand on the namespace and those around it."""
        ns = self.connection.execute(self.sql["id_of"], (RULES,)).fetchone()
        for id in held_by(self.namespace) if ns else ():
            row = self.connection.execute(self.sql["standing"], (id, ns[0])).fetchone()
            if row is not None:
                yield self.store_cube(row[0])

    def _erase(self, change: Erase) -> dict[str, Any]:
        versions = self.connection.execute(self.sql["versions"], (change.id, self.ns)).fetchall()
        if not versions:
            raise NotFound(f"There is no cube {change.id!r} in namespace {self.namespace!r} to erase.")
        cubes = [self.store_cube(row) for row, *_ in versions]
        if self.erasing is None:
            check_hold(self.namespace, self._rules())
            self.connection.execute(self.sql["erase_replies"], (self.namespace,))
            self.erasing = Erasing(self.connection, self.sql, self.ns, self.namespace, self.seq)
        for row, *_ in versions:
            self.connection.execute(self.sql["erase_touches"], (row,))
            self.connection.execute(self.sql["unseal"], (row,))
        return self.erasing.erase(change.id, versions, cubes, KEYS)
