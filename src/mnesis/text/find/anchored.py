"""Find what happened before, after or during something a question names.

Source: mnesis, 2026.
Needs: nothing
Cost: one word search for the event named; one window in time
Differs: nothing.

"What did I buy after the trip to Porto?" names no date, but an event that memory knows. The event is looked for by its
words; the time of the memory that holds most of them (half of them at least) is the anchor. Memories on the side of it
the question asks about are marked and brought: the nearer to the anchor in time the more, `reach` days away half as
much, in the column `anchored`. A question that names no such event, or one that memory does not know, finds nothing.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.store.terms import terms
from mnesis.text.find import Find
from mnesis.words import NOTHING, Found, Query, Rows

DAY = 86400.0
SIDE = re.compile(
    r"\b(?P<side>(?:right |just |shortly )?(?:after|before)|since|following|until|during|while|at the time of)"
    r"\s+(?P<event>[^?,.;!]{4,80})",
    re.I,
)
KNOWN = 0.5  # of the event's terms in one memory
FAR = 365  # days looked back or ahead


class _Anchor(NamedTuple):
    """A moment, which way from it a question looks, and the words that named it."""

    at: float
    way: int
    row: int


def anchored(reach: float = 30.0, limit: int = 60) -> Find:
    """A finder by the time of another memory; it marks what the finders before it brought, and brings `limit` more."""
    if reach <= 0 or limit < 1:
        raise BadInput(f"reach={reach} must be a number of days above 0 and limit={limit} at least 1.")

    def find(query: Query, view: View, found: Found) -> Found:
        anchor = _anchor(query.text, view)
        if anchor is None:
            return NOTHING
        start = anchor.at - (FAR * DAY if anchor.way < 0 else 3 * DAY if not anchor.way else 0.0)
        end = anchor.at + (FAR * DAY if anchor.way > 0 else 3 * DAY if not anchor.way else 0.0)
        inside = view.during(start, end, 20 * limit)
        inside = inside[inside != anchor.row]
        marked = np.intersect1d(found.rows, inside)
        nearest = _by_distance(inside, anchor, view)[: min(limit, query.limit)]
        rows = np.union1d(marked, nearest)
        if not len(rows):
            return NOTHING
        away = np.abs(view.column("at", rows).astype(np.float64) - anchor.at) / DAY
        column = (0.5 ** (away / reach)).astype(np.float32)
        return Found(rows, column, {"anchored": column})

    return find


def _anchor(text: str, view: View) -> _Anchor | None:
    """The memory that knows the event a question names, where there is one with a time."""
    match = SIDE.search(text)
    if match is None:
        return None
    wanted = tuple(dict.fromkeys(terms(match["event"])))
    if not wanted:
        return None
    rows = view.words(wanted).top(20)[0]
    rows = rows[~np.isnan(view.column("at", rows).astype(np.float64))] if len(rows) else rows
    for row, held in zip(rows.tolist(), view.cubes(rows), strict=True):
        said = set(terms(held.text))
        if sum(term in said for term in wanted) >= KNOWN * len(wanted) and not held.text.rstrip().endswith("?"):
            at = float(view.column("at", np.array([row], np.int64))[0])
            return _Anchor(at, _way(match["side"]), row)
    return None


def _way(side: str) -> int:
    low = side.lower()
    return 1 if low.endswith(("after", "since", "following")) else -1 if low.endswith(("before", "until")) else 0


def _by_distance(rows: Rows, anchor: _Anchor, view: View) -> Rows:
    away = np.abs(view.column("at", rows).astype(np.float64) - anchor.at)
    nearest: Rows = rows[np.lexsort((rows, away))]
    return nearest
