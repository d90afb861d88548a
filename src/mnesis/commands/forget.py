"""Stop recalling a memory, or with --erase remove it for good.

A forgotten memory stays in its history and in answers as of an earlier moment; an erased one is gone with all its
versions. --query forgets the memory that answers a question best.

Example:
    mnesis forget --query "Ana moved to Lisbon"
"""

from __future__ import annotations

import click

from mnesis.commands._print import cube_row, put_json, put_table
from mnesis.commands._verb import Where, on_space, verb
from mnesis.words import Query, Receipt, as_dict


@verb("forget", __doc__)
@click.argument("id", required=False)
@click.option("--query", default=None, metavar="TEXT", help="Forget what answers this best, instead of an id.")
@click.option("--erase", is_flag=True, help="Remove the text, all versions and what the indexes hold of it.")
@on_space
def forget(where: Where, id: str | None, query: str | None, erase: bool) -> None:
    if (id is None) == (query is None):
        raise click.UsageError("Name what to forget: either an ID or --query TEXT.")
    with where.open() as space:
        # An id that is not there must be an error here, never a question that finds something else to forget.
        what = space.get(id, namespace=where.only) if id is not None else Query(query or "")
        done = space.forget(what, erase=erase, namespace=where.namespace)
    if isinstance(done, Receipt):
        receipt = as_dict(done)
        put_json(receipt) if where.json else put_table(("erased", ""), receipt.items())
    elif where.json:
        put_json([as_dict(cube) for cube in done])
    else:
        put_table(("when", "who", "forgotten", "id"), map(cube_row, done))
