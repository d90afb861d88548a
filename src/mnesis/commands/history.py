"""Show every version of a memory, oldest first: what it said, and from when to when it was believed.

Example:
    mnesis history $(mnesis recall "Where does Ana live?" -k 1 --ids)
"""

from __future__ import annotations

import click

from mnesis.commands._print import day, put_json, put_table
from mnesis.commands._verb import Where, on_space, verb
from mnesis.words import as_dict


@verb("history", __doc__)
@click.argument("id")
@on_space
def history(where: Where, id: str) -> None:
    with where.open() as space:
        versions = space.history(id, namespace=where.only)
    if where.json:
        put_json([as_dict(cube) for cube in versions])
    else:
        put_table(
            ("version", "known from", "known to", "text", "made by"),
            ((each.version, day(each.known_from), day(each.known_to), each.text, each.made_by) for each in versions),
            right=("version",),
        )
