"""Taking words out of journal entries: what an erasure leaves of the commits that spoke of what it removed.

An entry keeps its number, its time, its author and how many versions it brought; the names of links, the reasons
people gave and ids that people chose go. Their digests stay, so that the chain of commits still holds.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from mnesis.store import seal
from mnesis.store.seal import ERASED

MADE = re.compile(r"[0-9a-f]{20}")  # an id that mnesis made: a digest
PLAIN = frozenset(("", "remember", "revise", "forget", "tend", "quarantine", "release", "retain", "recall", "cite"))


def masked(id: str) -> str:
    """What stands for an erased id: itself where it is a digest, and a digest where somebody chose it.

    >>> masked("0123456789abcdef0123"), masked("ana@example.org")[:12]
    ('0123456789abcdef0123', 'erased:307e8')
    """
    if MADE.fullmatch(id) or id.startswith(ERASED):
        return id
    return ERASED + hashlib.blake2b(id.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def redacted(changes: Sequence[Mapping[str, Any]], gone: Collection[str]) -> list[dict[str, Any]]:
    """The changes of an entry without the words that were said of the cubes `gone`."""
    return [_redacted(change, gone) for change in changes]


def _redacted(change: Mapping[str, Any], gone: Collection[str]) -> dict[str, Any]:
    link, id = change.get("link"), change.get("id")
    if link is not None and (link["head"] in gone or link["tail"] in gone):
        return seal.redacted(change)
    if id is not None and id in gone and (masked(id) != id or change.get("reason", "") not in PLAIN):
        return seal.redacted(change)
    return dict(change)


def tomb(namespace: str, *names: str) -> bytes:
    """What is remembered of an erased event, so that the same one is known when it is brought again."""
    said = "\x1f".join((namespace, *names)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said, digest_size=16).digest()


def tombs(namespace: str, id: str, source: str, text: str) -> list[bytes]:
    """The tombs of one event: by its source and words, and by its id where somebody chose it."""
    made = [tomb(namespace, "source", source, text)] if source else []
    return [*made, tomb(namespace, "id", id)] if id and not MADE.fullmatch(id) else made
