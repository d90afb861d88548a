"""Find memories that answer a question, best first.

--explain adds what each finder and ranker said of each memory. --as-of answers from what was known at a moment (or
at a commit), --valid-at from what was true at one. --within asks the namespaces beneath this one too, --min-trust
leaves out what is trusted less, --type what is of another memory type. --ids prints only ids, one a line, for other
verbs to use.

Example:
    mnesis recall "Where does Ana live?" -k 3 --explain
    mnesis recall "Where does Ana live?" --within --min-trust unknown --type episodic
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from mnesis.commands._print import day, hit_record, put_json, put_table, reasons, say
from mnesis.commands._verb import Where, asks, in_time, on_space, sieve, verb


@verb("recall", __doc__)
@click.argument("query")
@click.option("-k", "--k", default=10, show_default=True, help="How many memories at most.")
@in_time
@click.option("--now", default=None, metavar="WHEN", help="The moment that words like yesterday are counted from.")
@click.option("--explain", is_flag=True, help="Show the reasons, finder by finder.")
@sieve
@click.option("--ids", is_flag=True, help="Print only the ids, one a line.")
@click.option("--no-touch", is_flag=True, help="Leave no trace where the recipe learns from being asked.")
@on_space
@asks
def recall(
    where: Where,
    asking: Mapping[str, Any],
    query: str,
    k: int,
    as_of: int | str | None,
    valid_at: str | None,
    now: str | None,
    explain: bool,
    ids: bool,
    no_touch: bool,
    **sieve: Any,
) -> None:
    chosen = {"k": k, "as_of": as_of, "valid_at": valid_at, "now": now, "touch": not no_touch, **sieve}
    with where.open() as space:
        hits = space.recall(query, namespace=where.namespace, **asking, **chosen)
    if ids:
        for hit in hits:
            click.echo(hit.cube.id)
    elif where.json:
        put_json([hit_record(hit) for hit in hits])
    elif not hits:
        say("Nothing in this namespace answers that.")
    else:
        columns = ("score", "when", "who", "memory", "id", *(("why",) if explain else ()))
        put_table(
            columns,
            (
                (f"{hit.score:.2f}", day(hit.cube.at), hit.cube.speaker, hit.cube.text, hit.cube.id)
                + ((reasons(hit.why),) if explain else ())
                for hit in hits
            ),
            right=("score",),
        )
