"""Tables in CSV or TSV, a memory a row, with a map from columns to fields.

Source: mnesis, 2026.
Needs: nothing
Cost: one pass; holds one row
Differs: nothing.

Each option names the column a field is taken from; a field that is not mapped is taken from the column of its own
name when there is one. The separator is sniffed from the first rows. A row of another width than the header, an
empty text or a date that cannot be read is that row's problem.

>>> import pathlib, tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     path = pathlib.Path(folder, "notes.csv")
...     _ = path.write_text("day;who;note\\n2026-03-02;Ana;I moved to Lisbon.")
...     for record in table(text="note", speaker="who", at="day")(path):
...         print(record.where, record.event.speaker, record.event.at.date(), record.event.text)
notes.csv:2 Ana 2026-03-02 I moved to Lisbon.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from mnesis.errors import BadInput, UnknownName
from mnesis.text.read import Read, Record, Seen
from mnesis.text.read._files import head, kind, named, not_utf8, opened, refuse_wide
from mnesis.text.read._record import at_line, fault, heard

FIELDS = ("text", "speaker", "at", "source", "session", "role", "place", "trust", "namespace")
SEPARATORS = ",;\t|"
LONGEST = 1 << 24
_ESCAPED = re.compile("[\udc80-\udcff]")


def table(
    text: str = "",
    speaker: str = "",
    at: str = "",
    source: str = "",
    session: str = "",
    role: str = "",
    place: str = "",
    trust: str = "",
    namespace: str = "",
    separator: str = "",
    day_first: bool = True,
) -> Read:
    """Read a table; fields name columns, `separator` is sniffed unless given, `day_first` reads 08/05/2023 as 8 May."""
    chosen = (text, speaker, at, source, session, role, place, trust, namespace)
    wanted = dict(zip(FIELDS, chosen, strict=True))

    def read(path: Path, seen: Seen | None = None) -> Iterator[Record]:
        between = separator or _sniff(path)
        # the default of 128 KiB a field is a limit of the csv module, not of tables; ours bounds an unclosed quote
        csv.field_size_limit(max(csv.field_size_limit(), LONGEST))
        with opened(path, seen) as stream:
            rows = csv.reader((raw.decode("utf-8", "surrogateescape") for raw in stream), delimiter=between)
            columns: dict[str, int] = {}
            for line, row, problem in _rows(rows):
                where = at_line(path, line)
                problem = problem or _not_utf8(row)
                if problem:
                    yield fault(where, problem)
                elif not columns:
                    width, columns = len(row), _columns(path, row, wanted)
                elif len(row) != width:
                    yield fault(where, f"the row has {len(row)} fields where the header has {width}.")
                else:
                    yield _row(where, row, columns, named(path), day_first)

    return read


def _sniff(path: Path) -> str:
    """The separator of a table: told by the suffix, else by the first rows."""
    start = head(path, 1 << 13)
    refuse_wide(path, start)
    if kind(path) in (".tsv", ".tab"):
        return "\t"
    sample = start.decode("utf-8", "replace")
    first = sample.partition("\n")[0]
    try:
        found = csv.Sniffer().sniff(sample, SEPARATORS).delimiter
    except csv.Error:
        found = ""
    return found if found and found in first else max(SEPARATORS, key=first.count)


def _rows(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str], str]]:
    """Rows with the line they begin on; a row the csv module refuses comes as its problem."""
    line = 1
    reader = rows
    while True:
        problem, row = "", []
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as err:
            problem = f"the row cannot be read ({err})."
        if row or problem:
            yield line, row, problem
        line = reader.line_num + 1  # type: ignore[attr-defined]


def _columns(path: Path, header: Sequence[str], wanted: dict[str, str]) -> dict[str, int]:
    """Which column each field stands in."""
    names = [name.strip().removeprefix("\ufeff") for name in header]
    for column in wanted.values():
        if column and column not in names:
            raise UnknownName(f"column of {path.name}", column, names)
    places = {field: names.index(wanted[field] or field) for field in FIELDS if (wanted[field] or field) in names}
    if "text" not in places:
        raise BadInput(
            f"{path.name} has no column named 'text'; say which one holds the text with text=…; "
            f"its columns are: {', '.join(names)}."
        )
    return places


def _row(where: str, row: Sequence[str], columns: dict[str, int], name: str, day_first: bool) -> Record:
    value = {field: row[place].strip() for field, place in columns.items()}
    fields = {"source": where, "session": name, **{field: each for field, each in value.items() if each}}
    text, at, namespace = value["text"], fields.pop("at", ""), fields.pop("namespace", "")
    fields.pop("text", None)
    return heard(where, text, at=at, namespace=namespace, day_first=day_first, **fields)


def _not_utf8(row: Sequence[str]) -> str:
    for number, text in enumerate(row, 1):
        bad = _ESCAPED.search(text)
        if bad:
            return f"field {number}: " + not_utf8(len(text[: bad.start()].encode()), ord(bad[0]) - 0xDC00)
    return ""
