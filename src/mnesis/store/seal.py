"""What binds the journal to what it brought: digests of cubes and events, and the chain of commits.

Every commit's hash covers the hash before it, what the entry says, and the digests of the cubes and events that came
with it. An erased text leaves only its digest behind, so the chain can be followed past it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from mnesis.words import Event, MemCube, as_dict

# What a store keeps in columns of its own; the other fields of a cube are its body.
COLUMNS = ("id", "text", "namespace", "speaker", "session", "role", "made_by", "valid_from", "valid_to", "version",
           "strength", "importance", "known_to")  # fmt: skip


def body(cube: MemCube, source: str | None) -> str | None:
    """The fields of a cube that differ from what is usual, as JSON; `source` is kept apart where there is just one."""
    record = {name: value for name, value in as_dict(cube).items() if name not in COLUMNS}
    if cube.events == (cube.id,):  # a cube kept whole, under the id of its event
        del record["events"]
    elif not cube.events:
        record["events"] = []
    if source is not None:
        record.pop("sources", None)
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")) if record else None


def cube_digest(cube: MemCube) -> bytes:
    """A digest of everything a version of a cube says; how strongly it is held may change and is left out."""
    source = cube.sources[0] if len(cube.sources) == 1 else None
    at = "" if cube.valid_from is None else repr(cube.valid_from.timestamp())
    until = "" if cube.valid_to is None else repr(cube.valid_to.timestamp())
    parts = (cube.id, str(cube.version), cube.namespace, cube.text, at, until, cube.speaker, cube.session, cube.role)
    raw = "\x1f".join((*parts, cube.made_by, source or "", body(cube, source) or ""))
    return hashlib.blake2b(raw.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def event_body(event: Event) -> str:
    """An event as JSON."""
    return json.dumps(as_dict(event), ensure_ascii=False)


def event_digest(namespace: str, id: str, raw: str) -> bytes:
    """A digest of an event as it is kept."""
    said = f"{namespace}\x1f{id}\x1f{raw}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said, digest_size=16).digest()


def chained(
    before: bytes, seq: int, at: float, namespace: str, author: str, reason: str, changes: bytes, brought: Iterable[bytes]
) -> bytes:
    """The hash of a commit: `brought` are the digests of its cubes in their order, then those of its events, sorted."""
    head = json.dumps([seq, at, namespace, author, reason]).encode()
    return hashlib.blake2b(before + head + changes + b"".join(brought), digest_size=16).digest()
