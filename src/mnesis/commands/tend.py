"""Consolidate, forget and compress, as the space's recipe says; running it twice changes nothing more.

Example:
    mnesis tend
"""

from __future__ import annotations

import click

from mnesis.commands._print import put_json, put_table, say
from mnesis.commands._verb import Where, on_space, verb
from mnesis.words import as_dict


@verb("tend", __doc__)
@click.option("--now", default=None, metavar="WHEN", help="The moment it is done at, as ISO 8601 (default: now).")
@on_space
def tend(where: Where, now: str | None) -> None:
    with where.open() as space:
        commits = space.tend(now=now, namespace=where.only)
    if where.json:
        put_json([as_dict(commit) for commit in commits])
    elif commits:
        rows = ((each.seq, each.author, len(each.changes)) for each in commits)
        put_table(("commit", "author", "changes"), rows, right=("commit", "changes"))
    else:
        say("There was nothing to tend.")
