"""Dates as people and programs write them, read the same on every machine and never guessed at."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from dateutil.parser import ParserError, parse

from mnesis.errors import BadInput

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECONDS = 1e11  # an epoch number beyond it (year 5138) counts milliseconds
_SLASHED = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_WEEKDAY = re.compile(r"\((?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?\)", re.IGNORECASE)
_NUMBER = re.compile(r"\d{9,13}(?:\.\d*)?")
_WHOLE = (datetime(2000, 1, 1), datetime(2004, 2, 2))  # what is not written differs between these two


def when(value: Any, day_first: bool = True) -> datetime | None:
    """A moment from text, an epoch number or nothing; without an offset it is read as UTC.

    Day, month and year must all be there. `day_first` reads 08/05/2023 as 8 May.

    >>> when("1:56 pm on 8 May, 2023").isoformat(), when("2023/05/20 (Sat) 02:21").isoformat()
    ('2023-05-08T13:56:00+00:00', '2023-05-20T02:21:00+00:00')
    """
    if value is None or value == "":
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _epoch(float(value), value)
    if not isinstance(value, str):
        raise BadInput(f"{value!r} is not a date; write it as ISO 8601, for example 2026-03-02T14:30:00.")
    text = value.strip()
    if _NUMBER.fullmatch(text):
        return _epoch(float(text), value)
    try:
        moment = datetime.fromisoformat(text) if text[:4].isdigit() else _read(text, day_first)
    except ValueError:
        moment = _read(text, day_first)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


@lru_cache(maxsize=4096)  # the turns of a session share its date, and reading one takes a tenth of a millisecond
def _read(text: str, day_first: bool) -> datetime:
    plain = _WEEKDAY.sub(" ", _ordered(text, day_first))
    try:
        low, high = (parse(plain, default=each, tzinfos=_zone) for each in _WHOLE)
    except (ParserError, OverflowError, BadInput) as err:
        raise BadInput(
            f"{text!r} is not a date that can be read; write it as ISO 8601, for example 2026-03-02."
        ) from err
    if low != high:
        raise BadInput(f"{text!r} is not a whole date; write day, month and year, for example 2026-03-02.")
    return low


def _ordered(text: str, day_first: bool) -> str:
    """The first date of numbers as year-month-day, so that nothing is left to swap."""

    def iso(found: re.Match[str]) -> str:
        first, second, year = int(found[1]), int(found[3]), found[4]
        day, month = (first, second) if day_first else (second, first)
        if month > 12:
            raise BadInput(f"{text!r} has month {month}; read it with day_first={not day_first}.")
        return f"{year if len(year) == 4 else '20' + year}-{month:02d}-{day:02d}"

    return _SLASHED.sub(iso, text, count=1)


def _zone(name: str | None, offset: int | None) -> int | None:
    """Offsets and UTC only: what a zone's letters mean differs between countries and machines."""
    if offset is not None:
        return offset
    if name is None or name.upper() in ("UTC", "GMT", "Z"):
        return 0
    raise BadInput(f"The time zone {name!r} is not clear; write it as an offset, for example +01:00.")


def _epoch(seconds: float, value: Any) -> datetime:
    try:
        return EPOCH + timedelta(seconds=seconds / 1000 if abs(seconds) > MILLISECONDS else seconds)
    except (OverflowError, ValueError) as err:
        raise BadInput(f"{value!r} is not a moment in time; write seconds since 1970.") from err
