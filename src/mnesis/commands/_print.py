"""How results are printed: JSON for programs, rich tables for people, messages on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import IO, Any, Literal

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from mnesis.words import Hit, MemCube, as_dict

PIPED_WIDTH = 100
WHOLE = ("when", "id", "address", "known from", "known to", "task", "option")  # columns never broken into lines
SPOKEN = ("memory", "text", "line", "remembered", "forgotten", "what it does", "what it measures")
ROOM = 28  # characters a column of text keeps beside wide neighbours


def say(message: str) -> None:
    """A message for the person at the keyboard: on stderr, never in the way of a result."""
    click.echo(message, err=True)


def put_json(value: Any) -> None:
    """A result for a program: indented JSON on stdout."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=_plain))


def put_line(record: Mapping[str, Any], file: IO[str]) -> None:
    """One record for a program, on one line."""
    file.write(json.dumps(record, ensure_ascii=False, default=_plain) + "\n")


def put_table(columns: Sequence[str], rows: Iterable[Sequence[object]], right: Sequence[str] = ()) -> None:
    """A result for a person; the columns in `right` are set to the right."""
    render(table(columns, rows, right=right))


def table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], title: str = "", right: Sequence[str] = ()
) -> Table:
    """A rich table of plain values; nothing in them is read as markup."""
    made = Table(title=title or None, title_justify="left", header_style="bold", show_header=any(columns))
    made.box, made.pad_edge, made.padding = None, False, (0, 2, 0, 0)
    cells = [[str(cell) for cell in row] for row in rows]
    for at, column in enumerate(columns):
        longest = max((len(row[at]) for row in cells), default=0)
        least = min(ROOM, longest) if column in SPOKEN else None
        side: Literal["left", "right"] = "right" if column in right else "left"
        whole = column in right or column in WHOLE
        made.add_column(column, justify=side, overflow="fold", no_wrap=whole, min_width=least)
    for row in cells:
        made.add_row(*map(Text, row))
    return made


def render(*renderables: Any) -> None:
    """Print rich things on stdout."""
    console = Console(width=None if sys.stdout.isatty() else PIPED_WIDTH)
    for each in renderables:
        console.print(each)


def day(moment: datetime | None) -> str:
    """A moment as people read it: the day, and the time where there is one."""
    if moment is None:
        return ""
    return moment.strftime("%Y-%m-%d" if (moment.hour, moment.minute, moment.second) == (0, 0, 0) else "%Y-%m-%d %H:%M")


def reasons(why: Mapping[str, float], most: int = 100) -> str:
    """The reasons of a hit in one cell, strongest first."""
    ordered = sorted(why.items(), key=lambda item: -abs(item[1]))[:most]
    return "  ".join(f"{name} {value:.2f}" for name, value in ordered)


def hit_record(hit: Hit) -> dict[str, Any]:
    """A hit as a program reads it: the cube's fields, its score, and the reasons."""
    record = as_dict(hit.cube)
    head = {"id": hit.cube.id, "text": hit.cube.text, "score": round(float(hit.score), 6)}
    why = {name: round(float(value), 6) for name, value in hit.why.items()}
    return {**head, "why": why, **{name: value for name, value in record.items() if name not in head}}


def cube_row(cube: MemCube) -> tuple[str, str, str, str]:
    """What a person sees of a memory: when, who, what, and its id."""
    return day(cube.at), cube.speaker, cube.text, cube.id


def counter_bar() -> Progress:
    """A progress bar on stderr for work that is counted; silent where stderr is not a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def byte_bar() -> Progress:
    """A progress bar on stderr for work measured in bytes; silent where stderr is not a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "tolist"):  # numpy numbers and arrays
        return value.tolist()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)
