"""Check that the journal, the rows and every index of a space agree; exit code 1 when they do not.

What --head prints is the hash of the newest commit, which covers everything up to it. Kept in another place, it tells
later whether the journal was rewritten: --against takes it, also after more commits.

Example:
    mnesis verify --head > head.txt
    mnesis verify --against "$(cat head.txt)"
"""

from __future__ import annotations

import click

from mnesis.commands._print import put_json, say
from mnesis.commands._verb import Where, on_space, verb


@verb("verify", __doc__)
@click.option("--head", is_flag=True, help="Print the newest commit and its hash, SEQ:HASH, once all is well.")
@click.option("--against", default=None, metavar="SEQ:HASH", help="Check too that the journal grew from this head.")
@on_space
def verify(where: Where, head: bool, against: str | None) -> None:
    with where.open() as space:
        found, newest = space.verify(against), space.head()
    if head and found.ok:
        click.echo(str(newest))
    elif where.json:
        put_json({"ok": found.ok, "problems": list(found.problems), "head": str(newest)})
    else:
        click.echo("All is well." if found.ok else "\n".join(found.problems))
    if not found.ok:
        say(f"{len(found.problems)} problems in {where.path}; mnesis doctor {where.path} says what to do.")
        raise click.exceptions.Exit(1)
