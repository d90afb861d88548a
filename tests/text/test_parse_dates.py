"""Dates: the days an event speaks of, noted beside it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from mnesis.text.parse.dates import annotated, dates
from mnesis.words import Event

AT = datetime(2023, 6, 14, tzinfo=UTC)


def test_the_time_of_the_event_stays_its_own() -> None:
    (cube,) = dates()(Event("We met on 7 May 2021.", id="e1", at=AT), "n")
    assert cube.valid_from == AT
    assert cube.meta["dates"] == [[18754.0, 18755.0]]


def test_without_a_date_meta_is_left_alone() -> None:
    meta = {"a": 1}
    assert annotated(meta, "Nothing here.", AT) is meta


def test_days_can_be_written_as_plain_json() -> None:
    days = annotated({}, "since 2010, until 1990 and again since 2010", None)
    assert json.loads(json.dumps(days, allow_nan=False)) == days
    assert len(days["dates"]) == 2


def test_days_beyond_the_calendar_are_left_out() -> None:
    assert annotated({}, "before the 1st century", None) == {}
