"""Hold a memory out of recall until it is released, or list what is held and why.

Without an ID it lists; --within lists the namespaces beneath too. What comes from the web or a tool and reads like
orders to a machine is put here by itself.

Example:
    mnesis quarantine $(mnesis recall "Where does Ana live?" -k 1 --ids) --reason "who says so?"
    mnesis quarantine
"""

from __future__ import annotations

import click

from mnesis.commands._print import put_json, put_table, say
from mnesis.commands._verb import Where, on_space, verb
from mnesis.words import as_dict


@verb("quarantine", __doc__)
@click.argument("id", required=False)
@click.option("--reason", default="quarantine", show_default=True, help="Why it is held.")
@click.option("--within", is_flag=True, help="List the namespaces beneath this one too.")
@on_space
def quarantine(where: Where, id: str | None, reason: str, within: bool) -> None:
    with where.open() as space:
        if id is not None:
            held = [space.quarantine(id, reason=reason, namespace=where.only)]
        else:
            held = space.quarantined(namespace=where.namespace, within=within)
    if where.json:
        put_json([as_dict(cube) for cube in held])
    elif held:
        put_table(
            ("why", "trust", "memory", "id"),
            ((cube.meta["quarantine"], cube.trust, cube.text, cube.id) for cube in held),
        )
    else:
        say("Nothing is in quarantine here.")
