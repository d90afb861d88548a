"""List every mechanism, or those of one slot or family, with its sentence and its source.

Example:
    mnesis catalog text.rank
"""

from __future__ import annotations

import click

from mnesis import catalog as cards
from mnesis.commands._print import put_json, put_table
from mnesis.commands._verb import json_option, verb, wants_json

FIELDS = ("address", "sentence", "source", "needs", "cost")


@verb("catalog", __doc__)
@click.argument("slot", default="")
@json_option
def catalog(slot: str, json: bool) -> None:
    found = [cards.card(address).as_dict() for address in cards.names(slot)]
    if wants_json(json):
        put_json([{name: each[name] for name in FIELDS} for each in found])
    else:
        put_table(
            ("address", "what it does", "needs", "source"),
            [[each[name] for name in ("address", "sentence", "needs", "source")] for each in found],
        )
