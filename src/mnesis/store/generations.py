"""Two generations of embeddings side by side: the vectors in use, and those of the next model while they are made.

A generation is begun, filled row by row in the order memories were committed, and made current in one transaction
that also changes what the space says of itself (`embedder`, `dim`, `mind`, `generation`). How far it is filled is
written down with every batch, so whoever ends the process loses at most one batch. What is erased meanwhile is erased
in both. Until the switch every reader and writer works with the vectors in use; afterwards a shelf of the old
generation is furnished anew, and a commit that brings vectors of the old model is refused as `Superseded`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from mnesis.errors import SpaceError
from mnesis.store import seal
from mnesis.words import Event, Floats, MemCube

if TYPE_CHECKING:
    from mnesis.store.ram import RamStore
    from mnesis.store.sqlite import SqliteStore

KEYS = 4_096  # vectors a cube may own
ANY = 2**62  # a commit after all there are
FEW = 64  # rows that may be embedded while nobody else can write
DROPPED = 4_096  # rows whose former vectors are thrown away in one transaction
NEXT = ("next_embedder", "next_dim", "next_mind", "next_row")


def model_of(facts: Mapping[str, str]) -> str:
    """The name of the generation in use: the embedder's, with a number once it was changed.

    >>> model_of({"embedder": "static"}), model_of({"embedder": "static", "generation": "2"})
    ('static', 'static#2')
    """
    name, number = facts.get("embedder", ""), facts.get("generation", "")
    return f"{name}#{number}" if number else name


class Bare(NamedTuple):
    """A version of a cube that waits for vectors of the next generation; `names` tell the model and text of each
    vector it has in the one in use, `replaces` is the row of the version before it."""

    row: int
    born: int
    replaces: int
    cube: MemCube
    names: tuple[int, ...]


class Made(NamedTuple):
    """The vectors [V, D] of a row in the next generation, each with its name."""

    row: int
    names: tuple[int, ...]
    vectors: Floats


class Generations(Protocol):
    """What a store offers to whoever makes vectors anew."""

    def begin(self, embedder: str, dim: int, mind: str) -> None:
        """Begin a generation, or go on with it; another one that is under way is refused."""

    def under_way(self) -> dict[str, str]:
        """What the next generation is made with (embedder, dim, mind) and how far it is (row); empty without one."""

    def count(self) -> tuple[int, int]:
        """(rows that have been taken, rows in all)."""

    def waiting(self, limit: int) -> list[Bare]:
        """The next rows that wait, oldest first."""

    def known(self, names: Sequence[int]) -> dict[int, bytes]:
        """Vectors (half precision) that the next generation, or one that was kept, has by these names."""

    def fill(self, after: int, upto: int, made: Sequence[Made]) -> bool:
        """Write down the vectors of the rows from `after` to `upto`; False when somebody else was there first."""

    def switch(self, keep: bool, make: Callable[[Sequence[Bare]], Sequence[Made]], few: int = FEW) -> bool:
        """Make the next generation current, with `make` for the last rows; False when more than a `few` wait."""

    def abandon(self) -> bool:
        """Throw the next generation away; False when there is none."""

    def event(self, namespace: str, id: str) -> Event | None:
        """The event under this id, word for word."""

    def speakers(self, before: int) -> dict[str, set[str]]:
        """Who spoke in each namespace in the rows before this one."""


class SqliteGenerations:
    """Generations of a space in a file: a second table of vectors, which takes the place of the first."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self._sql = store._sql

    def begin(self, embedder: str, dim: int, mind: str) -> None:
        self._clear()  # what an earlier switch was about to throw away when its process ended
        with self._store._transaction() as connection:
            facts = self._facts(connection)
            if _goes_on(facts, embedder, dim):
                return
            connection.execute(self._sql["next_table"])
            connection.execute(self._sql["next_seals"])
            number = int(facts.get("generation", "0")) + 1
            # An index keeps its name when its table is renamed, so each generation's has one of its own.
            connection.execute(f"CREATE INDEX vectors_digest_{number} ON vectors_next (digest)")
            connection.execute(self._sql["next_erased"])
            self._write(connection, dict(zip(NEXT, (embedder, str(dim), mind, "0"), strict=True)))

    def under_way(self) -> dict[str, str]:
        return _next(self._facts(self._store._reader()))

    def count(self) -> tuple[int, int]:
        at = int(self.under_way().get("row", 0))
        done, rows = self._store._reader().execute(self._sql["next_count"], (at,)).fetchone()
        return int(done or 0), int(rows)

    def waiting(self, limit: int) -> list[Bare]:
        return self._waiting(self._store._reader(), limit)

    def _waiting(self, connection: sqlite3.Connection, limit: int) -> list[Bare]:
        at = int(self._facts(connection).get("next_row", 0))
        rows = connection.execute(self._sql["next_waiting"], (at, limit)).fetchall()
        if not rows:
            return []
        names: dict[int, list[int]] = {}
        for row, name in connection.execute(self._sql["next_names"], (rows[0][0], rows[-1][0])):
            names.setdefault(row, []).append(name)
        held = self._store.read_rows(connection, [row for row, _, _ in rows])
        return [
            Bare(row, born, replaces or 0, held[row], tuple(names.get(row, ())))
            for row, born, replaces in rows
            if row in held  # else erased just now
        ]

    def known(self, names: Sequence[int]) -> dict[int, bytes]:
        found: dict[int, bytes] = {}
        with self._reading() as connection:
            facts = self._facts(connection)
            tables = ["vectors_next"] if _next(facts) else []
            if "kept" in facts and facts["kept"] == facts.get("next_embedder"):
                tables.append(f"vectors_{facts['kept_number']}")
            for start in range(0, len(names), 500):
                part = list(names[start : start + 500])
                marks = ",".join("?" * len(part))
                for table in tables:
                    query = f"SELECT digest, vector FROM {table} WHERE digest IN ({marks})"
                    found.update(connection.execute(query, part))
        return found

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        connection = self._store._reader()
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            connection.execute("COMMIT")

    def fill(self, after: int, upto: int, made: Sequence[Made]) -> bool:
        with self._store._transaction() as connection:
            if self._facts(connection).get("next_row") != str(after):
                return False
            self._fill(connection, upto, made)
        return True

    def _fill(self, connection: sqlite3.Connection, upto: int, made: Sequence[Made]) -> None:
        after = int(self._facts(connection)["next_row"])
        connection.execute(self._sql["next_seal"], (after, upto))
        for each in made:
            half = [vector.tobytes() for vector in each.vectors.astype(np.float16)]
            rows = [
                (each.row * KEYS + at, name, raw, each.row)
                for at, (name, raw) in enumerate(zip(each.names, half, strict=True))
            ]
            connection.executemany(self._sql["next_add"], rows)
            digest = seal.vectors_digest(each.names, b"".join(half))
            connection.execute(self._sql["next_sealed"], (each.row, digest))
        self._write(connection, {"next_row": str(upto)})

    def switch(self, keep: bool, make: Callable[[Sequence[Bare]], Sequence[Made]], few: int = FEW) -> bool:
        with self._store._transaction() as connection:
            facts = self._facts(connection)
            fresh = _next(facts)
            if not fresh:
                return True  # somebody else was first
            last = self._waiting(connection, few + 1)
            if len(last) > few:
                return False
            if last:
                self._fill(connection, last[-1].row, make(last))
            former = int(facts.get("generation", "0"))
            connection.execute(self._sql["next_free"])
            connection.execute(f"ALTER TABLE vectors RENAME TO vectors_{former}")
            connection.execute("ALTER TABLE vectors_next RENAME TO vectors")
            connection.execute("DROP TABLE resealed")
            connection.execute("ALTER TABLE resealed_next RENAME TO resealed")
            connection.execute(self._sql["former_erased"].replace("vectors_former", f"vectors_{former}"))
            said = {name: fresh[name] for name in ("embedder", "dim", "mind")} | {"generation": str(former + 1)}
            kept = {"kept": facts.get("embedder", ""), "kept_number": str(former)} if keep else {}
            self._write(connection, said | kept, gone=(*NEXT, *(() if keep else ("kept", "kept_number"))))
        self._store.refresh()
        self._clear()
        return True

    def abandon(self) -> bool:
        with self._store._transaction() as connection:
            if not _next(self._facts(connection)):
                return False
            connection.execute(self._sql["next_free"])
            connection.execute("DROP TABLE vectors_next")
            connection.execute("DROP TABLE resealed_next")
            self._write(connection, {}, gone=NEXT)
        return True

    def event(self, namespace: str, id: str) -> Event | None:
        return self._store.read_event(namespace, id, ANY)

    def speakers(self, before: int) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for namespace, speaker in self._store._reader().execute(self._sql["next_speakers"], (before,)):
            found.setdefault(namespace, set()).add(speaker)
        return found

    def _clear(self) -> None:
        """Throw away former generations, a part at a time so that writers need not wait for long."""
        kept = self._facts(self._store._reader()).get("kept_number")
        tables = [name for (name,) in self._store._reader().execute(self._sql["former"])]
        for table in tables:
            while table != f"vectors_{kept}":
                with self._store._transaction() as connection:
                    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone():
                        break  # somebody else was first
                    query = f"DELETE FROM {table} WHERE pk IN (SELECT pk FROM {table} LIMIT ?)"
                    if not connection.execute(query, (DROPPED,)).rowcount:
                        connection.execute(f"DROP TRIGGER {table}_erased")
                        connection.execute(f"DROP TABLE {table}")
                        break

    def _facts(self, connection: sqlite3.Connection) -> dict[str, str]:
        return dict(connection.execute(self._sql["facts"]))

    def _write(self, connection: sqlite3.Connection, facts: Mapping[str, str], gone: Sequence[str] = ()) -> None:
        connection.executemany("DELETE FROM facts WHERE name = ?", [(name,) for name in gone])
        self._store._note(connection, facts)


