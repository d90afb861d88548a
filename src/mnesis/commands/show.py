"""Show the card of one mechanism: what it does, where it comes from, what it costs, and the options it takes.

Example:
    mnesis show text.rank.reciprocal_rank
"""

from __future__ import annotations

import inspect
from typing import Any

import click
from rich.text import Text

from mnesis import catalog
from mnesis.commands._print import put_json, render, say, table
from mnesis.commands._verb import json_option, verb, wants_json
from mnesis.errors import Unavailable


@verb("show", __doc__)
@click.argument("address")
@json_option
def show(address: str, json: bool) -> None:
    card = catalog.card(address)
    try:
        options, missing = options_of(address), ""
    except Unavailable as err:  # the card is readable all the same
        options, missing = [], str(err)
    if missing:
        say(missing)
    if wants_json(json):
        put_json({**card.as_dict(), "options": options, "missing": missing})
        return
    fields = ((name, getattr(card, name)) for name in ("source", "needs", "cost", "shapes", "differs"))
    render(
        table(("", ""), [(card.address, card.sentence), *((name, text) for name, text in fields if text)]),
        "",
        table(("option", "type", "default"), ([each["name"], each["type"], each["default"]] for each in options)),
    )
    render("", Text(card.about))


def options_of(address: str) -> list[dict[str, Any]]:
    """The options of a mechanism's maker, as its signature has them."""
    found = []
    for parameter in inspect.signature(catalog.maker(address)).parameters.values():
        required = parameter.default is inspect.Parameter.empty
        kind = "" if parameter.annotation is inspect.Parameter.empty else str(parameter.annotation)
        default = "required" if required else repr(parameter.default)
        found.append({"name": parameter.name, "type": kind, "default": default})
    return found
