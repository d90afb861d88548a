"""Stop recalling a memory, or with --erase remove it for good.

A forgotten memory stays in its history and in answers as of an earlier moment; an erased one is gone with all its
versions and with what was made only from it, and a receipt says so. --query forgets the memory a question names
clearly, or with -k the best matches, whatever they are. --all forgets a whole --namespace, with --within everything
beneath it too.

Example:
    mnesis forget --query "Ana moved to Lisbon"
    mnesis remember "My number is 4711." --speaker Ana
    mnesis forget --query "Ana's number" --erase
"""

from __future__ import annotations

import click

from mnesis.commands._print import cube_row, put_json, put_table
from mnesis.commands._verb import Where, on_space, verb
from mnesis.words import Query, Receipt, as_dict


@verb("forget", __doc__)
@click.argument("id", required=False)
@click.option("--query", default=None, metavar="TEXT", help="Forget what says this, instead of an id.")
@click.option("-k", "--k", type=int, default=None, help="With --query: the K best matches, whatever they are.")
@click.option("--all", "everything", is_flag=True, help="Forget everything in --namespace.")
@click.option("--within", is_flag=True, help="With --all: in the namespaces beneath it too.")
@click.option("--erase", is_flag=True, help="Remove the text, all versions and what the indexes hold of it.")
@on_space
def forget(
    where: Where, id: str | None, query: str | None, k: int | None, everything: bool, within: bool, erase: bool
) -> None:
    if sum((id is not None, query is not None, everything)) != 1:
        raise click.UsageError("Name what to forget: an ID, --query TEXT, or --all with --namespace.")
    if everything and where.only is None:
        raise click.UsageError("--all forgets a whole namespace; name it with --namespace.")
    with where.open() as space:
        if everything:
            done = space.forget(erase=erase, namespace=where.only, within=within)
        else:
            # An id that is not there must be an error here, never a question that finds something else to forget.
            what = space.history(id, namespace=where.only)[-1] if id is not None else Query(query or "")
            done = space.forget(what, erase=erase, k=k, namespace=where.namespace if id is None else where.only)
    if isinstance(done, Receipt):
        receipt = as_dict(done)
        put_json(receipt) if where.json else put_table(("erased", ""), receipt.items())
    elif where.json:
        put_json([as_dict(cube) for cube in done])
    else:
        put_table(("when", "who", "forgotten", "id"), map(cube_row, done))