class RamGenerations:
    """Generations of a space in memory."""

    def __init__(self, store: RamStore) -> None:
        self._store = store
        self._made: dict[int, Made] = {}
        self._kept: dict[int, bytes] = {}

    def begin(self, embedder: str, dim: int, mind: str) -> None:
        with self._facts() as facts:
            if not _goes_on(facts, embedder, dim):
                self._made = {}
                facts.update(zip(NEXT, (embedder, str(dim), mind, "0"), strict=True))

    def under_way(self) -> dict[str, str]:
        return _next(self._store.facts())

    def count(self) -> tuple[int, int]:
        at = int(self.under_way().get("row", 0))
        with self._store._lock:
            rows = list(self._store._versions)
        return sum(row <= at for row in rows), len(rows)

    def waiting(self, limit: int) -> list[Bare]:
        at = int(self.under_way().get("row", 0))
        with self._store._lock:
            held = self._store._versions
            rows = [row for row in sorted(held) if row > at][:limit]
            return [Bare(row, held[row].born, held[row].replaces, held[row].cube, held[row].digests) for row in rows]

    def known(self, names: Sequence[int]) -> dict[int, bytes]:
        with self._store._lock:
            found = {
                name: vector.astype(np.float16).tobytes()
                for each in self._made.values()
                for name, vector in zip(each.names, each.vectors, strict=True)
            }
        kept = self._kept if self._store.facts().get("kept") == self.under_way().get("embedder") else {}
        return {name: found.get(name) or kept[name] for name in names if name in found or name in kept}

    def fill(self, after: int, upto: int, made: Sequence[Made]) -> bool:
        with self._facts() as facts:
            if facts.get("next_row") != str(after):
                return False
            self._made.update((each.row, each) for each in made)
            facts["next_row"] = str(upto)
        return True

    def switch(self, keep: bool, make: Callable[[Sequence[Bare]], Sequence[Made]], few: int = FEW) -> bool:
        with self._facts() as facts:
            fresh = _next(facts)
            if not fresh:
                return True
            last = self.waiting(few + 1)
            if len(last) > few:
                return False
            if last:
                self.fill(int(fresh["row"]), last[-1].row, make(last))
            former = facts.get("embedder", "")
            for name in (*NEXT, "kept"):
                facts.pop(name, None)
            number = str(int(facts.get("generation", "0")) + 1)
            facts.update(embedder=fresh["embedder"], dim=fresh["dim"], mind=fresh["mind"], generation=number)
            kept = {name: vector for name, (vector, _) in self._store._embeddings.items()}
            self._furnish()
            self._made, self._kept = {}, {}
            if keep:
                facts["kept"], self._kept = former, kept
        return True

    def _furnish(self) -> None:
        """Give every version its new vectors, and every shelf."""
        store = self._store
        store._embeddings.clear()
        for row, version in store._versions.items():
            made = self._made.get(row)
            half = None if made is None or not len(made.vectors) else made.vectors.astype(np.float16)
            version.vectors = None if half is None else half.astype(np.float32)
            version.digests = () if made is None else made.names
            version.resealed = None if version.sealed is None else b""
            if half is not None:
                version.resealed = seal.vectors_digest(version.digests, half.tobytes())
            store._hold(version)
        for name, shelf in list(store._shelves.items()):
            store._shelves[name] = store.furnished(shelf)

    def abandon(self) -> bool:
        with self._facts() as facts:
            had = bool(_next(facts))
            self._made = {}
            for name in NEXT:
                facts.pop(name, None)
        return had

    def event(self, namespace: str, id: str) -> Event | None:
        return self._store.read_event(namespace, id, ANY)

    def speakers(self, before: int) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        with self._store._lock:
            for row, version in self._store._versions.items():
                if row < before and version.cube.speaker:
                    found.setdefault(version.cube.namespace, set()).add(version.cube.speaker)
        return found

    @contextmanager
    def _facts(self) -> Iterator[dict[str, str]]:
        with self._store._lock:
            yield self._store._facts
            self._store.record()


def _next(facts: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix("next_"): facts[name] for name in NEXT if name in facts}


def _goes_on(facts: Mapping[str, str], embedder: str, dim: int) -> bool:
    """Whether this generation is under way already; another one would have to be finished or abandoned first."""
    fresh = _next(facts)
    if not fresh:
        return False
    if (fresh["embedder"], fresh["dim"]) != (embedder, str(dim)):
        raise SpaceError(
            f"This space is being embedded anew with {fresh['embedder']!r} already (row {fresh['row']}); finish that "
            "first (mnesis reembed), or give it up (mnesis reembed --abandon)."
        )
    return True


__all__ = ["Bare", "Generations", "Made", "RamGenerations", "SqliteGenerations", "model_of"]
