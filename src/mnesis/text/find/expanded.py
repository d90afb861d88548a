"""Mark what lies in the time a question speaks of, as a mind reads it.

Source: Di Wu, Hongwei Wang, Wenhao Yu, Yuwei Zhang, Kai-Wei Chang, Dong Yu, LongMemEval: Benchmarking Chat Assistants
    on Long-Term Interactive Memory, 2024. arXiv 2410.10813
Needs: nothing
Cost: one question a recall that names a time; one window and one column
Differs: what lies outside is not filtered away but ranked behind, since a memory of May may have been told in June.

The question is expanded by the range of days it asks about ("last month" is 1 to 28 February). Memories of those days
are brought and marked, as are those that mention one of them; where the question names no time nothing is said. It
stands behind the finders whose candidates it marks.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from mnesis.drive import Asking
from mnesis.store import View
from mnesis.text import ask
from mnesis.text.find import Find
from mnesis.words import NOTHING, Found, Query

EPOCH = date(1970, 1, 1)
DAY = 86400.0
FIRST, LAST = -719162, 2932896  # the days of the calendar, counted from 1970


def expanded(limit: int | None = None) -> Find:
    """A finder by the days asked about; `limit` overrides how many candidates the query allows."""

    def find(query: Query, view: View, found: Found) -> Asking[Found]:
        if not len(view):
            return NOTHING
        reply = yield ask.dates(query.text, query.now)
        spans = [each for each in map(_span, reply or ()) if each is not None]
        if not spans:
            return NOTHING
        start, end = min(first for first, _ in spans), max(last for _, last in spans)
        most = limit or query.limit
        inside = view.during(start * DAY, end * DAY, most)
        told = np.intersect1d(view.speaking_of(start, end), found.rows)
        at = view.column("at", found.rows).astype(np.float64) / DAY
        marked = found.rows[(at >= start) & (at < end)]
        rows = np.unique(np.concatenate([inside, told, marked]))
        column = np.ones(len(rows), np.float32)
        return Found(rows, column, {"expanded": column}) if len(rows) else NOTHING

    return find


def _span(mention: dict[str, Any]) -> tuple[int, int] | None:
    """The first day of a mention and the day after its last, counted from 1970; None where it cannot be read."""
    try:
        first = (date.fromisoformat(mention["start"]) - EPOCH).days if mention["start"] else FIRST
        last = (date.fromisoformat(mention["end"]) - EPOCH + timedelta(1)).days if mention["end"] else LAST
    except ValueError:
        return None
    return (first, last) if FIRST <= first < last and (mention["start"] or mention["end"]) else None
