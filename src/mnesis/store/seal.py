"""What binds the journal to what it brought: digests of cubes, vectors, events and changes, and the chain of commits.

Every commit's hash covers the hash before it, what the entry says, change by change, and the digests of the cubes and
events that came with it; a cube's digest covers that of its vectors. An erased text leaves only its digest behind, so
the chain can be followed past it. Whoever keeps the hash of one commit somewhere else can tell later whether anything
up to it was rewritten.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mnesis.words import Event, MemCube, as_dict

ERASED = "erased:"  # begins what stands in the place of an erased name

# Fields of a cube's body and what they usually are; what has a column of its own is not among them.
USUAL = (("kind", "text"), ("type", "episodic"), ("order", 0), ("mood", ""), ("place", ""), ("trust", "unknown"))
SEALS = "seals"  # the fact that seals the other facts


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


def cube_digest(
    cube: MemCube, at: float | None, until: float | None, source: str | None, raw: str | None, vectors: bytes | None
) -> bytes:
    """The digest of a cube whose columns are at hand; how strongly it is held may change and is left out."""
    names = (cube.namespace, cube.speaker, cube.session, cube.role, cube.made_by)
    return row_digest(cube.id, cube.version, names, cube.text, at, until, source, raw, vectors)


def row_digest(
    id: str,
    version: int,
    names: Sequence[str],
    text: str,
    at: float | None,
    until: float | None,
    source: str | None,
    raw: str | None,
    vectors: bytes | None,
) -> bytes:
    """The same from what a store keeps; `names` are namespace, speaker, session, role and maker."""
    times = ("" if at is None else repr(at), "" if until is None else repr(until))
    parts = (id, str(version), *names, text, *times, source or "", raw or "")
    said = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said + (vectors or b""), digest_size=16).digest()


def vectors_digest(names: Sequence[int], raw: bytes) -> bytes:
    """A digest of the vectors a cube came with: `names` tell model and text of each, `raw` is all of them in order."""
    return hashlib.blake2b(struct.pack(f"<{len(names)}q", *names) + raw, digest_size=12).digest()


def held(row: int, cube: MemCube) -> list[float] | None:
    """What the journal notes of how strongly a new version is held, where that is not as usual."""
    usual = cube.strength == 1.0 and not cube.importance
    return None if usual else [row, float(cube.strength), float(cube.importance)]


def noted(told: dict[str, Any], row: int, cube: MemCube) -> dict[str, Any]:
    """The journal's entry of one new version, with how strongly it is held where that is not as usual."""
    unusual = held(row, cube)
    return told | {"held": [unusual]} if unusual else told


def event_body(event: Event) -> str:
    """An event as JSON."""
    return json.dumps(as_dict(event), ensure_ascii=False)


def event_of(cube: MemCube) -> Event:
    """The event that a cube is word for word, where it was kept whole under the event's id."""
    return Event(
        text=cube.text,
        speaker=cube.speaker,
        at=cube.valid_from,
        source=cube.sources[0] if cube.sources else "",
        session=cube.session,
        role=cube.role,
        trust=cube.trust,
        place=cube.place,
        meta={name: value for name, value in cube.meta.items() if name != "dates"},
        told_at=cube.known_from,
        id=cube.id,
    )


def event_digest(namespace: str, id: str, raw: str) -> bytes:
    """A digest of an event as it is kept."""
    said = f"{namespace}\x1f{id}\x1f{raw}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said, digest_size=16).digest()


def written(changes: Sequence[Mapping[str, Any]]) -> str:
    """The changes of a commit as the journal keeps them."""
    return json.dumps(changes, ensure_ascii=False, separators=(",", ":"))


def change_digest(change: Mapping[str, Any]) -> bytes:
    """A digest of one change; of a redacted one (see `redacted`) that of the change it stands for."""
    if change.get("op") == "redacted":
        return bytes.fromhex(change["digest"])
    said = written([change]).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said, digest_size=16).digest()


def redacted(change: Mapping[str, Any]) -> dict[str, Any]:
    """What is left of a change in the journal when its words were erased: its digest, so that the chain still holds,
    and which rows it brought."""
    left = {"op": "redacted", "digest": change_digest(change).hex()}
    return left | ({"rows": change["rows"]} if "rows" in change else {})


def chained(
    before: bytes,
    seq: int,
    at: float,
    namespace: str,
    author: str,
    reason: str,
    changes: Iterable[Mapping[str, Any]],
    brought: Iterable[bytes],
) -> bytes:
    """The hash of a commit: `brought` are the digests of its cubes in their order, then those of its events, sorted.

    Namespace and reason are in it by their digests, so that the chain holds when their words are erased.
    """
    head = json.dumps([seq, at, words_digest(namespace).hex(), author, words_digest(reason).hex()]).encode()
    said = b"".join(map(change_digest, changes))
    return hashlib.blake2b(before + head + said + b"".join(brought), digest_size=16).digest()


def words_digest(words: str) -> bytes:
    """A digest of a namespace or a reason; erased words have left nothing else."""
    digest = words.removeprefix(ERASED).partition(".")[0]
    if words != digest and len(digest) == 32 and not set(digest) - set("0123456789abcdef"):
        return bytes.fromhex(digest)
    return hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def erased(words: str) -> str:
    """What stands in the place of erased words."""
    return ERASED + words_digest(words).hex()


def facts_sealed(facts: Mapping[str, str]) -> str:
    """The fact that seals the others: a digest of each by name, so that an altered one can be named."""
    seals = {name: _fact(name, value) for name, value in sorted(facts.items()) if name != SEALS}
    return json.dumps(seals, separators=(",", ":"))


def facts_altered(facts: Mapping[str, str]) -> list[str]:
    """The names of facts that are not as they were sealed, lost ones among them."""
    try:
        seals = dict(json.loads(facts.get(SEALS, "")))
    except (ValueError, TypeError):
        return [SEALS]
    kept = {name: value for name, value in facts.items() if name != SEALS}
    return sorted(name for name in kept.keys() | seals.keys() if _fact(name, kept.get(name)) != seals.get(name))


def _fact(name: str, value: str | None) -> str:
    return hashlib.blake2b(f"{name}\x1f{value}".encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
