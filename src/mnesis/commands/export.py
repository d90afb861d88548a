"""Write every memory of a namespace as one JSON object a line.

Example:
    mnesis export --output memories.jsonl
"""

from __future__ import annotations

from typing import IO

import click

from mnesis.commands._print import put_line, say
from mnesis.commands._verb import Where, on_space, verb
from mnesis.words import as_dict


@verb("export", __doc__)
@click.option(
    "--output",
    "-o",
    type=click.File("w", encoding="utf-8", lazy=True),
    default="-",
    metavar="FILE",
    help="Where to write (default: standard output).",
)
@on_space
def export(where: Where, output: IO[str]) -> None:
    count = 0
    with where.open() as space:
        for cube in space.cubes(namespace=where.namespace):
            put_line(as_dict(cube), output)
            count += 1
    say(f"{count} memories of namespace {where.namespace!r} written.")
