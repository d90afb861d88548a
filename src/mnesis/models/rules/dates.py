"""The days a text speaks of, counted from the day it was said.

Source: mnesis, 2026.
Needs: nothing
Cost: one scan of the text
Differs: nothing.

Dates are read as `text.when` reads them: "last Friday", "in March", "two weeks ago", "12 May 2024". A period that is
open on one side ("before 1990") has no day there.

>>> dates()({"text": "We met last Friday.", "date": "2026-03-11"})
[{'text': 'last Friday', 'start': '2026-03-06', 'end': '2026-03-06'}]
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import said_on, text_of
from mnesis.text.when import mentions

MOST = 12
FIRST = date(1970, 1, 1)


def dates() -> Rule:
    """The rule."""

    def answer(parts: Mapping[str, Any]) -> list[dict[str, str]]:
        text = text_of(parts)
        return [
            {"text": text[slice(*each.span)], "start": _day(each.start), "end": _day(each.end - 1)}
            for each in mentions(text, said_on(parts))[:MOST]
        ]

    return answer


def _day(days: float) -> str:
    """The ISO date so many days after 1970, empty where there is none."""
    if not math.isfinite(days):
        return ""
    try:
        return (FIRST + timedelta(days=math.floor(days))).isoformat()
    except OverflowError:
        return ""
