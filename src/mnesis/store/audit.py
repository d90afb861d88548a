"""An SQLite space checked from end to end: the file, the journal, and that both say the same.

The journal is followed from its first entry: hashes, digests of what each commit brought, and from when to when each
version stood. Then every cube, event and link is held against it. What is wrong comes out as sentences.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mnesis.errors import SpaceError
from mnesis.store.seal import chained, cube_digest, event_digest
from mnesis.words import MemCube

PAGE = 2_000
ReadCube = Callable[[tuple[Any, ...]], MemCube]


def audit(connection: sqlite3.Connection, sql: Mapping[str, str], read: ReadCube) -> list[str]:
    """Everything that is wrong in a space; `read` makes a cube of a row of the query `audit_cubes`."""
    try:
        wrong = [f"SQLite: {line}" for (line,) in connection.execute("PRAGMA integrity_check") if line != "ok"]
        return wrong or _Audit(connection, sql, read).faults()
    except (sqlite3.DatabaseError, SpaceError) as err:
        return [f"SQLite: {err}"]


class _Audit:
    """One pass; what the journal says is gathered first."""

    def __init__(self, connection: sqlite3.Connection, sql: Mapping[str, str], read: ReadCube) -> None:
        self.connection, self.sql, self.read = connection, sql, read
        self.names: dict[int, str] = dict(connection.execute("SELECT id, name FROM names"))
        self.spans: list[tuple[int, int, int]] = []  # (first row, last row, commit) of what was added, ascending
        self.ended: dict[tuple[int, str], dict[int, int]] = {}  # (namespace, id) -> version -> commit that ended it
        self.links: Counter[tuple[Any, ...]] = Counter()
        self.last = 0

    def faults(self) -> list[str]:
        return [*self._journal(), *self._cubes(), *self._events(), *self._links()]

    def _journal(self) -> Iterator[str]:
        brought: dict[int, list[bytes]] = {}
        for seq, digest in self.connection.execute(self.sql["event_digests"]):
            brought.setdefault(seq, []).append(digest)
        before = b""
        for seq, at, author, reason, body, chain, ns in self.connection.execute(self.sql["commits_since"], (0, -1)):
            if seq != self.last + 1:
                lost = f"Commit {seq - 1} is" if seq == self.last + 2 else f"Commits {self.last + 1} to {seq - 1} are"
                yield f"{lost} missing from the journal."
            self.last = seq
            try:
                changes = json.loads(zlib.decompress(body))
                digests = [each for change in changes for each in self._digests(change.get("rows"))]
                made = chained(before, seq, at, self.names[ns], author, reason, body, digests + brought.get(seq, []))
                self._note(seq, ns, changes)
            except (zlib.error, ValueError, KeyError, TypeError, AttributeError):
                made = b""
            if made != chain:
                yield f"Commit {seq} or what it brought was altered: its hash does not fit."
            before = chain

    def _digests(self, rows: list[int] | None) -> list[bytes]:
        return [digest for _, digest in self.connection.execute(self.sql["digests"], rows)] if rows else []

    def _note(self, seq: int, ns: int, changes: list[dict[str, Any]]) -> None:
        for change in changes:
            op = change["op"]
            if "rows" in change:
                self.spans.append((*change["rows"], seq))
            if op in ("revise", "move"):
                self.ended.setdefault((ns, change["id"]), {})[change["version"] - 1] = seq
            elif op == "restore" and "ends" in change:
                self.ended.setdefault((ns, change["id"]), {})[change["ends"]] = seq
            elif op == "retire":
                self.ended.setdefault((ns, change["id"]), {})[change["version"]] = seq
            elif op == "erase":
                self.ended.pop((ns, change["id"]), None)
            elif op == "connect":
                link = change["link"]
                self.links[seq, ns, link["head"], link["tail"], link["kind"], link.get("weight", 1.0)] += 1

    def _cubes(self) -> Iterator[str]:
        firsts = [first for first, _, _ in self.spans]
        after = 0
        while page := self.connection.execute(self.sql["audit_cubes"], (after, PAGE)).fetchall():
            for *row, born, died, kept in page:
                number, id, version, ns = row[:4]
                name = f"Cube {id}, version {version},"
                try:
                    fits = cube_digest(self.read(tuple(row))) == kept
                except (ValueError, TypeError, AttributeError, KeyError):
                    fits = False
                at = bisect_right(firsts, number) - 1
                if not fits:
                    yield f"{name} was altered: its digest does not fit."
                elif at < 0 or self.spans[at][1] < number or self.spans[at][2] != born:
                    yield f"{name} stands in the space, but no commit {born} of the journal brought it."
                elif self.ended.get((ns, id), {}).get(version) != died:
                    yield f"{name} ended at commit {died}, but the journal says otherwise."
            after = page[-1][0]

    def _events(self) -> Iterator[str]:
        for ns, id, raw, kept in self.connection.execute("SELECT ns, id, body, digest FROM events"):
            if event_digest(self.names.get(ns, ""), id, raw) != kept:
                yield f"Event {id} was altered: its digest does not fit."

    def _links(self) -> Iterator[str]:
        for head, tail, *rest in self.connection.execute("SELECT head, tail, kind, weight, ns, born FROM links"):
            kind, weight, ns, born = rest
            key = (born, ns, head, tail, kind, weight)
            if not self.links[key]:
                yield f"The link {kind!r} from {head} to {tail} is not as commit {born} of the journal drew it."
            self.links[key] -= 1
