"""Laying the commits of another store into an empty one, row by row as they were: same rows, same hashes.

What is derived from a commit (which versions it ended, how strongly cubes are held, keys that were used) comes along
as it was kept; that all of it is as the journal says is for `verify` to tell at the end.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from mnesis.errors import SpaceError
from mnesis.store import seal
from mnesis.store.generations import KEYS
from mnesis.store.ledger import CubeRow, LinkRow
from mnesis.store.replay import Brought, Held
from mnesis.words import Link, MemCube, cube_from, replace

if TYPE_CHECKING:
    import sqlite3

    from mnesis.store.ram import RamStore
    from mnesis.store.sqlite import SqliteStore


def next_in(store: SqliteStore | RamStore, brought: Brought) -> None:
    """Refuse a commit that does not come next: somebody else has written to this store."""
    head = store.head()
    if brought.entry.seq != head.seq + 1:
        raise SpaceError(f"Commit {brought.entry.seq} cannot follow commit {head.seq}; somebody else has written here.")


def _once(brought: Brought, row: int) -> Iterator[tuple[str, int, str]]:
    """The keys this commit used, with the last row brought before each."""
    for change in brought.changes:
        if "rows" in change:
            row = max(row, change["rows"][1])
        if change["op"] == "once":
            yield change["key"], row, change["said"]


def _last(brought: Brought, row: int) -> int:
    return max([row, *(int(change["rows"][1]) for change in brought.changes if "rows" in change)])


# ------------------------------------------------------------------------------------------------------- SQLite


def lay_in_file(store: SqliteStore, journal: Sequence[Brought]) -> None:
    """Lay commits in one transaction."""
    with store._transaction() as connection:
        next_in(store, journal[0])
        last = connection.execute(store._sql["last"]).fetchone()
        row = int(last[4]) if last else 0
        for brought in journal:
            _lay(store, connection, brought, row)
            row = _last(brought, row)


def _lay(store: SqliteStore, connection: sqlite3.Connection, brought: Brought, row: int) -> None:
    sql, entry = store._sql, brought.entry

    def number(name: str | None) -> int | None:
        return store.name_id(connection, name or "")

    ns = number(entry.namespace) or 0
    raw = zlib.compress(seal.written(brought.changes).encode("utf-8", "surrogatepass"), 6)
    connection.execute(sql["add_commit"], (entry.seq, entry.at, ns, entry.author, entry.reason, raw, entry.hash))
    for held in brought.cubes:
        cube = held.cube
        names = [number(name) for name in (cube.speaker, cube.session, cube.role, cube.made_by)]
        connection.execute(
            sql["lay_cube"],
            (
                cube.row, cube.id, cube.version, ns, cube.born, cube.died, cube.replaces or None, cube.text, cube.at,
                cube.until, *names, cube.source, cube.body, None if cube.strength == 1.0 else cube.strength,
                cube.importance or None, cube.touched, cube.vectors, cube.digest,
            ),
        )  # fmt: skip
        vectors = [(cube.row * KEYS + at, name, raw) for at, (name, raw) in enumerate(held.vectors)]
        connection.executemany(sql["add_vector"], vectors)
        if held.resealed is not None:
            connection.execute(sql["lay_resealed"], (cube.row, held.resealed))
        connection.executemany(
            sql["lay_touch"],
            [
                (cube.row, seq, ns, None if strength == 1.0 else strength, importance or None, used)
                for seq, strength, importance, used in held.touches
            ],
        )
    for told in brought.events:
        if told.id:
            connection.execute(sql["add_event"], (ns, told.id, entry.seq, told.body, told.digest))
        else:
            connection.execute(sql["lay_erased_event"], (entry.seq, told.digest))
    for link in brought.links:
        ends = (link.head, link.tail, link.kind, link.weight, link.since, link.until)
        connection.execute(sql["lay_link"], (ns, *ends, number(link.made_by), entry.seq, link.died))
    connection.executemany(sql["note_erased"], [(gone.row, ns, gone.digest, gone.by) for gone in brought.gone])
    for sources, row_of in ((_sources(held.cube), held.cube.row) for held in brought.cubes):
        connection.executemany(sql["add_derived"], [(ns, source, row_of) for source in sources])
    tombs = [(bytes.fromhex(tomb),) for change in brought.changes for tomb in change.get("tombs", ())]
    connection.executemany(sql["add_tomb"], tombs)
    keys = [(ns, key, entry.seq, before, said) for key, before, said in _once(brought, row)]
    connection.executemany(sql["add_once"], keys)


def _sources(row: CubeRow) -> list[str]:
    cube = cube_of(row)
    return sorted({*cube.events, *cube.parents} - {cube.id})


# ---------------------------------------------------------------------------------------------------------- ram


def lay_in_memory(store: RamStore, journal: Sequence[Brought]) -> None:
    """Lay commits into a space in memory."""
    with store._lock:
        next_in(store, journal[0])
        for brought in journal:
            row = store._row
            store.place(brought, list(_once(brought, row)), _last(brought, row))


def cube_of(row: CubeRow) -> MemCube:
    """The cube of a row."""
    record: dict[str, Any] = json.loads(row.body) if row.body else {}
    record.setdefault("events", [row.id])
    if row.source is not None:
        record.setdefault("sources", [row.source])
    names = {"speaker": row.speaker or "", "session": row.session or "", "role": row.role or ""}
    cube = cube_from(record | names | {"id": row.id, "text": row.text, "version": row.version})
    return replace(
        cube,
        namespace=row.namespace or "",
        made_by=row.made_by or "",
        valid_from=_moment(row.at),
        valid_to=_moment(row.until),
        strength=1.0 if row.strength is None else row.strength,
        importance=0.0 if row.importance is None else row.importance,
    )


def vectors_of(held: Held) -> Any:
    """The vectors of a version as numbers, or None."""
    if not held.vectors:
        return None
    return np.stack([np.frombuffer(raw, np.float16) for _, raw in held.vectors]).astype(np.float32)


def link_of(row: LinkRow) -> Link:
    """The link of a row."""
    times = (_moment(row.since), _moment(row.until))
    return Link(row.head, row.tail, row.kind, row.weight, row.namespace or "", *times, row.made_by or "")


def _moment(at: float | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)
