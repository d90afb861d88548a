"""Say why a memory answers a question: what every finder and ranker made of it, and where it came from.

Example:
    mnesis explain $(mnesis recall "Where does Ana live?" -k 1 --ids) "Where does Ana live?"
"""

from __future__ import annotations

import click

from mnesis.commands._print import put_json
from mnesis.commands._verb import Where, on_space, verb
from mnesis.errors import NotFound

LOOK_AT = 200  # how deep in the ranking a memory is looked for


@verb("explain", __doc__)
@click.argument("id")
@click.argument("query")
@on_space
def explain(where: Where, id: str, query: str) -> None:
    with where.open() as space:
        hits = space.recall(query, namespace=where.namespace, k=LOOK_AT)
        place, hit = next(((n, hit) for n, hit in enumerate(hits, start=1) if hit.cube.id == id), (0, None))
        if hit is None:
            raise NotFound(f"{id} is not among the first {LOOK_AT} answers to {query!r} in {where.namespace!r}.")
        reason = space.explain(hit)
    if where.json:
        put_json({"place": place, "explanation": reason})
    else:
        click.echo(f"Place {place} of {len(hits)}.\n{reason}")
