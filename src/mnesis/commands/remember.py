"""Keep what happened: a text, or every line of standard input.

With - each line of standard input is one event, in order. The answer is the memories that were made; what the
space already knew makes none.

Example:
    mnesis remember "I moved to Lisbon." --speaker Ana --at 2026-03-02
    printf 'I like jazz.\\nI play the piano.\\n' | mnesis remember - --speaker Ana
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click

from mnesis.commands._print import cube_row, put_json, put_table, say
from mnesis.commands._verb import Where, asks, on_space, verb
from mnesis.errors import BadInput
from mnesis.words import MEMORY_TYPES, TRUSTS, as_dict


@verb("remember", __doc__)
@click.argument("text")
@click.option("--speaker", default="", help="Who said it.")
@click.option("--at", default=None, metavar="WHEN", help="When it happened, as ISO 8601 (2026-03-02 or with a time).")
@click.option("--source", default="", help="Where it came from: a message id, a file and line.")
@click.option("--session", default="", help="The conversation or document it belongs to.")
@click.option("--role", default="", help="user, assistant, tool … where there are roles.")
@click.option("--key", default=None, help="Keep it once: told again under this key it adds nothing.")
@click.option("--trust", type=click.Choice(TRUSTS), default=TRUSTS[0], show_default=True, help="Where it is from.")
@click.option("--type", "type_", type=click.Choice(MEMORY_TYPES), default=None, help="The memory type; see the docs.")
@click.option("--again", is_flag=True, help="Take in again what was erased.")
@on_space
@asks
def remember(
    where: Where,
    asking: Mapping[str, Any],
    text: str,
    speaker: str,
    at: str | None,
    source: str,
    session: str,
    role: str,
    key: str | None,
    trust: str,
    again: bool,
    type_: str | None,
) -> None:
    texts = lines_told() if text == "-" else [text]
    with where.open(make=True) as space:
        cubes = space.remember(
            texts,
            namespace=where.namespace,
            speaker=speaker,
            at=at,
            source=source,
            session=session,
            role=role,
            key=key,
            trust=trust,
            again=again,
            type=type_ or "",
            **asking,
        )
    if not cubes:
        say("Nothing new: the space knew it already, or it was erased from it (--again takes it in once more).")
    if where.json:
        put_json([as_dict(cube) for cube in cubes])
    else:
        put_table(("when", "who", "remembered", "id"), map(cube_row, cubes))


def lines_told() -> list[str]:
    """The lines of standard input that say something."""
    try:
        told = sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as err:
        raise BadInput(
            f"Standard input is not UTF-8 at byte {err.start}; convert it first, for example with iconv."
        ) from err
    lines = [line for line in told.splitlines() if line.strip()]
    if not lines:
        raise BadInput("Nothing came on standard input; write one event a line, or give the text itself.")
    return lines
