"""Put a new text in place of a memory; the old one stays in its history.

With --expected-version the revision is refused when somebody else revised the memory first.

Example:
    mnesis revise $(mnesis recall "Where does Ana live?" -k 1 --ids) "I moved to Porto."
"""

from __future__ import annotations

import click

from mnesis.commands._print import put_json, put_table
from mnesis.commands._verb import Where, on_space, verb
from mnesis.words import as_dict


@verb("revise", __doc__)
@click.argument("id")
@click.argument("text")
@click.option("--expected-version", type=int, default=None, help="Only if this version still stands.")
@on_space
def revise(where: Where, id: str, text: str, expected_version: int | None) -> None:
    with where.open() as space:
        cube = space.revise(id, text, expected_version=expected_version, namespace=where.only)
    if where.json:
        put_json(as_dict(cube))
    else:
        put_table(("version", "text", "id"), [(cube.version, cube.text, cube.id)])
