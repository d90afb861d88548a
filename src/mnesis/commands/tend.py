"""Consolidate, forget and compress, as the space's recipe says; running it twice changes nothing more.

Only what changed since the last time is looked at, in batches; stopped anywhere, it goes on from there. Every change is
listed with its reason.

Example:
    mnesis tend
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from mnesis.commands._print import put_json, put_table, say
from mnesis.commands._verb import Where, asks, on_space, verb
from mnesis.words import as_dict


@verb("tend", __doc__)
@click.option("--now", default=None, metavar="WHEN", help="The moment it is done at, as ISO 8601 (default: now).")
@click.option("--again", is_flag=True, help="Look at everything, not only at what changed since the last time.")
@on_space
@asks
def tend(where: Where, asking: Mapping[str, Any], now: str | None, again: bool) -> None:
    with where.open() as space:
        commits = space.tend(now=now, namespace=where.only, again=again, **asking)
        told = [(commit, space.accounts(commit)) for commit in commits]
    if where.json:
        names = ("change", "memory", "why")
        put_json(
            [as_dict(each) | {"accounts": [dict(zip(names, one, strict=True)) for one in some]} for each, some in told]
        )
    elif commits:
        put_table(("commit", "change", "memory", "why"), ((each.seq, *one) for each, some in told for one in some))
    else:
        say("There was nothing to tend.")
