"""Change the model: embed every memory anew with another embedder, while the space goes on working.

The new vectors are made beside those in use and take their place in one short transaction; recall and remember work
throughout, from other processes too. After an interruption the same call goes on where it stood; without --embedder it
goes on with the one that was begun. Looking back (--as-of) compares with the model in use now.

Example:
    mnesis reembed --embedder static
"""

from __future__ import annotations

import dataclasses

import click

from mnesis.commands._print import counter_bar, put_json, put_table, say
from mnesis.commands._verb import Where, on_space, verb


@verb("reembed", __doc__)
@click.option("--keep", is_flag=True, help="Keep the former vectors, so that changing back is quick.")
@click.option("--abandon", is_flag=True, help="Give up a change that was begun; the vectors in use stay.")
@on_space
def reembed(where: Where, keep: bool, abandon: bool) -> None:
    from mnesis.reembedding import abandon_file, reembed_file

    if abandon:
        say(f"The change to {abandon_file(where.path)!r} was given up.")
        return
    with counter_bar() as bar:
        task = bar.add_task("embedding anew", total=None)
        report = reembed_file(
            where.path,
            where.embedder,
            where.recipe,
            keep=keep,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    record = {**dataclasses.asdict(report), "seconds": round(report.seconds, 3)}
    if where.json:
        put_json(record)
    else:
        put_table(tuple(record), [tuple(record.values())], right=("dim", "memories", "differing", "seconds"))
    if report.differing:
        say(f"{report.differing} memories were embedded by other texts than before: the recipe finds other ones now.")
