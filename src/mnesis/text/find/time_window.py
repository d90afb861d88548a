"""Find memories of the days a question asks about.

Source: mnesis, 2026.
Needs: nothing
Cost: one window in time; the date mentions of the candidates, and of everything up to `scan` memories
Differs: nothing.

"What did we do last Friday?" is resolved against the query's `now`. A memory belongs to the asked days when it
happened in them, was told soon after them, or speaks of them ("the dentist on 7 May", said on the 3rd). The column
`time` is near 1 inside and falls off with the distance, measured in lengths of the asked span: a day beside a day
counts as much as a year beside a year. What ended long before may still hold (someone who took an office in 1990 may
hold it in 1995) and falls off slowly; what began later does not. A mention that begins when the question does fits
best. A paragraph without any date speaks of the time the one above it does, at half weight. Memories inside the span
are brought; candidates of other finders are marked when they are near it (and `happened` says how well the time of
the event alone fits). A question that names no time finds nothing.
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
FAR = 300 * YEAR  # a span of more days than this has an open end
WELL = 0.75  # from here on a memory is brought for its time alone
LEAST = 0.01  # below this the time says nothing
LASTING = 8.0  # lengths of the asked span in which what ended before fades
TELLING = 10.0  # days in which telling of what happened fades
ABOVE = 6  # paragraphs above that are asked for a date


def time_window(limit: int | None = None, scan: int = 100_000) -> Find:
    """A finder by time; `limit` overrides how many candidates the query allows, `scan` is how many memories at most
    are searched for mentions of the asked days (in larger spaces only candidates and the window are)."""

    def find(query: Query, view: View, found: Found) -> Found:
        span = question_span(query.text, query.now)
        if span is None:
            return NOTHING
        most = limit or query.limit
        inside = view.during(span[0] * DAY, span[1] * DAY, most)
        told = view.speaking_of(*span) if len(view) <= scan else inside
        rows = np.unique(np.concatenate([found.rows, inside, told]))
        happened = _happened(view, rows, *span)
        match = _closeness(view, rows, happened, *span)
        known = np.isin(rows, found.rows)
        marked = np.flatnonzero(known & (match >= LEAST))
        brought = _nearest(rows, match, np.flatnonzero(~known & (match >= WELL)), view)[:most]
        keep = np.concatenate([marked, brought])
        if not len(keep):
            return NOTHING
        why = {"time": match[keep], "happened": np.nan_to_num(happened[keep]).astype(np.float32)}
        return Found(rows[keep], match[keep], why).best()

    return find


def _happened(view: View, rows: Rows, start: float, end: float) -> Days:
    """How well the time of each event fits the days [start, end), in 0..1; NaN where it is unknown."""
    day = np.floor(view.column("at", rows).astype(np.float64) / DAY)
    early, late = np.maximum(0.0, start - day), np.maximum(0.0, day + 1 - end)
    return np.asarray(np.exp(-early / _length(start, end) - late / TELLING))


def _closeness(view: View, rows: Rows, happened: Days, start: float, end: float) -> Floats:
    """How well each row fits by what it mentions and when it happened, in 0..1; 0 without a date."""
    match = np.fmax(_mentioned(view, rows, start, end), happened)
    bare = np.flatnonzero(np.isnan(match))
    above = rows[bare]
    for _ in range(ABOVE):  # what has no date of its own takes the one above it
        above = view.beside(above, -1)
        lent = np.where(above >= 0, _mentioned(view, np.maximum(above, 0), start, end), np.nan)
        match[bare] = 0.5 * lent
        waiting = np.isnan(lent) & (above >= 0)
        bare, above = bare[waiting], above[waiting]
        if not len(bare):
            break
    return np.nan_to_num(match, nan=0.0).astype(np.float32)


def _mentioned(view: View, rows: Rows, start: float, end: float) -> Days:
    """The best fit of each row's date mentions; NaN where it has none."""
    match = np.full(len(rows), np.nan)
    owner, *days = view.dates(rows)
    first, last = (each.astype(np.float64) for each in days)
    length = _length(start, end)
    before, after = np.maximum(0.0, start - last), np.maximum(0.0, first - end)
    fit = 0.7 * np.exp(-before / (LASTING * length) - after / length) + 0.3 * np.exp(-np.abs(first - start) / length)
    np.fmax.at(match, owner, fit)
    return match


def _length(start: float, end: float) -> float:
    return max(1.0, end - start) if end - start < FAR else YEAR


def _nearest(rows: Rows, match: Floats, index: Rows, view: View) -> Rows:
    """These of the rows, the nearest in time first, and the latest first among equals."""
    at = np.nan_to_num(view.column("at", rows[index]).astype(np.float64), nan=-np.inf)
    order: Rows = index[np.lexsort((-rows[index], -at, -match[index]))]
    return order
