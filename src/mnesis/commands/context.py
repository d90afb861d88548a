"""Lay the memories that answer a question out as text for a prompt, within a budget of tokens.

--plain prints the text alone, ready to be put into a prompt; otherwise every line comes with the memories and sources
it can be traced to. --as-of answers from what was known at a moment (or at a commit), --valid-at from what was true.

Example:
    mnesis context "Where does Ana live?" --budget 200 --plain
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import click

from mnesis.commands._print import put_json, put_table, say
from mnesis.commands._verb import Where, asks, in_time, on_space, sieve, verb
from mnesis.words import as_dict


@verb("context", __doc__)
@click.argument("query")
@click.option("--budget", default=1200, show_default=True, help="How many tokens the text may take.")
@click.option("--plain", is_flag=True, help="Print the text alone.")
@in_time
@click.option("--now", default=None, metavar="WHEN", help="The moment that words like yesterday are counted from.")
@sieve
@on_space
@asks
def context(
    where: Where,
    asking: Mapping[str, Any],
    query: str,
    budget: int,
    plain: bool,
    as_of: int | str | None,
    valid_at: str | None,
    now: str | None,
    **sieve: Any,
) -> None:
    with where.open() as space:
        ask = partial(space.context, query, namespace=where.namespace, budget=budget, **asking, **sieve)
        packed = ask(as_of=as_of, valid_at=valid_at, now=now)
    if plain:
        click.echo(packed.text)
    elif where.json:
        put_json({**as_dict(packed), "text": packed.text, "lines": [as_dict(line) for line in packed]})
    else:
        put_table(
            ("tokens", "line", "sources"),
            ((line.tokens, line.text, ", ".join(line.sources)) for line in packed),
            right=("tokens",),
        )
        say(f"{packed.tokens} of {packed.budget} tokens; {packed.left_out} more memories did not fit.")
