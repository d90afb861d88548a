"""The ledger of an SQLite space: its tables read from end to end, a page at a time."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from mnesis.store.ledger import CubeRow, Entry, Ledger, LinkRow
from mnesis.store.seal import ERASED

PAGE = 2_000
KEYS = 4_096  # vectors a cube may own; part of a vector's key


def sqlite_ledger(connection: sqlite3.Connection, sql: Mapping[str, str]) -> Ledger:
    """The ledger of the space a connection has open."""
    connection.text_factory = _lenient
    names: dict[int | None, str | None] = {None: "", **dict(connection.execute(sql["audit_names"]))}
    return Ledger(
        entries=_entries(connection, sql, names),
        told=_paged(connection, sql["event_digests"]),
        digests=lambda first, last: (digest for _, digest in connection.execute(sql["digests"], (first, last))),
        cubes=(
            CubeRow._make((*row[:3], names.get(row[3]), *row[4:7], *map(names.get, row[7:11]), *row[11:]))
            for row in _after(connection, sql["audit_cubes"])
        ),
        vectors=((pk // KEYS, pk % KEYS, name, raw) for pk, name, raw in _after(connection, sql["audit_vectors"])),
        resealed=_after(connection, sql["audit_resealed"]),
        touches=((row, seq, names.get(ns), *held) for row, seq, ns, *held in _paged(connection, sql["audit_touches"])),
        once=((names.get(ns), *rest) for ns, *rest in _paged(connection, sql["audit_once"])),
        events=((names.get(ns), *rest) for ns, *rest in _paged(connection, sql["audit_events"])),
        links=(
            LinkRow._make((names.get(row[0]), *row[1:7], names.get(row[7]), *row[8:]))
            for row in _paged(connection, sql["audit_links"])
        ),
        erased=((row, names.get(ns), seq) for row, ns, seq in _paged(connection, sql["audit_erased"])),
        derived=((names.get(ns), *rest) for ns, *rest in _paged(connection, sql["audit_derived"])),
        names=_name_faults(connection, sql),
        tombs={digest for (digest,) in _paged(connection, sql["audit_tombs"])},
        facts=dict(connection.execute(sql["facts"])),
    )  # fmt: skip


def _name_faults(connection: sqlite3.Connection, sql: Mapping[str, str]) -> Iterator[str]:
    """Names are numbered without gaps, and one that nobody uses any more was erased."""
    count, last = connection.execute("SELECT count(*), coalesce(max(id), 0) FROM names").fetchone()
    if count != last:
        yield f"There are {count} names, and the last has number {last}: some were taken away."
    for id, name in connection.execute(sql["audit_unused"]):
        if name != f"{ERASED}{id}":
            yield f"Nobody uses the name {name!r}: it was altered, or what used it was."


def _lenient(raw: bytes) -> str:
    """Text that may have been damaged: what is not UTF-8 comes as half a surrogate pair, which fits no digest."""
    return raw.decode("utf-8", "surrogateescape")


def _entries(
    connection: sqlite3.Connection, sql: Mapping[str, str], names: Mapping[int | None, str | None]
) -> Iterator[Entry]:
    for seq, at, author, reason, body, chain, ns in _after(connection, sql["commits_since"]):
        try:
            said = zlib.decompress(body).decode("utf-8", "surrogatepass")
        except (zlib.error, TypeError, ValueError):
            said = None
        yield Entry(seq, at, names.get(ns) or "", author, reason, said, chain)


def _after(connection: sqlite3.Connection, query: str) -> Iterator[Any]:
    """Rows that start with a number in ascending order, by a query that asks for those after one."""
    after = -(2**62)
    while page := connection.execute(query, (after, PAGE)).fetchall():
        yield from page
        after = page[-1][0]


def _paged(connection: sqlite3.Connection, query: str) -> Iterator[Any]:
    """Rows of a query without a number."""
    cursor = connection.execute(query)
    while page := cursor.fetchmany(PAGE):
        yield from page
