"""Find memories of the days a question asks about.

Source: mnesis, 2026.
Needs: nothing
Cost: one window in time; the date mentions of the candidates, and of everything up to `scan` memories
Differs: nothing.

"What did we do last Friday?" is resolved against the query's `now`. A memory belongs to the asked days when it
happened in them or speaks of them ("the dentist on 7 May", said on the 3rd). The column `time` is 1 inside and falls
off with the distance, measured in lengths of the asked span: a day beside a day counts as much as a year beside a
year. A mention that is longer than the span ("in 2023", when one day is asked) counts less, by the square root of
how much longer. What matches well is brought; candidates of other finders are marked when they match at all. A
question that names no time finds nothing.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnesis.store import View
from mnesis.text.find import Find
from mnesis.text.when import question_span
from mnesis.words import NOTHING, Floats, Found, Query, Rows

Days: TypeAlias = NDArray[np.float64]
DAY = 86400.0
YEAR = 365.0  # days; taken as the length of a span with an open end ("before 1990")
WELL = 0.7  # from here on a memory is brought for its time alone
LEAST = 0.01  # below this the time says nothing


def time_window(limit: int | None = None, scan: int = 100_000) -> Find:
    """A finder by time; `limit` overrides how many candidates the query allows, `scan` is how many memories at most
    are searched for mentions of the asked days (0: only what other finders brought)."""

    def find(query: Query, view: View, found: Found) -> Found:
        span = question_span(query.text, query.now)
        if span is None:
            return NOTHING
        most = limit or query.limit
        inside = view.during(span[0] * DAY, span[1] * DAY, most)
        others = view.alive() if len(view) <= scan else inside
        rows = np.unique(np.concatenate([found.rows, inside, others]))
        match = _closeness(view, rows, *span)
        keep = match >= np.where(np.isin(rows, found.rows), LEAST, WELL)
        return _nearest(Found(rows[keep], match[keep], {"time": match[keep]}), view, most) if keep.any() else NOTHING

    return find


def _closeness(view: View, rows: Rows, start: float, end: float) -> Floats:
    """How well each row fits the days [start, end): 1 inside, exp(-distance / length) outside, 0 without a date."""
    length = _length(np.array([start]), np.array([end]))[0]
    day = np.floor(view.column("at", rows).astype(np.float64) / DAY)
    match = np.nan_to_num(np.exp(-_gap(day, day + 1, start, end) / length), nan=0.0)
    owner, *days = view.dates(rows)
    first, last = (each.astype(np.float64) for each in days)
    vague = np.sqrt(np.maximum(1.0, _length(first, last) / length))
    np.maximum.at(match, owner, np.exp(-_gap(first, last, start, end) / length) / vague)
    return np.asarray(match, np.float32)


def _gap(first: Days, last: Days, start: float, end: float) -> Days:
    """Days from [first, last) to [start, end); 0 where they overlap, 1 where they touch."""
    return np.asarray(np.maximum(0.0, np.maximum(start - last, first - end) + 1))


def _length(first: Days, last: Days) -> Days:
    days = np.maximum(1.0, last - first)
    return np.asarray(np.where(np.isfinite(days), days, YEAR))


def _nearest(found: Found, view: View, most: int) -> Found:
    """The nearest in time, the latest first among equals."""
    at = np.nan_to_num(view.column("at", found.rows).astype(np.float64), nan=-np.inf)
    return found.take(np.lexsort((-found.rows, -at, -found.score))[:most])
