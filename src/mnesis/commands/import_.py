"""Bring in conversations and documents: exports of chat programs, transcripts, folders of notes, tables.

The format is recognised from the file; --format names one. Importing the same file again adds nothing. A record that
is not in its format is reported with its line and skipped, or stops the import with --on-error stop. --map says which
column of a table is which field of an event (text=body, speaker=author, at=date). Without --namespace, conversations
that a file keeps apart get a namespace each. What `mnesis export --whole` wrote, and the file of another space, become
the same space again, in a place where there is none yet; interrupted, the same call goes on where it stood.

Example:
    printf 'Ana: I adopted a cat.\\nTom: What is its name?\\n' > chat.txt
    mnesis import chat.txt
"""

from __future__ import annotations

from typing import Any, Literal

import click

from mnesis.commands._print import byte_bar, counter_bar, put_json, put_table, say
from mnesis.commands._verb import Where, on_space, verb
from mnesis.errors import BadInput

SHOWN_FAULTS = 20


@verb("import", __doc__)
@click.argument("path")
@click.option("--format", "format_", default="auto", show_default=True, help="A reader; see mnesis catalog text.read.")
@click.option(
    "--on-error",
    type=click.Choice(["skip", "stop"]),
    default="skip",
    show_default=True,
    help="What a faulty record does.",
)
@click.option("--map", "columns", multiple=True, metavar="FIELD=COLUMN", help="Once for each column of a table.")
@on_space
def import_(where: Where, path: str, format_: str, on_error: str, columns: tuple[str, ...]) -> None:
    from mnesis.importing import import_file
    from mnesis.moving import is_export

    if is_export(path):
        _restored(where, path)
        return
    choice: Literal["skip", "stop"] = "stop" if on_error == "stop" else "skip"
    options: dict[str, Any] = dict(column_map(columns))
    with where.open(make=True) as space, byte_bar() as bar:
        task = bar.add_task(f"importing {path}", total=None)
        report = import_file(
            space,
            path,
            format=format_,
            namespace=where.only,
            on_error=choice,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
            **options,
        )
    if report.erased:
        say(f"{report.erased} events were erased once and were left out.")
    for fault in report.faults[:SHOWN_FAULTS]:
        say(f"skipped {fault.where}: {fault.problem}")
    if report.faulty > SHOWN_FAULTS:
        say(f"… and {report.faulty - SHOWN_FAULTS} more records were skipped.")
    if where.json:
        put_json(
            {
                "format": report.format,
                "events": report.events,
                "added": report.added,
                "known": report.known,
                "faulty": report.faulty,
                "erased": report.erased,
                "faults": [{"where": fault.where, "problem": fault.problem} for fault in report.faults],
                "seconds": round(report.seconds, 3),
            }
        )
    else:
        put_table(
            ("format", "events", "added", "known already", "skipped", "seconds"),
            [(report.format, report.events, report.added, report.known, report.faulty, f"{report.seconds:.1f}")],
        )


def _restored(where: Where, path: str) -> None:
    """Make the space that an export, or the file of a space, holds."""
    from mnesis.moving import restore

    if where.only is not None:
        raise BadInput("An export says itself which namespaces it holds; leave --namespace out.")
    with counter_bar() as bar:
        task = bar.add_task(f"restoring {path}", total=None)
        space = restore(
            path,
            where.path,
            embedder=where.embedder,
            recipe=where.recipe,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    with space:
        head, memories = space.head(), sum(space.namespaces().values())
    if where.json:
        put_json({"space": where.path, "commits": head.seq, "memories": memories, "head": str(head)})
    else:
        put_table(("space", "commits", "memories", "head"), [(where.path, head.seq, memories, str(head))])


def column_map(pairs: tuple[str, ...]) -> dict[str, str]:
    """Field to column, from ``field=column`` texts."""
    columns = {}
    for pair in pairs:
        name, equals, column = pair.partition("=")
        if not (name and equals and column):
            raise BadInput(f"--map {pair!r} is not FIELD=COLUMN; write for example --map text=body.")
        columns[name] = column
    return columns
