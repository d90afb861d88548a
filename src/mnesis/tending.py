"""Tending by increments: every tender is shown what changed since it was here last, a batch at a time.

How far a tender has seen is a mark: the number and hash of a commit, and within what came later the last version it
was shown. Marks are facts of the space, one for each namespace, under a digest of its name. They are written after the
commit they speak of, so a process that dies between the two leaves a mark that is too early, and its tender, which
changes nothing when it is run again, meets some of it twice. The journal only grows (a rollback, too, is one more
commit), so a mark stays good as long as its commit has the hash it had.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from mnesis.errors import Conflict, NotFound
from mnesis.store import Store, View
from mnesis.text.recipes import Recipe
from mnesis.words import Change, Commit, digest

FACT = "tended:"  # begins the name of the fact that keeps the marks of a namespace
TRIES = 5  # at a batch that others change while it is tended
BATCH = 1_000  # new rows a tender is shown at a time
PLAIN = (str, int, float, bool, type(None), timedelta)


class Mark(NamedTuple):
    """Everything up to `commit` was seen, and of what came later the versions up to `key`."""

    commit: int = 0
    hash: str = ""
    key: int = 0


NEVER = Mark()


def tend(
    store: Store,
    namespace: str,
    recipe: Recipe,
    look: Callable[[], View],
    run: Callable[[Any, View], list[Change]],
    commit: Callable[[list[Change], View], Commit],
    *,
    batch: int = BATCH,
    again: bool = False,
) -> Iterator[Commit]:
    """Let every tender of a recipe tend what is new to it; gives the commits as they are made.

    `look` gives the view of the present, `run` the changes of a part on a view. With `again` everything is new.
    """
    for part in recipe.tend:
        name = signature(recipe.name, part)
        mark = NEVER if again else marked(store, namespace, name)
        lost = 0
        while True:
            view = look().resumed(mark.commit, mark.key, batch)
            changes = run(part, view)
            try:
                made = commit(changes, view) if changes else None
            except (Conflict, NotFound):  # somebody changed or retired one of these since we looked
                lost += 1
                if lost == TRIES:
                    raise
                continue
            if made is not None:
                yield made
            seen, key = view.reached()
            if changes or key or mark.key or len(view.changed()) or len(view.retired()):
                mark = Mark(seen, _hash(store, seen), key)
                _keep(store, namespace, name, mark)
            if not key:
                break


def marked(store: Store, namespace: str, name: str) -> Mark:
    """How far a tender has seen; `NEVER` where that is not known of this journal."""
    try:
        mark = Mark(*_marks(store, namespace)[name])
    except (KeyError, TypeError):
        return NEVER
    return mark if mark.hash == _hash(store, mark.commit) else NEVER


def signature(recipe: str, part: Any) -> str:
    """A name for a tender of a recipe: where it was made, and with which options.

    >>> from mnesis.text.tend.dedupe import dedupe
    >>> signature("default", dedupe()) == signature("default", dedupe())
    True
    >>> signature("default", dedupe()) == signature("default", dedupe(overlap=0.9))
    False
    """
    return digest(recipe, _said(part))


def _said(value: Any) -> str:
    """What tells a part from another: the name of its code, and the plain values it was made with."""
    if isinstance(value, PLAIN):
        return repr(value)
    if isinstance(value, tuple | list | frozenset | set):
        return f"({', '.join(map(_said, sorted(value, key=repr) if isinstance(value, frozenset | set) else value))})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_said(name)}: {_said(each)}' for name, each in value.items())}}}"
    code = getattr(value, "__qualname__", type(value).__qualname__)
    held = [each.cell_contents for each in getattr(value, "__closure__", None) or ()]
    return f"{getattr(value, '__module__', '')}.{code}{_said(held)}"


def _marks(store: Store, namespace: str) -> dict[str, Any]:
    try:
        kept = json.loads(store.facts().get(FACT + digest(namespace), "{}"))
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}


def _keep(store: Store, namespace: str, name: str, mark: Mark) -> None:
    kept = _marks(store, namespace) | {name: list(mark)}
    store.record(**{FACT + digest(namespace): json.dumps(kept, separators=(",", ":"))})


def _hash(store: Store, commit: int) -> str:
    entry = next(iter(store.journal(commit - 1)), None) if commit else None
    return "" if entry is None or entry.seq != commit else entry.hash
