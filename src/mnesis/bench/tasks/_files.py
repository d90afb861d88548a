"""Reads benchmark files: compressed or plain JSON lines, and dates in the forms the benchmarks write them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mnesis.errors import BadInput, Malformed, NotFound

FORMS = ("%Y/%m/%d (%a) %H:%M", "%B-%d-%Y", "%I:%M %p on %d %B, %Y", "%Y/%m/%d")


def located(data: Path, folder: str, name: str, origin: str) -> Path:
    """The file `name` of a benchmark: in `data` itself, or in its `folder` below `data`."""
    for place in (data, data / folder):
        for path in (place / name, place / f"{name}.gz"):
            if path.is_file():
                return path
    raise NotFound(
        f"There is no {name} (or {name}.gz) in {data} or {data / folder}. The data is not part of mnesis: it is "
        f"published at {origin}; put it there, or name another folder with --data."
    )


def records(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a JSON lines file, plain or gzipped."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except json.JSONDecodeError as err:
                raise Malformed(f"{path.name}, line {number}", f"this is not JSON ({err.msg}).") from err
            if not isinstance(record, dict):
                raise Malformed(f"{path.name}, line {number}", "this is not a record; a JSON object was expected.")
            yield record


def when(text: str) -> datetime | None:
    """A benchmark's date.

    >>> when("1:56 pm on 8 May, 2023").isoformat()
    '2023-05-08T13:56:00+00:00'
    >>> when("March-15-2024").date().isoformat()
    '2024-03-15'
    """
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = _written(text)
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _written(text: str) -> datetime:
    for form in FORMS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    raise BadInput(f"{text!r} is not a date in any form the benchmarks use ({', '.join(FORMS)} or ISO 8601).")
