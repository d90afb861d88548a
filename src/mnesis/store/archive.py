"""The format of an export: a journal with all it brought, one JSON object a line.

    {"mnesis": "export", "version": 1, "facts": {…}, "commits": 12, "vectors": true, "head": "12:4f…", "check": "…"}
    {"commit": 1, "at": …, "namespace": …, "author": …, "reason": …, "changes": […], "hash": "…", "brings": 2, …}
    {"cube": {…}, "digest": "…", "vectors": [["<name>", "<base64>"], …], …}
    {"event": "<its JSON>", "id": …, "digest": "…", …}
    {"end": "12:4f…", "lines": 4, "check": "…"}

After each commit come the lines it brings: the versions of cubes (with their vectors in half precision, little endian),
the events that are not word for word a cube, the links, and of what was erased the digests. The hashes are those of the
journal, so the head of an export is the head of the space. `check` is a digest of a line and the check of the line
before it: an altered, lost or torn line is known by its number, before anything is taken from it.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mnesis.errors import Malformed
from mnesis.store import seal
from mnesis.store.ledger import CubeRow, Entry, LinkRow
from mnesis.store.replay import Brought, Gone, Held, Told
from mnesis.words import Head

VERSION = 1
BROKEN = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)
UNSAID = ("namespace", "born", "digest")  # of a cube: told by its commit, or beside it
CUBE = tuple(name for name in CubeRow._fields if name not in UNSAID)
LINK = tuple(name for name in LinkRow._fields if name not in ("namespace", "born"))
USUAL = {"speaker": "", "session": "", "role": "", "made_by": "", "strength": 1.0, "importance": 0.0, "version": 1}


@dataclass(frozen=True, slots=True)
class Header:
    """What an export says of itself: what the space recorded (embedder, dim, language, recipe …), its head, whether
    vectors are in it, and the namespace where it holds only one (that part has a chain and a head of its own)."""

    facts: Mapping[str, str]
    commits: int
    head: str | None = None
    vectors: bool = True
    namespace: str | None = None


def lines(header: Header, journal: Iterable[Brought]) -> Iterator[str]:
    """The lines of an export, each with its end of line."""
    writer = _Checks()
    said = {"facts": dict(sorted(header.facts.items())), "commits": header.commits, "vectors": header.vectors}
    only = {"head": header.head} if header.namespace is None else {"namespace": header.namespace}
    yield writer.line({"mnesis": "export", "version": VERSION} | said | only)
    head = Head()
    for brought in journal:
        head = Head(brought.entry.seq, brought.entry.hash.hex())
        body = [*_bodies(brought, header.vectors)]
        entry = brought.entry
        yield writer.line(
            {
                "commit": entry.seq, "at": entry.at, "namespace": entry.namespace, "author": entry.author,
                "reason": entry.reason, "changes": brought.changes, "hash": entry.hash.hex(), "brings": len(body),
            }
        )  # fmt: skip
        for each in body:
            yield writer.line(each)
    yield writer.line({"end": str(head), "lines": writer.count + 1})


def _bodies(brought: Brought, vectors: bool) -> Iterator[dict[str, Any]]:
    rows: dict[int, Held | Gone] = {each.cube.row: each for each in brought.cubes}
    rows.update((each.row, each) for each in brought.gone)
    for _, each in sorted(rows.items()):
        if isinstance(each, Gone):
            yield {"erased": each.row, "by": each.by, "digest": each.digest.hex()}
        else:
            yield _cube(each, vectors)
    for told in brought.events:
        words = {"event": told.body, "id": told.id} if told.id else {"event": None}
        yield words | {"digest": told.digest.hex()}
    for link in brought.links:
        yield {"link": {name: value for name in LINK if (value := getattr(link, name)) not in (None, "")}}


def _cube(held: Held, vectors: bool) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name in CUBE:
        value = getattr(held.cube, name)
        if value is not None and value != USUAL.get(name) and not (name == "replaces" and not value):
            said[name] = value.hex() if isinstance(value, bytes) else value
    line: dict[str, Any] = {"cube": said, "digest": held.cube.digest.hex()}
    if held.touches:
        line["touches"] = [list(each) for each in held.touches]
    if vectors and held.vectors:
        line["vectors"] = [[f"{name:016x}", b64encode(raw).decode()] for name, raw in held.vectors]
    if vectors and held.resealed is not None:
        line["resealed"] = held.resealed.hex()
    return line


class _Checks:
    """Writes and reads the check at the end of each line."""

    def __init__(self) -> None:
        self.count = 0
        self._last = b""

    def _next(self, said: str) -> str:
        self._last = hashlib.blake2b(self._last + said.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        self.count += 1
        return self._last.hex()

    def line(self, record: Mapping[str, Any]) -> str:
        said = json.dumps(record, ensure_ascii=True, separators=(",", ":"))
        return f'{said[:-1]},"check":"{self._next(said)}"}}\n'

    def record(self, line: str) -> dict[str, Any]:
        """What a line says, if it is as it was written."""
        said, mark, check = line.rstrip("\n").rpartition(',"check":"')
        if not mark or not line.endswith("\n") or check != f'{self._next(said + "}")}"}}':
            raise ValueError("it was altered or cut off")
        record: dict[str, Any] = json.loads(said + "}")
        return record


class Reading:
    """An export being read: its header at once, then its commits, each checked against the chain."""

    def __init__(self, source: Iterable[str], name: str) -> None:
        self._lines = iter(source)
        self._name = name
        self._checks = _Checks()
        record = self._record()
        if record.get("mnesis") != "export":
            raise Malformed(f"{name}:1", "This is no export of mnesis; give a file that mnesis export wrote.")
        if record.get("version") != VERSION:
            raise Malformed(
                f"{name}:1",
                f"The export has format {record.get('version')} and this mnesis reads {VERSION}; install a later one.",
            )
        self.header = Header(
            record["facts"], record["commits"], record.get("head"), record["vectors"], record.get("namespace")
        )

    def _record(self) -> dict[str, Any]:
        where = f"{self._name}:{self._checks.count + 1}"
        try:
            line = next(self._lines, None)
            if line is None:
                raise Malformed(where, "The export ends too early; it was cut off. Nothing of it was kept.")
            return self._checks.record(line)
        except (ValueError, OSError, EOFError, zlib.error) as err:
            if isinstance(err, Malformed):
                raise
            raise Malformed(
                where, f"This line is not as it was written ({err}). Nothing of the export was kept."
            ) from err

    def commits(self) -> Iterator[Brought]:
        """The commits in order; the first fault ends it with the number of its line."""
        before, seq = b"", 0
        while "end" not in (record := self._record()):
            where = f"{self._name}:{self._checks.count}"
            try:
                brought = self._brought(record)
                fits = brought.whole() and brought.chained(before) == brought.entry.hash
                fits = fits and brought.entry.seq == seq + 1
            except BROKEN as err:
                if isinstance(err, Malformed):
                    raise
                raise Malformed(where, f"This commit cannot be read ({err}). Nothing of the export was kept.") from err
            if not fits:
                raise Malformed(where, f"Commit {seq + 1} does not follow from the one before. Nothing was kept.")
            before, seq = brought.entry.hash, brought.entry.seq
            yield brought
        head = str(Head(seq, before.hex())) if seq else str(Head())
        where = f"{self._name}:{self._checks.count}"
        if {head, record["end"], self.header.head or head} != {head} or record["lines"] != self._checks.count:
            raise Malformed(where, f"The export ends at {head} and says {record['end']}. Nothing of it was kept.")
        if next(self._lines, None) is not None:
            raise Malformed(where, "Something stands behind the end of the export. Nothing of it was kept.")

    def _brought(self, record: dict[str, Any]) -> Brought:
        seq, namespace, changes = record["commit"], record["namespace"], record["changes"]
        said = (seq, record["at"], namespace, record["author"], record["reason"], seal.written(changes))
        brought = Brought(Entry(*said, bytes.fromhex(record["hash"])), changes)
        for _ in range(record["brings"]):
            each = self._record()
            if "cube" in each:
                brought.cubes.append(self._held(each, namespace, seq))
            elif "erased" in each:
                brought.gone.append(Gone(each["erased"], bytes.fromhex(each["digest"]), each["by"]))
            elif "event" in each:
                brought.events.append(self._told(each, namespace))
            else:
                link = dict.fromkeys(LINK) | {"made_by": ""} | each["link"]
                brought.links.append(LinkRow(namespace=namespace, born=seq, **{name: link[name] for name in LINK}))
        return brought

    def _held(self, line: dict[str, Any], namespace: str, seq: int) -> Held:
        said = dict.fromkeys(CUBE) | USUAL | line["cube"]
        if said["vectors"] is not None:
            said["vectors"] = bytes.fromhex(said["vectors"])
        cube = CubeRow(**said, namespace=namespace, born=seq, digest=bytes.fromhex(line["digest"]))
        names = [str(each) for each in (namespace, cube.speaker, cube.session, cube.role, cube.made_by)]
        kept = (cube.text, cube.at, cube.until, cube.source, cube.body, cube.vectors)
        if seal.row_digest(cube.id, cube.version, names, *kept) != cube.digest:
            self._refuse(f"Cube {cube.id!r} is not as its digest says.")
        vectors = tuple((int(name, 16), b64decode(raw, validate=True)) for name, raw in line.get("vectors", ()))
        resealed = bytes.fromhex(line["resealed"]) if "resealed" in line else None
        touches = ((int(seq), *held, None)[:4] for seq, *held in line.get("touches", ()))  # the last came later
        return Held(cube, vectors, resealed, tuple(touches))

    def _told(self, line: dict[str, Any], namespace: str) -> Told:
        digest = bytes.fromhex(line["digest"])
        if line["event"] is None:
            return Told("", "", digest)
        if seal.event_digest(namespace, line["id"], line["event"]) != digest:
            self._refuse(f"Event {line['id']!r} is not as its digest says.")
        return Told(line["id"], line["event"], digest)

    def _refuse(self, problem: str) -> None:
        raise Malformed(f"{self._name}:{self._checks.count}", f"{problem} Nothing of the export was kept.")
