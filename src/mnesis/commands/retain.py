"""Say how long a namespace keeps what it was told, or put a legal hold on it; tend applies it.

--ttl counts from when a memory was told, --max-age from when it happened. The rule holds for everything beneath the
namespace too. --hold refuses every erasure there until --lift. Without an option it lists what holds.

Example:
    mnesis retain --namespace org/ana --max-age 365d
    mnesis retain --namespace org --hold "case 12"
    mnesis retain --namespace org/ana
"""

from __future__ import annotations

import click

from mnesis.commands._print import put_json, put_table
from mnesis.commands._verb import Where, on_space, verb


@verb("retain", __doc__)
@click.option("--ttl", default=None, metavar="SPAN", help="How long after it was told, for example 30d or 12h.")
@click.option("--max-age", default=None, metavar="SPAN", help="How long after it happened.")
@click.option(
    "--then", type=click.Choice(["erase", "retire"]), default="erase", show_default=True, help="What follows."
)
@click.option("--hold", default=None, metavar="REASON", help="Refuse every erasure, for this reason.")
@click.option("--lift", is_flag=True, help="Lift the hold.")
@on_space
def retain(where: Where, ttl: str | None, max_age: str | None, then: str, hold: str | None, lift: bool) -> None:
    if hold is not None and lift:
        raise click.UsageError("Give either --hold REASON or --lift.")
    with where.open(make=True) as space:
        if ttl is not None or max_age is not None:
            space.retain(where.namespace, ttl=ttl, max_age=max_age, then=then)
        if hold is not None or lift:
            space.hold(where.namespace, reason=hold or "")
        found = space.retention(namespace=where.namespace, within=True)
    rows = [(each.namespace, str(each.ttl or ""), str(each.max_age or ""), each.then, each.hold) for each in found]
    names = ("namespace", "ttl", "max age", "then", "hold")
    if where.json:
        put_json([dict(zip(names, row, strict=True)) for row in rows])
    else:
        put_table(names, rows)
