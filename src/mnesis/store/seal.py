"""What binds the journal to what it brought: digests of cubes and events, and the chain of commits.

Every commit's hash covers the hash before it, what the entry says, and the digests of the cubes and events that came
with it. An erased text leaves only its digest behind, so the chain can be followed past it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from mnesis.words import Event, MemCube, as_dict

# Fields of a cube's body and what they usually are; what has a column of its own is not among them.
USUAL = (("kind", "text"), ("type", "episodic"), ("order", 0), ("mood", ""), ("place", ""), ("trust", "unknown"))


def body(cube: MemCube, source: str | None) -> str | None:
    """The fields of a cube that differ from what is usual, as JSON; `source` is kept apart where there is just one."""
    record: dict[str, Any] = {}
    for name, usual in USUAL:
        value = getattr(cube, name)
        if value != usual:
            record[name] = value
    if source is None and cube.sources:
        record["sources"] = cube.sources
    if cube.events != (cube.id,):  # not kept whole, under the id of its event
        record["events"] = cube.events
    if cube.parents:
        record["parents"] = cube.parents
    if cube.known_from is not None:
        record["known_from"] = cube.known_from.isoformat()
    if cube.meta:
        record["meta"] = dict(cube.meta)
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")) if record else None


def cube_digest(cube: MemCube) -> bytes:
    """A digest of everything a version of a cube says; how strongly it is held may change and is left out."""
    source = cube.sources[0] if len(cube.sources) == 1 else None
    return said_digest(cube, source, body(cube, source))


def said_digest(cube: MemCube, source: str | None, raw: str | None) -> bytes:
    """The digest of a cube whose `source` and `body` are at hand."""
    at = "" if cube.valid_from is None else repr(cube.valid_from.timestamp())
    until = "" if cube.valid_to is None else repr(cube.valid_to.timestamp())
    parts = (cube.id, str(cube.version), cube.namespace, cube.text, at, until, cube.speaker, cube.session, cube.role)
    said = "\x1f".join((*parts, cube.made_by, source or "", raw or ""))
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def event_body(event: Event) -> str:
    """An event as JSON."""
    return json.dumps(as_dict(event), ensure_ascii=False)


def event_digest(namespace: str, id: str, raw: str) -> bytes:
    """A digest of an event as it is kept."""
    said = f"{namespace}\x1f{id}\x1f{raw}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said, digest_size=16).digest()


def chained(
    before: bytes,
    seq: int,
    at: float,
    namespace: str,
    author: str,
    reason: str,
    changes: bytes,
    brought: Iterable[bytes],
) -> bytes:
    """The hash of a commit: `brought` are the digests of its cubes in their order, then those of its events, sorted."""
    head = json.dumps([seq, at, namespace, author, reason]).encode()
    return hashlib.blake2b(before + head + changes + b"".join(brought), digest_size=16).digest()
