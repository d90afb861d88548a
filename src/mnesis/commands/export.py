"""Write every memory of a namespace as one JSON object a line, or the whole space to be carried elsewhere.

With --whole everything goes along: journal, versions, events, links, vectors, and the hashes that bind them. `mnesis
import` makes the same space of it again, in a new place. With --namespace only what is in that one is written, as a
journal of its own. A FILE that ends in .gz is compressed.

Example:
    mnesis export --output memories.jsonl
    mnesis export --whole --output backup.jsonl.gz
    mnesis import backup.jsonl.gz --space copy.mnesis
"""

from __future__ import annotations

import dataclasses
import sys
from typing import Any

import click

from mnesis.commands._print import counter_bar, put_json, put_line, say
from mnesis.commands._verb import Where, on_space, verb
from mnesis.words import as_dict


@verb("export", __doc__)
@click.option("--output", "-o", default="-", metavar="FILE", help="Where to write (default: standard output).")
@click.option("--whole", is_flag=True, help="Write the journal and all it brought, so that it can be restored.")
@click.option("--no-vectors", is_flag=True, help="Leave vectors out of --whole; they are made anew when restored.")
@on_space
def export(where: Where, output: str, whole: bool, no_vectors: bool) -> None:
    if no_vectors and not whole:
        raise click.UsageError("--no-vectors says what to leave out of --whole; give both.")
    if whole:
        _whole(where, output, not no_vectors)
        return
    count = 0
    # Opened by the first line: nothing is made where there is no space.
    with where.open() as space, click.open_file(output, "w", encoding="utf-8", lazy=True) as file:
        for cube in space.cubes(namespace=where.namespace):
            put_line(as_dict(cube), file)
            count += 1
    say(f"{count} memories of namespace {where.namespace!r} written.")


def _whole(where: Where, output: str, vectors: bool) -> None:
    target: Any = sys.stdout if output == "-" else output
    with where.open() as space, counter_bar() as bar:
        task = bar.add_task(f"exporting {where.path}", total=None)
        done = space.export(
            target,
            namespace=where.only,
            vectors=vectors,
            progress=lambda at, total: bar.update(task, completed=at, total=total),
        )
    if output != "-" and where.json:
        put_json(dataclasses.asdict(done))
    say(f"{done.commits} commits written; the head is {done.head}.")
