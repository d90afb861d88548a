"""The rows of an SQLite file read without SQLite: page by page, whatever page is missing or damaged left out.

SQLite refuses a file as soon as a page on the way to a row is broken. The rows themselves lie in leaf pages that can be
read alone (the file format is published: database file format, sqlite.org, 2004 on). Pages are told apart by the tree
they hang in where the schema and the pages between can still be read, and by the shape of their rows where they cannot.
The write-ahead log beside the file is taken up as far as its checksums hold. Nothing is ever written.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

HEAD = b"SQLite format 3\0"
SIZES = tuple(512 << n for n in range(8))
TABLE_LEAF, TABLE_INNER, INDEX_LEAF, INDEX_INNER = 13, 5, 10, 2
INTEGERS = (0, 1, 2, 3, 4, 6, 8)  # bytes of serial types 0 to 6
DEEPEST = 40  # levels a tree may have before it is taken for a circle
TORN = (IndexError, ValueError, struct.error, UnicodeError, OverflowError, RecursionError)
Row = tuple[Any, ...]


class Shape(NamedTuple):
    """What the rows of a table look like as they are kept."""

    table: str
    columns: tuple[str, ...]  # in the order they are kept in
    kinds: tuple[str, ...]
    needed: tuple[bool, ...]
    key: int | None  # the column that is the row's number, which is kept beside the row; None where no column is
    numbered: bool  # whether rows have numbers

    def fits(self, row: Row) -> bool:
        """Whether a row can be one of this table."""
        if len(row) != len(self.columns):
            return False
        every = zip(row, self.kinds, self.needed, range(len(row)), strict=True)
        return all(
            value is None if at == self.key else (not needed if value is None else isinstance(value, KINDS[kind]))
            for value, kind, needed, at in every
        )


KINDS: Mapping[str, Any] = {"INTEGER": int, "REAL": (float, int), "TEXT": str, "BLOB": bytes}


@dataclass(slots=True)
class Found:
    """What could be read: the rows of each table as mappings, and how many pages and rows could not."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    pages: int = 0
    torn_pages: int = 0
    torn_rows: int = 0
    missing_pages: int = 0


def shapes(script: str) -> list[Shape]:
    """The shapes of the tables that a script of CREATE statements makes."""
    memory = sqlite3.connect(":memory:")
    memory.executescript(script)
    found = []
    for (name,) in memory.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        columns = memory.execute(f"PRAGMA table_info({name})").fetchall()
        (sql,) = memory.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        key = next((at for at, each in enumerate(columns) if each[5] == 1 and each[2] == "INTEGER"), None)
        numbered = "WITHOUT ROWID" not in sql.upper()
        if not numbered:  # the key comes first
            key = None
            columns = sorted(columns, key=lambda each: (not each[5], each[5], each[0]))
        kept = ([each[at] for each in columns] for at in (1, 2, 3))
        names, kinds, needed = map(tuple, kept)
        found.append(Shape(name, names, kinds, tuple(map(bool, needed)), key, numbered))
    memory.close()
    return found


def read_rows(path: Path, tables: Sequence[Shape]) -> Found:
    """Every row of these tables that can still be read."""
    file = Pages(path)
    found = Found(pages=file.count, missing_pages=max(0, file.expected - file.count))
    owners = file.owners()
    seen: set[tuple[str, Any]] = set()
    for number in range(1, file.count + 1):
        kind, cells, torn = file.rows(number)
        if kind not in (TABLE_LEAF, INDEX_LEAF, INDEX_INNER):
            continue
        shape = _shape(owners.get(number), kind, cells, tables)
        if shape is None:
            continue
        found.torn_rows += torn
        found.torn_pages += bool(torn)
        for key, row in cells:
            row = (*row, *[None] * (len(shape.columns) - len(row)))
            if not shape.fits(row):
                found.torn_rows += 1
                continue
            values = {
                column: float(value) if kind == "REAL" and isinstance(value, int) else value  # whole ones are kept so
                for column, kind, value in zip(shape.columns, shape.kinds, row, strict=True)
            }
            if shape.key is not None:
                values[shape.columns[shape.key]] = key
            name = (shape.table, key if shape.numbered else row)
            if name not in seen:
                seen.add(name)
                found.rows.setdefault(shape.table, []).append(values)
    return found


