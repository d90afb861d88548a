"""Erasing cubes from an SQLite space: every row that holds a word of them, within one transaction.

What goes: all versions, their vectors (which are the cache of embeddings), links, events nobody else is kept from,
the words the journal said of them, names nobody else uses. What stays: digests, so that the journal can be followed.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from mnesis.store.redact import MADE, PLAIN, masked, redacted, tombs
from mnesis.store.seal import ERASED, erased, written
from mnesis.words import MemCube

Version = tuple[int, bytes, int, int, int | None, int | None, int | None, int | None, int | None]


class Erasing:
    """The erasures of one commit; `finish` takes their words out of earlier entries."""

    def __init__(
        self, connection: sqlite3.Connection, sql: Mapping[str, str], ns: int, namespace: str, seq: int
    ) -> None:
        self.connection, self.sql, self.ns, self.namespace, self.seq = connection, sql, ns, namespace, seq
        self.gone: set[str] = set()
        self._commits: set[int] = set()
        self._names: set[int] = set()

    def erase(self, id: str, versions: Sequence[Version], cubes: Sequence[MemCube], keys: int) -> dict[str, Any]:
        """Take one cube away; what the journal is to say of it."""
        run = self.connection.execute
        for row, digest, _, born, died, *names in versions:
            run(self.sql["erase_cube"], (row,))
            run(self.sql["erase_vectors"], (row * keys, (row + 1) * keys))
            run(self.sql["note_erased"], (row, self.ns, digest, self.seq))
            self._commits.update(filter(None, (born, died)))
            self._names.update(filter(None, names))
        for (row, *_), cube in zip(versions, cubes, strict=True):
            for source in {*cube.events, *cube.parents}:
                run(self.sql["erase_derived"], (self.ns, source, row))
        buried = self._events(id, cubes)
        for born, died, made in run(self.sql["link_times"], (self.ns, id)).fetchall():
            self._commits.update(filter(None, (born, died)))
            self._names.update(filter(None, (made,)))
        run(self.sql["erase_links"], (self.ns, id))
        self.gone.add(id)
        self.connection.executemany(self.sql["add_tomb"], [(each,) for each in buried])
        size, since = sum(each[2] for each in versions), min(each[3] for each in versions)
        said = {"op": "erase", "id": masked(id), "versions": len(versions), "bytes": size, "since": since}
        return said | ({"tombs": [each.hex() for each in buried]} if buried else {})

    def _events(self, id: str, cubes: Sequence[MemCube]) -> list[bytes]:
        """Let go of the words of its events, unless another cube is that very event; returns their tombs."""
        run = self.connection.execute
        buried: list[bytes] = []
        for event in dict.fromkeys((id, *(each for cube in cubes for each in cube.events))):
            row = run(self.sql["told"], (self.ns, event)).fetchone()
            if row and not run(self.sql["is_cube"], (event, self.ns)).fetchone():
                told = json.loads(row[0])
                buried += tombs(self.namespace, event, told.get("source", ""), told["text"])
            run(self.sql["note_erased_event"], (self.ns, event))
            run(self.sql["erase_event"], (self.ns, event))
        for cube in cubes[:1]:
            if id in cube.events:  # it was its own event
                buried += tombs(self.namespace, id, cube.sources[0] if cube.sources else "", cube.text)
        return list(dict.fromkeys(buried))

    def finish(self, body: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Redact what the journal said; returns the changes of this commit as it is to keep them."""
        commits = self._commits
        if any(not MADE.fullmatch(id) for id in self.gone):  # an id somebody chose may say something itself
            commits = {seq for (seq,) in self.connection.execute(self.sql["commits_of"], (self.ns,))}
        for seq in sorted(commits - {self.seq}):
            reason, raw = self.connection.execute(self.sql["entry"], (seq,)).fetchone()
            changes = json.loads(zlib.decompress(raw))
            kept = redacted(changes, self.gone)
            why = reason if reason in PLAIN or seq not in self._commits else erased(reason)
            if kept != changes or why != reason:
                self.connection.execute(self.sql["redact"], (why, zlib.compress(written(kept).encode(), 6), seq))
        self._forget_names()
        self.connection.execute(self.sql["note_unpurged"], (self.seq,))
        return redacted(body, self.gone)

    def _forget_names(self) -> None:
        """Put a number in the place of every speaker, session or role that nobody else has."""
        emptied = not self.connection.execute(self.sql["inhabited"], (self.ns,)).fetchone()
        waiting = self._names | ({self.ns} if emptied else set())
        if waiting:
            marks = ",".join("?" * len(waiting))
            columns = ("speaker", "session", "role", "made")
            wanted = " OR ".join(f"{each} IN ({marks})" for each in columns)
            used = self.connection.execute(f"SELECT {', '.join(columns)} FROM cubes WHERE {wanted}", [*waiting] * 4)
            for row in used:
                waiting.difference_update(row)
                if not waiting:
                    break
        for id in waiting:
            if id == self.ns:  # nobody is left here; the journal is followed by the digest of its name
                left = erased(self.namespace)
                twice = self.connection.execute(
                    self.sql["id_of"], (left,)
                ).fetchone()  # emptied as a speaker's namesake
                self.connection.execute(self.sql["rename"], (f"{left}.{id}" if twice else left, id))
            elif not self.connection.execute(self.sql["name_used"], (id,)).fetchone():
                self.connection.execute(self.sql["rename"], (f"{ERASED}{id}", id))
