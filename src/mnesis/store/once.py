"""Keys that make a call happen once: the same key twice is one memory, whoever asks and however often.

A key and what was told under it are kept as digests only, in the commit they belong to, so they can neither be read
back nor be lost without it. A commit under a key that was used is refused by the store, within its transaction.
"""

from __future__ import annotations

from collections.abc import Sequence

from mnesis.errors import BadInput, Conflict
from mnesis.store import Store
from mnesis.words import Event, MemCube, Once, digest

LONGEST = 500  # characters of a key


def once(key: str, events: Sequence[Event], namespace: str) -> Once:
    """The change that takes a key for what is told here."""
    if not isinstance(key, str) or not key.strip() or len(key) > LONGEST:
        raise BadInput(f"key={key!r} is no key; give text of 1 to {LONGEST} characters, for example a request's id.")
    parts = (part for each in events for part in (each.text, each.speaker, each.source, each.session, each.role))
    return Once(digest("key", namespace, key, size=16), digest(*parts, size=16))


def told_before(store: Store, asked: Once, key: str, namespace: str) -> list[MemCube] | None:
    """The cubes that were remembered under this key before, as they were then; None where it is new."""
    kept = store.kept(namespace, asked.key)
    if kept is None:
        return None
    if kept.said != asked.said:
        raise Conflict(
            f"The key {key!r} was used in namespace {namespace!r} for something else (commit {kept.commit}), so "
            "nothing was kept; give what is new a key of its own.",
            expected=0,
            found=kept.commit,
            standing=next(iter(kept.cubes), None),
        )
    return kept.cubes