def _shape(owner: str | None, kind: int, cells: Sequence[tuple[int, Row]], tables: Iterable[Shape]) -> Shape | None:
    """The table a page belongs to."""
    if owner is not None:
        return next((each for each in tables if each.table == owner), None)
    alike = (each for each in tables if (kind == TABLE_LEAF) == each.numbered)
    return next((each for each in alike if cells and sum(each.fits(row) for _, row in cells) * 2 > len(cells)), None)


class Pages:
    """The pages of a file with those of its write-ahead log over them; numbers start at 1."""

    def __init__(self, path: Path) -> None:
        raw = path.read_bytes()
        told = struct.unpack(">H", raw[16:18])[0] if len(raw) >= 100 else 0
        self.size = 65536 if told == 1 else told if told in SIZES else 4096
        reserved = raw[20] if raw[:16] == HEAD and raw[20] < 128 else 0
        self.usable = self.size - reserved
        self._raw = memoryview(raw)
        self._log = _log(path.with_name(path.name + "-wal"), self.size)
        here = -(-len(raw) // self.size)
        self.count = max([here, *self._log])
        kept = struct.unpack(">I", raw[28:32])[0] if raw[:16] == HEAD and len(raw) >= 100 else 0
        self.expected = max([kept if kept < 2**31 else 0, *self._log])

    def page(self, number: int) -> bytes:
        """The bytes of a page, filled up with zeros where the file ends in it."""
        if number < 1 or number > self.count:
            raise IndexError(f"there is no page {number}")
        if number in self._log:
            return self._log[number]
        return bytes(self._raw[(number - 1) * self.size : number * self.size]).ljust(self.size, b"\0")

    def rows(self, number: int) -> tuple[int, list[tuple[int, Row]], int]:
        """The kind of a page, its rows with their numbers (0 in an index), and how many could not be read."""
        page, start = self.page(number), 100 if number == 1 else 0
        kind = page[start]
        if kind not in (TABLE_LEAF, INDEX_LEAF, INDEX_INNER):
            return kind, [], 0
        count = struct.unpack_from(">H", page, start + 3)[0]
        first = start + (12 if kind == INDEX_INNER else 8)
        found, torn = [], 0
        for n in range(min(count, self.size // 4)):
            try:
                at = struct.unpack_from(">H", page, first + 2 * n)[0]
                found.append(self._cell(page, kind, at))
            except TORN:
                torn += 1
        return kind, found, torn

    def _cell(self, page: bytes, kind: int, at: int) -> tuple[int, Row]:
        if at < 8:
            raise ValueError("a row cannot begin there")
        at += 4 if kind == INDEX_INNER else 0
        size, at = varint(page, at)
        key = 0
        if kind == TABLE_LEAF:
            key, at = varint(page, at)
        return key - (1 << 64) * (key >> 63), record(self._payload(page, kind, at, size))

    def _payload(self, page: bytes, kind: int, at: int, size: int) -> bytes:
        """The bytes of a row, gathered from the pages it runs over."""
        usable = self.usable
        most = usable - 35 if kind == TABLE_LEAF else (usable - 12) * 64 // 255 - 23
        if size <= most:
            if at + size > usable:
                raise ValueError("the row runs out of its page")
            return page[at : at + size]
        if size > self.count * usable:
            raise ValueError("the row is longer than the file")
        least = (usable - 12) * 32 // 255 - 23
        here = least + (size - least) % (usable - 4)
        here = here if here <= most else least
        parts, left = [page[at : at + here]], size - here
        (following,) = struct.unpack_from(">I", page, at + here)
        while left > 0:
            page = self.page(following)
            (following,) = struct.unpack_from(">I", page)
            parts.append(page[4 : min(usable, 4 + left)])
            left -= len(parts[-1])
        return b"".join(parts)

    def owners(self) -> dict[int, str]:
        """The table or index each page belongs to, as far as the way from the schema to it can be followed."""
        owners: dict[int, str] = {}
        roots: dict[int, str] = {}
        for number in self._leaves(1, 0):
            for _, row in self.rows(number)[1]:
                if len(row) == 5 and isinstance(row[3], int) and isinstance(row[1], str):
                    roots[row[3]] = row[1]
            owners[number] = "sqlite_master"
        for root, name in roots.items():
            for number in self._tree(root, 0):
                owners.setdefault(number, name)
        return owners

    def _leaves(self, number: int, depth: int) -> Iterator[int]:
        return (each for each in self._tree(number, depth) if self.page(each)[100 if each == 1 else 0] == TABLE_LEAF)

    def _tree(self, number: int, depth: int) -> Iterator[int]:
        """The pages of a tree, from its root down."""
        try:
            page, start = self.page(number), 100 if number == 1 else 0
        except IndexError:
            return
        yield number
        if page[start] not in (TABLE_INNER, INDEX_INNER) or depth > DEEPEST:
            return
        try:
            count, (last,) = struct.unpack_from(">H", page, start + 3)[0], struct.unpack_from(">I", page, start + 8)
            places = struct.unpack_from(f">{count}H", page, start + 12)
            below = [*(struct.unpack_from(">I", page, at)[0] for at in places), last]
        except struct.error:
            return
        for each in below:
            yield from self._tree(each, depth + 1)


def varint(raw: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where it ends.

    >>> varint(bytes([0x81, 0x00]), 0)
    (128, 2)
    """
    value = 0
    for n in range(8):
        byte = raw[at + n]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + n + 1
    return value << 8 | raw[at + 8], at + 9


def record(raw: bytes) -> Row:
    """The values of a row."""
    end, at = varint(raw, 0)
    place, values = end, []
    if end > len(raw):
        raise ValueError("the row has no end")
    while at < end:
        kind, at = varint(raw, at)
        value, place = _value(raw, kind, place)
        values.append(value)
    if place != len(raw):
        raise ValueError("the row is not as long as it says")
    return tuple(values)


def _value(raw: bytes, kind: int, at: int) -> tuple[Any, int]:
    if kind == 0:
        return None, at
    if kind in (8, 9):
        return kind - 8, at
    if kind in (10, 11):
        raise ValueError("no such kind of value")
    size = INTEGERS[kind] if kind < 7 else 8 if kind == 7 else (kind - 12) // 2
    part = raw[at : at + size]
    if len(part) != size:
        raise ValueError("the value runs out of its row")
    if kind < 7:
        return int.from_bytes(part, "big", signed=True), at + size
    if kind == 7:
        return struct.unpack(">d", part)[0], at + size
    return part.decode("utf-8", "replace") if kind % 2 else part, at + size


def _log(path: Path, size: int) -> dict[int, bytes]:
    """The pages of a write-ahead log that were committed, the newest of each."""
    if not path.is_file() or path.stat().st_size < 32:
        return {}
    raw = path.read_bytes()
    magic, _, told, _, *salts = struct.unpack(">6I", raw[:24])
    if magic not in (0x377F0682, 0x377F0683) or told != size:
        return {}
    order = ">" if magic & 1 else "<"
    sums = _summed(raw[:24], (0, 0), order)
    done: dict[int, bytes] = {}
    waiting: dict[int, bytes] = {}
    for at in range(32, len(raw) - 24 - size + 1, 24 + size):
        number, commits, *rest = struct.unpack(">6I", raw[at : at + 24])
        page = raw[at + 24 : at + 24 + size]
        sums = _summed(page, _summed(raw[at : at + 8], sums, order), order)
        if rest[:2] != salts or tuple(rest[2:]) != sums:
            break
        waiting[number] = page
        if commits:
            done |= waiting
            waiting = {}
    return done


def _summed(raw: bytes, sums: tuple[int, int], order: str) -> tuple[int, int]:
    one, other = sums
    values = struct.unpack(f"{order}{len(raw) // 4}I", raw)
    for at in range(0, len(values), 2):
        one = (one + values[at] + other) & 0xFFFFFFFF
        other = (other + values[at + 1] + one) & 0xFFFFFFFF
    return one, other
