"""Show every version of a memory, or without an ID the journal: what was done, by whom and why.

The versions of a memory come oldest first, with what each said and from when to when it was believed. The journal has
one line a commit; the numbers are those that --as-of, rollback and undo take.

Example:
    mnesis history $(mnesis recall "Where does Ana live?" -k 1 --ids)
    mnesis history --last 10
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import click

from mnesis.commands._print import day, put_json, put_table
from mnesis.commands._verb import Where, in_time, on_space, verb
from mnesis.words import Commit, MemCube, as_dict


@verb("history", __doc__)
@click.argument("id", required=False)
@in_time
@click.option("--last", type=click.IntRange(min=1), default=None, help="Only the newest commits of the journal.")
@on_space
def history(where: Where, id: str | None, as_of: int | str | None, valid_at: str | None, last: int | None) -> None:
    if id is None and (as_of is not None or valid_at is not None):
        raise click.UsageError("The journal is what it is; --as-of and --valid-at go with the ID of a memory.")
    if id is not None and last is not None:
        raise click.UsageError("--last goes with the journal; a memory shows all its versions.")
    with where.open() as space:
        if id is None:
            mine = (each for each in space.journal() if where.only in (None, each.namespace))
            journal(where, deque(mine, maxlen=last))
        else:
            versions(where, space.history(id, namespace=where.only, as_of=as_of, valid_at=valid_at))


def versions(where: Where, cubes: Sequence[MemCube]) -> None:
    """The versions of one memory."""
    if where.json:
        put_json([as_dict(cube) for cube in cubes])
    else:
        put_table(
            ("version", "known from", "known to", "text", "made by"),
            ((each.version, day(each.known_from), day(each.known_to), each.text, each.made_by) for each in cubes),
            right=("version",),
        )


def journal(where: Where, entries: Collection[Commit]) -> None:
    """Commits, oldest first."""
    if where.json:
        put_json([record(each) for each in entries])
    else:
        put_table(
            ("commit", "when", "namespace", "who", "why", "what"),
            (
                (each.seq, day(each.at), each.namespace, each.author, each.reason, done(each.changes))
                for each in entries
            ),
            right=("commit",),
        )


def record(entry: Commit) -> dict[str, Any]:
    """A commit as a program reads it: what was done as counts."""
    head = {"commit": entry.seq, "at": entry.at, "namespace": entry.namespace, "author": entry.author}
    asked = next(
        ({k: v for k, v in each.items() if k != "op"} for each in entry.changes if each["op"] == "asked"), None
    )
    cost = {} if asked is None else {"asked": asked}
    return {**head, "reason": entry.reason, "changes": counted(entry.changes), **cost, "hash": entry.hash}


def counted(changes: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many of each kind of change; additions that follow each other stand in the journal as one."""
    counts: Counter[str] = Counter()
    for change in changes:
        if change["op"] == "asked":  # no change, but what it cost
            continue
        first, last = change.get("rows", (0, 0)) if change["op"] == "add" else (0, 0)
        counts[change["op"]] += last - first + 1
    return dict(counts)


def done(changes: Iterable[Mapping[str, Any]]) -> str:
    """The same in words, and what it cost where a language model was asked."""
    changes = list(changes)
    said = [f"{name} {count}" for name, count in counted(changes).items()] or ["nothing"]
    costs = (each for each in changes if each["op"] == "asked" and each.get("questions"))
    said += [f"{each['questions']} questions to {each['mind']}" for each in costs]
    return ", ".join(said)
