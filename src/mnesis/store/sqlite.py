"""A space in one SQLite file: the journal, the cubes, their vectors and links, committed together.

SQLite in WAL mode with full synchronisation; no extension is loaded, so any Python's sqlite3 will do. The file is the
truth. Word and vector indexes are shelves (`store.shelf`): they live in memory, are saved beside the file in
``<file>-index`` so that opening is quick, and can be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnesis.errors import SpaceError, Superseded
from mnesis.store import Kept, seal
from mnesis.store.audit import audit
from mnesis.store.drawn import Drawing, Row
from mnesis.store.generations import KEYS, Generations, SqliteGenerations, model_of
from mnesis.store.glance import Glance
from mnesis.store.laying import lay_in_file
from mnesis.store.ledger import Ledger
from mnesis.store.marks import marks
from mnesis.store.migrations import check_schema, migrate, newest, statements
from mnesis.store.purge import interrupted, purge
from mnesis.store.replay import Brought
from mnesis.store.shelf import Entry, Shelf, Weight, findable
from mnesis.store.sql import queries, schema
from mnesis.store.sqliteledger import sqlite_ledger
from mnesis.store.sqlitewriting import Writing
from mnesis.store.terms import analyser
from mnesis.store.view import ShelfView
from mnesis.words import (
    Add,
    Change,
    Commit,
    Event,
    Floats,
    Head,
    Link,
    MemCube,
    Revise,
    cube_from,
    replace,
)

PULL = 4_096  # versions read into a shelf at a time
WAITING = 256  # versions not on the shelf yet that are taken in when a commit ends
ENDS = ("head", "tail")
PAGE = 1_000  # journal entries read at a time
PATIENCE = 60.0  # seconds that are waited for somebody else who writes
UNREADABLE = (sqlite3.Error, UnicodeDecodeError)  # the latter where damage is in the name of a table


class SqliteStore:
    """See `store.Store`; `path` is a file, made when it is not there."""

    def __init__(self, path: Path, language: str = "english") -> None:
        self.path = path
        self._sql = queries("sqlite")
        self._write = threading.RLock()
        self._local = threading.local()
        self._readers: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._shelves: dict[str, Shelf] = {}
        self._shelving = threading.Lock()
        self._drawings: dict[str, Drawing] = {}
        self._names: dict[str, int] = {}
        self._texts: dict[int, str] = {0: ""}
        self._numbers: dict[str, int] = {}
        self._facts: dict[str, str] = {}
        self._erased: int | None = None  # the last erasure our numbers of names are good for
        self._unpurged = False  # whether something erased may still be found in the files
        self.closed = False
        analyser(language)  # an unknown language is refused before there is a file
        self._connection = self._open(language)

    # ------------------------------------------------------------------------------------------------- opening

    def _open(self, language: str) -> sqlite3.Connection:
        if self.path.is_dir():
            raise SpaceError(f"{self.path} is a folder; a space is a file, for example {self.path / 'memory.mnesis'}.")
        if not self.path.parent.is_dir():
            raise SpaceError(f"The folder {self.path.parent} does not exist; make it first.")
        connection: sqlite3.Connection | None = None
        try:
            connection = self._connect()
            self._check_kind(connection)
            self._tune(connection)
            if not _tables(connection):
                self._create(connection, language)
            migrate(connection, self.path, "sqlite", self._note)
            self._facts = dict(connection.execute(self._sql["facts"]))
            if interrupted(connection):  # an erasure was written, and then the process died
                shutil.rmtree(self._folder("").parent, ignore_errors=True)
                self._unpurged = not purge(connection)
        except (*UNREADABLE, SpaceError) as err:
            if connection is not None:
                connection.close()
            if isinstance(err, SpaceError):
                raise
            if isinstance(err, sqlite3.OperationalError):
                raise SpaceError(f"{self.path} cannot be opened: {err}. Check that you may read and write it.") from err
            raise SpaceError(f"{self.path} is not a mnesis space, or it is damaged: {err}.") from err
        return connection

    def _check_kind(self, connection: sqlite3.Connection) -> None:
        """Refuse other people's files and those of a newer mnesis, before anything is written."""
        tables = _tables(connection)
        if tables and not {"facts", "commits", "cubes"} <= tables:
            raise SpaceError(f"{self.path} is an SQLite file, but not a mnesis space; name another file.")
        if tables:
            made_by = dict(connection.execute(self._sql["facts"])).get("schema", "")
            check_schema(self.path, made_by, "sqlite")

    def _connect(self, kind: type[sqlite3.Connection] = sqlite3.Connection) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None, check_same_thread=False, factory=kind)

    def _tune(self, connection: sqlite3.Connection) -> None:
        _log_ahead(connection)
        for pragma in ("synchronous=FULL", "secure_delete=ON", "cache_size=-32768", "mmap_size=0"):
            connection.execute(f"PRAGMA {pragma}")

    def _create(self, connection: sqlite3.Connection, language: str) -> None:
        connection.execute("BEGIN IMMEDIATE")
        if not _tables(connection):
            for statement in statements(schema("sqlite")):
                connection.execute(statement)
            self._note(connection, {"schema": str(newest("sqlite")), "language": language})
        connection.execute("COMMIT")

    def _reader(self) -> sqlite3.Connection:
        if self.closed:
            raise SpaceError(f"The space {self.path} is closed; open it again.")
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect(_Reader)
            self._tune(connection)
            with self._shelving:
                gone = [each for each in self._readers if not each[0].is_alive()]
                self._readers = [each for each in self._readers if each[0].is_alive()]
                self._readers.append((threading.current_thread(), connection))
            for _, left in gone:
                left.close()
        return connection

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._write:
            if self.closed:
                raise SpaceError(f"The space {self.path} is closed; open it again.")
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException as err:
                self._forget_numbers()  # those given in this transaction will be given again
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                if isinstance(err, sqlite3.Error):
                    raise SpaceError(f"Nothing was written to {self.path}: {err}.") from err
                raise

    # ------------------------------------------------------------------------------------------------- writing

    def commit(self, changes: Sequence[Change], *, author: str, reason: str, at: datetime, namespace: str) -> Commit:
        """See `store.Store.commit`."""
        with self._transaction() as connection:
            entry, writing = self._enter(connection, changes, author, reason, at, namespace)
        self._settle(writing)
        return entry

    def together(
        self,
        plan: Callable[[], Iterable[tuple[str, Sequence[Change]]]],
        *,
        author: str,
        reason: str,
        at: datetime,
    ) -> list[Commit]:
        """See `store.Store.together`."""
        self._reader()  # the plan reads through a connection of its own, opened before anything is locked
        with self._transaction() as connection:
            done = [self._enter(connection, changes, author, reason, at, name) for name, changes in list(plan())]
        self._settle(*(writing for _, writing in done))
        return [entry for entry, _ in done]

    def _enter(
        self,
        connection: sqlite3.Connection,
        changes: Sequence[Change],
        author: str,
        reason: str,
        at: datetime,
        namespace: str,
    ) -> tuple[Commit, Writing]:
        """Apply changes within a transaction and write the journal's entry."""
        last = connection.execute(self._sql["last"]).fetchone() or (0, b"", at.timestamp(), None, 0)
        seq, before, latest, erased, row = last
        if erased != self._erased:  # somebody may have erased names we know the numbers of
            self._erased = erased
            self._forget_numbers()
        at = at if at.timestamp() >= latest else datetime.fromtimestamp(latest, UTC)  # see `store.Store.commit`
        for model in {each.model for each in changes if isinstance(each, Add | Revise) and each.model}:
            self._check_model(connection, model)
        writing = Writing(self, self._sql, connection, int(seq) + 1, int(row), namespace, at)
        body = writing.apply(changes)
        raw = zlib.compress(seal.written(body).encode(), 6)
        brought = [*writing.digests, *sorted(writing.told)]
        chain = seal.chained(bytes(before), writing.seq, at.timestamp(), namespace, author, reason, body, brought)
        entry = (writing.seq, at.timestamp(), writing.ns, author, reason, raw, chain)
        connection.execute(self._sql["add_commit"], entry)
        return Commit(writing.seq, at, author, reason, tuple(body), chain.hex(), namespace), writing

    def _settle(self, *done: Writing) -> None:
        """What follows on commits: traces of what was erased go, and much that is new is taken on the shelf."""
        for writing in done:
            if writing.erasing is not None:
                self._forget_numbers()
                self._drop(writing.namespace)
                self._unpurged = True
        if self._unpurged:
            self.purge()
        for writing in done:
            if writing.added >= PULL or self._waiting(writing.namespace, writing.row) >= WAITING:
                self.shelf(writing.namespace)

    def _forget_numbers(self) -> None:
        """Look the numbers of names up again."""
        self._names, self._texts, self._numbers = {}, {0: ""}, {}

    def _drop(self, namespace: str) -> None:
        """Throw a shelf away, with what was saved of it: something on it was erased."""
        with self._shelving:
            self._shelves.pop(namespace, None)
            shutil.rmtree(self._folder(namespace), ignore_errors=True)

    def purge(self) -> bool:
        """See `store.Store.purge`."""
        with self._write:
            if self._unpurged and purge(self._connection):
                self._unpurged = False
        return not self._unpurged

    def _waiting(self, namespace: str, row: int) -> int:
        shelf = self._shelves.get(namespace)
        return row - shelf.last_key if shelf is not None else 0

    def room_id(self, connection: sqlite3.Connection, namespace: str) -> int:
        """The number of a namespace; one that was emptied by an erasure gets its name back."""
        if namespace not in self._names and not connection.execute(self._sql["id_of"], (namespace,)).fetchone():
            emptied = connection.execute(self._sql["id_of"], (seal.erased(namespace),)).fetchone()
            if emptied:
                connection.execute(self._sql["rename"], (namespace, emptied[0]))
                self._texts.pop(int(emptied[0]), None)
        return self.name_id(connection, namespace) or 0

    def name_id(self, connection: sqlite3.Connection, name: str) -> int | None:
        """The number of a text in `names`, written down when it is new; None for the empty text."""
        if not name:
            return None
        found = self._names.get(name)
        if found is None:
            row = connection.execute(self._sql["id_of"], (name,)).fetchone()
            found = int(row[0]) if row else int(connection.execute(self._sql["add_name"], (name,)).lastrowid or 0)
            self._names[name] = found
        return found

    def record(self, **facts: str) -> None:
        """See `store.Store.record`."""
        with self._transaction() as connection:
            self._note(connection, facts)
        self._facts.update(facts)

    def claim(self, **facts: str) -> dict[str, str]:
        """See `store.Store.claim`."""
        with self._transaction() as connection:
            kept = dict(connection.execute(self._sql["facts"]))
            if facts.keys() - kept.keys():
                self._note(connection, facts | kept)
        self._facts = facts | kept
        return self.facts()

    def _note(self, connection: sqlite3.Connection, facts: Mapping[str, str]) -> None:
        """Write facts down and seal all there are."""
        connection.executemany(self._sql["record"], list(facts.items()))
        every = dict(connection.execute(self._sql["facts"]))
        connection.execute(self._sql["record"], (seal.SEALS, seal.facts_sealed(every)))

    @property
    def written(self) -> Mapping[str, str]:
        """What the space records of itself, seals and all."""
        return self._facts

    def facts(self) -> dict[str, str]:
        """See `store.Store.facts`."""
        return {name: value for name, value in self._facts.items() if name != seal.SEALS}

    # ------------------------------------------------------------------------------------------------- reading

    def view(self, namespace: str, as_of: int | datetime | None = None, valid_at: datetime | None = None) -> ShelfView:
        """See `store.Store.view`."""
        shelf = self.shelf(namespace)
        commit = shelf.commit
        if isinstance(as_of, datetime):
            commit = min(
                commit, int(self._reader().execute(self._sql["commit_at"], (as_of.timestamp(),)).fetchone()[0] or 0)
            )
        elif as_of is not None:
            commit = min(commit, as_of)
        return ShelfView(self, shelf, commit, valid_at)

    def glance(self, namespace: str) -> Glance:
        """See `store.Store.glance`."""
        shelf = self._shelves.get(namespace) or self.shelf(namespace)
        return Glance(self, namespace, shelf.model, self._speakers(shelf), lambda: self.shelf(namespace))

    def _speakers(self, shelf: Shelf) -> list[str]:
        """Who spoke in a namespace up to the latest commit, without taking in what they said."""
        connection = self._reader()
        ns = self._known(connection, shelf.namespace)
        with shelf.lock:
            held = shelf.last_key
            asked = (ns, max(held, shelf.heard_to), shelf.whole, held)
            for last, speaker in connection.execute(self._sql["spoken_since"], asked).fetchall():
                if last is None:
                    return list(self.shelf(shelf.namespace).speakers)  # some of it was erased
                if speaker is not None:
                    shelf.heard[self._text(connection, speaker)] = None
                shelf.heard_to = max(shelf.heard_to, last)
            return [*shelf.speakers, *(name for name in shelf.heard if name not in shelf.speakers)]

    def shelf(self, namespace: str) -> Shelf:
        """The shelf of a namespace, up to the latest commit."""
        with self._shelving:
            shelf = self._shelves.get(namespace)
            if shelf is None:
                facts = self._facts
                stems = analyser(facts.get("language", "english"))
                shelf = self._shelves[namespace] = Shelf(namespace, int(facts.get("dim", 0)), stems, model_of(facts))
        with shelf.lock:
            if not shelf.size and not shelf.commit:
                folder = self._folder(namespace)
                if not shelf.load(folder, self._mark) and folder.exists():
                    shutil.rmtree(folder, ignore_errors=True)  # of no use, and in the way of what will be saved
            try:
                whole = self._pull(shelf)
            except Superseded:
                self._furnish(shelf)
                return self.shelf(namespace)
            if whole and shelf.size - shelf.saved >= max(2 * PULL, shelf.saved // 4):
                self._save(shelf)
        if not whole:
            self._drop(namespace)
            return self.shelf(namespace)
        if not shelf.size:  # nobody wrote here: it is not worth keeping
            with self._shelving:
                self._shelves.pop(namespace, None)
        return shelf

    def _pull(self, shelf: Shelf) -> bool:
        """Take in what came since; False when something the shelf holds was erased and it has to be built anew."""
        connection = self._reader()
        connection.execute("BEGIN")
        try:
            self._check_model(connection, shelf.model)
            last = connection.execute(self._sql["last_commit"]).fetchone()
            latest = int(last[0]) if last else 0
            if latest == shelf.commit:
                return True
            ns = self._known(connection, shelf.namespace)
            since = (ns, shelf.whole, shelf.last_key)
            if connection.execute(self._sql["erased_since"], since).fetchone():
                return False
            while ns is not None:
                after = shelf.last_key
                rows = connection.execute(self._sql["entries"], (ns, after, PULL)).fetchall()
                if not rows:
                    break
                owners, vectors = self._vectors_of(connection, ns, after, rows[-1][0])
                shelf.add([self._entry(connection, row) for row in rows], owners, vectors)
            if ns is not None:
                shelf.end(connection.execute(self._sql["deaths"], (ns, shelf.commit)))
                touches = connection.execute(self._sql["touches"], (ns, shelf.commit)).fetchall()
                uses = connection.execute(self._sql["uses"], (ns, shelf.commit, latest)).fetchall()
                shelf.weigh(touches, uses, latest)
            shelf.commit = shelf.whole = latest
            return True
        finally:
            connection.execute("COMMIT")

    def _check_model(self, connection: sqlite3.Connection, model: str) -> None:
        """Refuse vectors of another generation than the one in use, whoever switched it."""
        number = connection.execute(self._sql["generation"]).fetchone()
        if (number[0] if number else None) != self._facts.get("generation"):
            self._facts = dict(connection.execute(self._sql["facts"]))
        if model != model_of(self._facts):
            raise Superseded(f"The vectors of this space are now those of {model_of(self._facts)!r}, not {model!r}.")

    def _furnish(self, shelf: Shelf) -> None:
        """Put a shelf with the vectors in use in the place of one with those of a former model."""
        connection = self._reader()
        connection.execute("BEGIN")
        try:
            self._facts = dict(connection.execute(self._sql["facts"]))
            fresh = shelf.revectored(int(self._facts.get("dim", 0)), model_of(self._facts))
            ns = self._known(connection, shelf.namespace)
            keys = shelf.columns["key"][: shelf.size]
            for start in range(0, shelf.size, PULL):
                part = keys[start : start + PULL]
                owners, vectors = self._vectors_of(connection, ns, int(part[0]) - 1, int(part[-1]))
                fresh.vectors.add(np.searchsorted(keys, owners), vectors)
        finally:
            connection.execute("COMMIT")
        with self._shelving:
            if self._shelves.get(shelf.namespace) is shelf:
                self._shelves[shelf.namespace] = fresh

    def _vectors_of(
        self, connection: sqlite3.Connection, ns: int | None, after: int, upto: int
    ) -> tuple[NDArray[np.int64], Floats]:
        """The vectors of the rows of a namespace from `after` to `upto`, and the row of each."""
        held = connection.execute(self._sql["entry_vectors"], (ns, after, upto)).fetchall()
        owners = np.array([pk // KEYS for pk, _ in held], np.int64)
        raw = b"".join(vector for _, vector in held)
        dim = len(raw) // (2 * len(held)) if held else 0
        return owners, np.frombuffer(raw, np.float16).astype(np.float32).reshape(len(held), dim)

    def generations(self) -> Generations:
        """See `store.Store.generations`."""
        return SqliteGenerations(self)

    def refresh(self) -> None:
        """Read again what the space records of itself, after somebody wrote it past `record`."""
        self._facts = dict(self._reader().execute(self._sql["facts"]))

    def _entry(self, connection: sqlite3.Connection, row: tuple[Any, ...]) -> Entry:
        key, born, died, text, at, until, speaker, role, session, body, replaces, importance, strength, told = row
        record = json.loads(body) if body else {}
        meta = record.get("meta", {})
        name = self._text
        return Entry(
            key, born, died, findable(text, meta), at, until, name(connection, speaker), name(connection, role),
            name(connection, session), meta.get("dates", ()), replaces or 0, importance or 0.0,
            marks(record), 1.0 if strength is None else strength, told,
        )  # fmt: skip

    def _text(self, connection: sqlite3.Connection, id: int | None) -> str:
        text = self._texts.get(id or 0)
        if text is None:
            text = self._texts[id or 0] = str(connection.execute(self._sql["name_of"], (id,)).fetchone()[0])
        return text

    def _known(self, connection: sqlite3.Connection, name: str) -> int | None:
        """The number of a text that was committed; it never changes."""
        found = self._numbers.get(name)
        if found is None:
            row = connection.execute(self._sql["id_of"], (name,)).fetchone()
            if row:
                found = self._numbers[name] = int(row[0])
        return found

    def read_cubes(self, keys: Sequence[int], commit: int | None = None) -> list[MemCube]:
        """The cube versions of these keys, in this order, held as strongly as at a commit."""
        found = self.read_rows(self._reader(), keys, commit)
        return [found[key] for key in keys if key in found]

    def read_rows(
        self, connection: sqlite3.Connection, keys: Sequence[int], commit: int | None = None
    ) -> dict[int, MemCube]:
        """The same by key, as a connection sees them."""
        found: dict[int, MemCube] = {}
        for start in range(0, len(keys), 500):
            part = keys[start : start + 500]
            marks = ",".join("?" * len(part))
            for row in connection.execute(
                "SELECT row, id, version, ns, text, at, until, speaker, session, role, made, source, body, strength,"
                f" importance, touched FROM cubes WHERE row IN ({marks})",
                part,
            ):
                *_, touched = row
                if commit is not None and touched is not None and touched > commit:
                    then = connection.execute(self._sql["held_then"], (row[0], commit)).fetchone()
                    row = (*row[:13], *(then or row[13:15]))
                found[row[0]] = self.cube_of(connection, row)
        return found

    def cube_of(self, connection: sqlite3.Connection, row: tuple[Any, ...]) -> MemCube:
        _, id, version, ns, text, at, until, speaker, session, role, made, source, body, strength, importance, *_ = row
        name = self._text
        record = json.loads(body) if body else {}
        record.setdefault("events", [id])
        if source is not None:
            record.setdefault("sources", [source])
        record |= {
            "id": id,
            "text": text,
            "version": version,
            "namespace": name(connection, ns),
            "speaker": name(connection, speaker),
            "session": name(connection, session),
            "role": name(connection, role),
            "made_by": name(connection, made),
            "valid_from": None if at is None else datetime.fromtimestamp(at, UTC),
            "valid_to": None if until is None else datetime.fromtimestamp(until, UTC),
            "strength": 1.0 if strength is None else strength,
            "importance": 0.0 if importance is None else importance,
        }
        return cube_from(record)

    def read_weights(self, namespace: str, commit: int) -> list[Weight]:
        """How important and strong versions (by key) were at a commit, where they were touched since; the earlier touch
        last."""
        connection = self._reader()
        return connection.execute(self._sql["weights"], (self._known(connection, namespace), commit)).fetchall()

    def read_uses(self, keys: Sequence[int], commit: int) -> list[tuple[int, float]]:
        """Every use up to a commit of the cubes these versions (by key) belong to: (key, the moment)."""
        connection, out = self._reader(), []
        for start in range(0, len(keys), 500):
            part = keys[start : start + 500]
            out += connection.execute(
                "SELECT asked.row, touches.used FROM cubes AS asked JOIN cubes AS held USING (id, ns)"
                " JOIN touches ON touches.row = held.row WHERE touches.used IS NOT NULL AND touches.seq <= ?"
                f" AND asked.row IN ({','.join('?' * len(part))}) ORDER BY asked.row, touches.used",
                (commit, *part),
            ).fetchall()
        return out

    def read_touched(self, namespace: str, since: int, upto: int) -> list[int]:
        """Keys of the versions that were touched after a commit and up to another."""
        connection = self._reader()
        asked = (self._known(connection, namespace), since, upto)
        return [key for (key,) in connection.execute(self._sql["touched"], asked)]

    def read_used(self, namespace: str, since: int, upto: int) -> list[tuple[int, float]]:
        """The uses noted after a commit and up to another: (key of the version, the moment)."""
        connection = self._reader()
        return connection.execute(self._sql["uses"], (self._known(connection, namespace), since, upto)).fetchall()

    def kept(self, namespace: str, key: str) -> Kept | None:
        """See `store.Store.kept`."""
        connection = self._reader()
        ns = self._known(connection, namespace)
        if ns is None:  # emptied by an erasure, perhaps: its keys stay used
            ns = self._known(connection, seal.erased(namespace))
        row = connection.execute(self._sql["once"], (ns, key)).fetchone()
        if row is None:
            return None
        seq, before, said = row
        later = connection.execute(self._sql["rows_after"], (before,))
        keys = [key for key, _ in takewhile(lambda each: each[1] == seq, later)]
        return Kept(seq, said, self.read_cubes(keys, seq))

    def read_keys(self, namespace: str, ids: Sequence[str]) -> dict[str, list[int]]:
        """Keys of every version of these ids, newest first."""
        connection = self._reader()
        ns = self._known(connection, namespace)
        found: dict[str, list[int]] = {}
        for start in range(0, len(ids), 500):
            part = list(ids[start : start + 500])
            marks = ",".join("?" * len(part))
            query = f"SELECT id, row FROM cubes WHERE id IN ({marks}) AND +ns = ? ORDER BY row DESC"
            for id, row in connection.execute(query, [*part, ns]):
                found.setdefault(id, []).append(row)
        return found

    def read_links(self, namespace: str, id: str, kind: str, commit: int) -> list[Link]:
        """Links that touch `id` at a commit."""
        connection = self._reader()
        ns = self._known(connection, namespace)
        return [
            Link(head, tail, of, weight, namespace, _moment(since), _moment(until), self._text(connection, made))
            for head, tail, of, weight, since, until, made in connection.execute(
                self._sql["read_links"], (ns, id, kind, commit)
            )
        ]

    def read_linked(self, namespace: str, ids: Sequence[str], kinds: Sequence[str], commit: int) -> list[Link]:
        """Links that touch any of these at a commit, each once, as they were drawn."""
        connection = self._reader()
        ns = self._known(connection, namespace)
        found: dict[int, tuple[Any, ...]] = {}
        for start in range(0, len(ids), 400):
            part = list(ids[start : start + 400])
            marks = ",".join("?" * len(part))
            columns = "pk, head, tail, kind, weight, since, until, made"
            where = f"ns = ? AND {{}} IN ({marks}) AND born <= ? AND (died IS NULL OR died > ?)"
            if kinds:
                where += f" AND kind IN ({','.join('?' * len(kinds))})"
            given = [ns, *part, commit, commit, *kinds]
            query = " UNION ALL ".join(f"SELECT {columns} FROM links WHERE {where.format(end)}" for end in ENDS)
            found.update((row[0], row[1:]) for row in connection.execute(query, [*given, *given]))
        return [
            Link(head, tail, of, weight, namespace, _moment(since), _moment(until), self._text(connection, made))
            for _, (head, tail, of, weight, since, until, made) in sorted(found.items())
        ]

    def drawing(self, namespace: str) -> Drawing:
        """The links of a namespace as columns, up to the latest commit."""
        drawing = self._drawings.setdefault(namespace, Drawing())
        connection = self._reader()
        with drawing.lock:
            upto = self.head().seq
            if drawing.commit == upto:
                return drawing
            ns = self._known(connection, namespace)
            if connection.execute(self._sql["erased_links"], (ns, drawing.commit)).fetchone() and drawing.commit:
                self._drawings.pop(namespace, None)
                fresh = True
            else:
                fresh = False
                for head, tail, kind in self._parted(namespace, drawing.commit, upto) if drawing.commit else ():
                    drawing.end(dict(connection.execute(self._sql["parted"], (ns, head, tail, kind, drawing.last))))
                rows = connection.execute(self._sql["links_since"], (drawing.last, ns, upto))
                drawing.extend(map(Row._make, rows), upto)
        return self.drawing(namespace) if fresh else drawing

    def _parted(self, namespace: str, since: int, upto: int) -> Iterator[tuple[str, str, str]]:
        """The ends and kinds of links that commits after `since` took away."""
        for entry in self._entries(since):
            if entry.seq > upto:
                return
            for change in entry.changes if entry.namespace == namespace else ():
                if change.get("op") == "disconnect":
                    yield change["link"]["head"], change["link"]["tail"], change["link"]["kind"]

    def read_history(self, namespace: str, id: str, commit: int) -> list[MemCube]:
        """Every version of a cube up to a commit, with the times we believed it."""
        connection = self._reader()
        ns = self._known(connection, namespace)
        keys = [row for (row,) in connection.execute(self._sql["history"], (id, ns, commit))]
        out = []
        for key in keys:
            cubes = self.read_cubes([key], commit)
            times = connection.execute("SELECT born, died FROM cubes WHERE row = ?", (key,)).fetchone()
            if not cubes or times is None:
                continue  # erased just now
            cube, (born, died) = cubes[0], times
            until = self._at(connection, died) if died is not None and died <= commit else None
            out.append(replace(cube, known_from=cube.known_from or self._at(connection, born), known_to=until))
        return out

    def _at(self, connection: sqlite3.Connection, seq: int) -> datetime:
        return datetime.fromtimestamp(
            connection.execute("SELECT at FROM commits WHERE seq = ?", (seq,)).fetchone()[0], UTC
        )

    def read_event(self, namespace: str, id: str, commit: int) -> Event | None:
        """The event under this id, word for word, if it was told by a commit."""
        connection = self._reader()
        ns = self._known(connection, namespace)
        row = connection.execute(self._sql["read_event"], (ns, id, commit)).fetchone()
        if row:
            return Event(**json.loads(row[0]))
        first = "SELECT row FROM cubes WHERE id = ? AND +ns = ? AND version = 1 AND born <= ?"
        key = connection.execute(first, (id, ns, commit)).fetchone()
        cubes = self.read_cubes(key) if key else []
        return seal.event_of(cubes[0]) if cubes and id in cubes[0].events else None

    def read_made_from(self, namespace: str, source: str) -> list[int]:
        """Keys of every cube version that names a cube or event as what it was made from."""
        connection = self._reader()
        ns = self._known(connection, namespace)
        return [row for (row,) in connection.execute(self._sql["made_from"], (ns, source))]

    def read_trusts(
        self, namespace: str, ids: Iterable[str], connection: sqlite3.Connection | None = None
    ) -> dict[str, str]:
        """See `store.Store.read_trusts`."""
        connection = connection or self._reader()
        ns = connection.execute(self._sql["id_of"], (namespace,)).fetchone()
        found: dict[str, str] = {}
        for id in ids if ns else ():
            for (body,) in connection.execute(self._sql["trust_of"], (id, ns[0])):
                found[id] = (json.loads(body) if body else {}).get("trust", "unknown")
        return found

    def inhabited(self) -> list[str]:
        """See `store.Store.inhabited`."""
        return [name for (name,) in self._reader().execute(self._sql["inhabited_by"])]

    def tombs(self, wanted: Sequence[bytes]) -> set[bytes]:
        """See `store.Store.tombs`."""
        connection = self._reader()
        if not connection.execute("SELECT 1 FROM tombs LIMIT 1").fetchone():
            return set()
        return {each for each in wanted if connection.execute(self._sql["buried"], (each,)).fetchone()}

    def embeddings(self, digests: Sequence[int]) -> dict[int, bytes]:
        """Vectors (half precision) that were made before, by digest of model and text."""
        connection = self._reader()
        found: dict[int, bytes] = {}
        for start in range(0, len(digests), 500):
            part = list(digests[start : start + 500])
            asked = ",".join(
                ["(?)"] * len(part)
            )  # a text may have been told a thousand times: one of its vectors will do
            query = (
                f"WITH asked (d) AS (VALUES {asked}) SELECT d, vector FROM asked JOIN vectors ON pk ="
                " (SELECT pk FROM vectors WHERE digest = d LIMIT 1)"
            )
            found.update(connection.execute(query, part))
        return found

    def reply(self, namespace: str, key: bytes) -> str | None:
        """See `store.Store.reply`."""
        found = self._reader().execute(self._sql["reply"], (namespace, key)).fetchone()
        return None if found is None else str(found[0])

    def keep_replies(self, namespace: str, replies: Mapping[bytes, str], since: int) -> None:
        """See `store.Store.keep_replies`."""
        with self._transaction() as connection:
            rows = [(namespace, key, reply, since) for key, reply in replies.items()]
            connection.executemany(self._sql["add_reply"], rows)

    def namespaces_of(self, id: str) -> list[str]:
        """The namespaces a cube of this id was ever in."""
        rows = self._reader().execute(
            "SELECT DISTINCT n.name FROM cubes c JOIN names n ON n.id = c.ns WHERE c.id = ?", (id,)
        )
        return [name for (name,) in rows]

    def events_known(self, namespace: str, ids: Sequence[str]) -> set[str]:
        """Which of these event ids were taken in before."""
        connection = self._reader()
        ns = self._known(connection, namespace)
        if ns is None:
            return set()
        known: set[str] = set()
        for start in range(0, len(ids), 400):
            part = list(ids[start : start + 400])
            marks = ",".join("?" * len(part))
            known.update(
                id
                for (id,) in connection.execute(
                    f"SELECT id FROM events WHERE ns = ? AND id IN ({marks})"
                    f" UNION ALL SELECT id FROM cubes WHERE id IN ({marks}) AND +ns = ?",
                    [ns, *part, *part, ns],
                )
            )
        return known

    def journal(self, since: int = 0) -> Iterator[Commit]:
        """See `store.Store.journal`."""
        self._reader()
        return self._entries(since)

    def _entries(self, since: int) -> Iterator[Commit]:
        # A page at a time: a cursor left open would hold this thread's reads at the moment it was opened.
        while page := self._reader().execute(self._sql["commits_since"], (since, PAGE)).fetchall():
            for seq, at, author, reason, body, chain, ns in page:
                changes = _changes(seq, body)
                name = self._text(self._reader(), ns)
                yield Commit(seq, datetime.fromtimestamp(at, UTC), author, reason, changes, chain.hex(), name)
            since = page[-1][0]

    def head(self) -> Head:
        """See `store.Store.head`."""
        last = self._reader().execute(self._sql["last_commit"]).fetchone()
        return Head(int(last[0]), bytes(last[1]).hex()) if last else Head()

    def namespaces(self) -> dict[str, int]:
        """See `store.Store.namespaces`."""
        return dict(self._reader().execute(self._sql["count"]))

    # ----------------------------------------------------------------------------------------- keeping in order

    def verify(self) -> list[str]:
        """See `store.Store.verify`."""
        self._reader()
        connection = self._connect(_Reader)  # of its own: it reads text that may be no text any more
        try:
            connection.execute("BEGIN")
            wrong = [f"SQLite: {line}" for (line,) in connection.execute("PRAGMA integrity_check") if line != "ok"]
            if not wrong:  # trees that are no trees any more may be walked without end
                wrong.extend(audit(sqlite_ledger(connection, self._sql)))
        except (*UNREADABLE, SpaceError) as err:
            wrong = [f"SQLite: {err}"]
        finally:
            connection.close()
        if wrong:
            return wrong
        for name, shelf in list(self._shelves.items()):
            alive = len(ShelfView(self, shelf, shelf.commit, None))
            stands = self.namespaces().get(name, 0)
            if shelf.commit == self.head().seq and alive != stands:
                wrong.append(f"The index of namespace {name!r} holds {alive} cubes where {stands} stand.")
        return wrong

    @contextmanager
    def ledgers(self) -> Iterator[tuple[Head, Callable[[], Ledger]]]:
        """See `store.Store.ledgers`."""
        self._reader()
        connection = self._connect(_Reader)  # of its own: it stays at this moment for as long as it is read
        try:
            connection.execute("BEGIN")
            last = connection.execute(self._sql["last_commit"]).fetchone()
            head = Head(int(last[0]), bytes(last[1]).hex()) if last else Head()
            yield head, lambda: sqlite_ledger(connection, self._sql)
        finally:
            connection.close()

    def lay(self, journal: Sequence[Brought]) -> None:
        """See `store.Store.lay`."""
        lay_in_file(self, journal)

    def _folder(self, namespace: str) -> Path:
        name = hashlib.blake2b(namespace.encode(), digest_size=8).hexdigest()
        return self.path.with_name(self.path.name + "-index") / name

    def _mark(self, commit: int) -> str:
        """The hash of a commit; empty where there is none."""
        found = self._reader().execute(self._sql["hash_of"], (commit,)).fetchone()
        return found[0].hex() if found else ""

    def _save(self, shelf: Shelf) -> None:
        try:
            shelf.save(self._folder(shelf.namespace), self._mark(shelf.commit))
            connection = self._reader()
            since = (self._known(connection, shelf.namespace), shelf.whole, shelf.last_key)
            if connection.execute(self._sql["erased_since"], since).fetchone():  # while it was being saved
                shutil.rmtree(self._folder(shelf.namespace), ignore_errors=True)
        except OSError:
            shelf.saved = shelf.size  # no room or no right beside the space: it works from memory alone

    def close(self) -> None:
        """See `store.Store.close`."""
        if self.closed:
            return
        for shelf in self._shelves.values():
            with shelf.lock:
                if shelf.size >= 2 * PULL and shelf.size > shelf.saved and self._pull(shelf):
                    self._save(shelf)
        with self._write, self._shelving:
            self.closed = True
            for _, connection in self._readers:
                connection.close()
            self._connection.close()
            self._shelves.clear()


class _Reader(sqlite3.Connection):
    """A connection that tells in a sentence what it cannot read."""

    def execute(self, *query: Any) -> sqlite3.Cursor:
        try:
            return super().execute(*query)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as err:
            raise SpaceError(f"The space cannot be read: {err}. If it is damaged, verify tells where.") from err


def _changes(seq: int, body: bytes) -> tuple[dict[str, Any], ...]:
    try:
        return tuple(json.loads(zlib.decompress(body)))
    except (zlib.error, ValueError, TypeError) as err:
        raise SpaceError(
            f"Commit {seq} of the journal cannot be read any more; mnesis doctor says what to do."
        ) from err


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Switch to a write-ahead log. SQLite does not wait where several switch a new file at once, so we do."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as err:
            if "locked" not in str(err) or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}


def _moment(at: float | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)
