"""Check that the journal, the rows and every index of a space agree; exit code 1 when they do not.

Example:
    mnesis verify
"""

from __future__ import annotations

import click

from mnesis.commands._print import put_json, say
from mnesis.commands._verb import Where, on_space, verb


@verb("verify", __doc__)
@on_space
def verify(where: Where) -> None:
    with where.open() as space:
        found = space.verify()
    if where.json:
        put_json({"ok": found.ok, "problems": list(found.problems)})
    else:
        click.echo("All is well." if found.ok else "\n".join(found.problems))
    if not found.ok:
        say(f"{len(found.problems)} problems in {where.path}; keep a copy of the file before you change anything.")
        raise click.exceptions.Exit(1)
