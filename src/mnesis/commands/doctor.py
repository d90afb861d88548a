"""Say what is wrong with a space and what to do; --salvage rescues what can be read of a damaged one into a new file.

It looks at the file, the folder around it, the disk, the clock, the journal and every row. Rescuing only reads the
damaged file. What it tells the new one keeps its history, times and links; what was lost is counted, and memories whose
words the damage may have altered are named and marked (meta: damaged). The space is named by PATH or by --space. Exit
code 1 when something is wrong.

Example:
    mnesis doctor
    mnesis doctor --space memory.mnesis
    mnesis doctor memory.mnesis --salvage rescued.mnesis
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from mnesis import catalog, settings
from mnesis.commands._print import put_json, put_table, say
from mnesis.commands._verb import json_option, verb, wants_json
from mnesis.errors import BadInput, MnesisError, NotFound
from mnesis.models import Embedder
from mnesis.store.pages import Found
from mnesis.store.seal import facts_altered
from mnesis.words import Floats

LISTED = 10  # ids named on a terminal


@verb("doctor", __doc__)
@click.argument("path", required=False)
@click.option(
    "--space",
    "space_path",
    default=None,
    metavar="PATH",
    show_default="$MNESIS_SPACE or memory.mnesis",
    help="The memory space to look at, where PATH does not name it.",
)
@click.option("--salvage", "new", default=None, metavar="NEW", help="Rescue what can be read into this new file.")
@json_option
def doctor(path: str | None, space_path: str | None, new: str | None, json: bool) -> None:
    if path is not None and space_path is not None:
        raise BadInput(f"The space is named twice, as {path} and by --space {space_path}; leave one of them out.")
    where = Path(path or space_path or settings.space())
    if new is None:
        examine(where, wants_json(json))
    else:
        rescue(where, Path(new), wants_json(json))


def examine(path: Path, json: bool) -> None:
    """What is wrong and what to do."""
    from mnesis.store.doctor import examine as findings

    found = findings(path, datetime.now(UTC))
    if json:
        put_json({"ok": not found, "findings": [each._asdict() for each in found]})
    elif found:
        put_table(("what is wrong", "what to do"), found)
    else:
        click.echo(f"Nothing is wrong with {path}.")
    if found:
        raise click.exceptions.Exit(1)


def rescue(path: Path, new: Path, json: bool) -> None:
    """Tell what can be read of a damaged space to a new one."""
    from mnesis.store.salvage import damaged_rows, facts_of, salvage
    from mnesis.store.sqlite import SqliteStore

    if not path.is_file():
        raise NotFound(f"There is no file {path} to rescue anything from.")
    if new.exists():
        raise BadInput(f"{new} is there already; name a file that is not, so that nothing is written over.")
    found = damaged_rows(path)
    store = SqliteStore(new, language_of(found))
    try:
        report = salvage(found, store, embedding(facts_of(found)))
    finally:
        store.close()
    said = {**asdict(report), "whole": report.whole}
    if json:
        put_json(said)
    else:
        rows = [
            (name.replace("_", " "), len(value) if isinstance(value, list) else value) for name, value in said.items()
        ]
        put_table(("", "how many"), [row for row in rows if row[1]], right=("how many",))
        for name in ("damaged", "from_events"):
            if said[name]:
                click.echo(f"{name.replace('_', ' ')}: {', '.join(said[name][:LISTED])}")
    say(f"{report.cubes} memories rescued into {new}; check it with: mnesis verify --space {new}")


def language_of(found: Found) -> str:
    """The language the space was made with, where that can still be read."""
    kept = {row["name"]: row["value"] for row in found.rows.get("facts", ())}
    language = kept.get("language", "english")
    return language if "language" not in facts_altered(kept) else "english"


def embedding(facts: Mapping[str, str]) -> Callable[[Sequence[str]], Floats] | None:
    """The embedder the space was written with, where it is there to make lost vectors anew."""
    mind = facts.get("mind", "")
    if not mind:
        return None
    try:
        made: Embedder = catalog.make(catalog.find(mind, "models"))
    except MnesisError as err:
        say(f"Lost vectors stay lost: {err}")
        return None
    return made.embed if made.name == facts["embedder"] else None
