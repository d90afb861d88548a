"""Say which memories the answer to a question rested on, by their ids.

Where the recipe learns from it, what was cited comes sooner next time; the default recipe learns nothing, so for it
there is nothing to do.

Example:
    mnesis cite "Where does Ana live?" $(mnesis recall "Where does Ana live?" -k 1 --ids)
"""

from __future__ import annotations

import click

from mnesis.commands._print import put_json, put_table, say
from mnesis.commands._verb import Where, on_space, verb
from mnesis.words import as_dict


@verb("cite", __doc__)
@click.argument("query")
@click.argument("ids", nargs=-1)
@click.option("-k", "--k", default=10, show_default=True, help="How many memories the question recalled.")
@click.option("--now", default=None, metavar="WHEN", help="The moment it was asked at, as ISO 8601 (default: now).")
@on_space
def cite(where: Where, query: str, ids: tuple[str, ...], k: int, now: str | None) -> None:
    with where.open() as space:
        commit = space.cite(query, ids, namespace=where.namespace, k=k, now=now)
    if where.json:
        put_json(None if commit is None else as_dict(commit))
    elif commit is None:
        say("The recipe of this space learns nothing from that.")
    else:
        put_table(("commit", "changes"), [(commit.seq, len(commit.changes))], right=("commit", "changes"))
