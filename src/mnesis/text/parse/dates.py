"""Keep an event whole and note which days it speaks of.

Source: Strötgen and Gertz, HeidelTime: High Quality Rule-Based Extraction and Normalization of Temporal Expressions,
    2010. ACL S10-1071
Needs: nothing
Cost: one scan of the text; a few microseconds where no date is mentioned
Differs: English, ISO and East Asian year-month-day only; intervals of days instead of TIMEX3 tags.

"We went hiking last weekend", told on 14 June 2023, speaks of 10 and 11 June. The cube keeps the event's own time;
`meta["dates"]` holds one [first day, day after the last] for each mention, in days since 1970, so that a finder by
time can match them. Where a mention has an open end ("before 1990"), the first or last day of the calendar stands in
for it. The rules are those of `text.when`.

>>> from mnesis.words import Event
>>> parse = dates()
>>> parse(Event("We went hiking last weekend.", at="2023-06-14", id="e1"), "ana")[0].meta
{'dates': [[19518.0, 19520.0]]}
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mnesis.text.parse import Parse
from mnesis.text.parse._cut import keys, spoken, whole
from mnesis.text.when import mentions
from mnesis.words import Event, MemCube

FIRST_DAY, DAY_AFTER_LAST = -719162.0, 2932897.0  # 0001-01-01 and the day after 9999-12-31


def dates() -> Parse:
    """A parser that keeps every event whole, with the days it mentions in its meta."""

    def parse(event: Event, namespace: str, names: frozenset[str] = frozenset()) -> list[MemCube]:
        text = spoken(event)
        if not text.strip():
            return []
        meta = annotated(event.meta, event.text, event.at)
        return [whole(event, namespace, "text.parse.dates", keys(text, names), meta)]

    return parse


def annotated(meta: Mapping[str, Any], text: str, at: datetime | None) -> Mapping[str, Any]:
    """`meta` with the days `text` speaks of under ``dates``; `meta` itself when it speaks of none."""
    found = mentions(text, at)
    if not found:
        return meta
    bounded = dict.fromkeys((max(each.start, FIRST_DAY), min(each.end, DAY_AFTER_LAST)) for each in found)
    days = [[start, end] for start, end in bounded if start < end]
    return {**meta, "dates": days} if days else meta
