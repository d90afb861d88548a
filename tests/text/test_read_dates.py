"""Dates as they are written in exports, read whole or not at all."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnesis.errors import BadInput
from mnesis.text.read._dates import when


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-03-02", "2026-03-02T00:00:00+00:00"),
        ("2026-03-02T14:30:00Z", "2026-03-02T14:30:00+00:00"),
        ("2026-03-02 14:30:00+01:00", "2026-03-02T14:30:00+01:00"),
        ("1:56 pm on 8 May, 2023", "2023-05-08T13:56:00+00:00"),
        ("12:09 am on 13 September, 2023", "2023-09-13T00:09:00+00:00"),
        ("2023/05/20 (Sat) 02:21", "2023-05-20T02:21:00+00:00"),
        ("March-15-2024", "2024-03-15T00:00:00+00:00"),
        ("08/05/2023, 13:56", "2023-05-08T13:56:00+00:00"),
        ("8.5.23 13:56", "2023-05-08T13:56:00+00:00"),
        ("Mon, 2 Mar 2026 09:00:00 GMT", "2026-03-02T09:00:00+00:00"),
        ("1772409600", "2026-03-02T00:00:00+00:00"),
        (1772409600, "2026-03-02T00:00:00+00:00"),
        (1772409600.5, "2026-03-02T00:00:00.500000+00:00"),
        (1772409600000, "2026-03-02T00:00:00+00:00"),
    ],
)
def test_a_date_is_read(text, iso: str) -> None:
    moment = when(text)
    assert moment is not None
    assert moment.isoformat() == iso


@pytest.mark.parametrize("nothing", [None, ""])
def test_no_date_is_no_moment(nothing) -> None:
    assert when(nothing) is None


def test_month_first_is_read_when_asked() -> None:
    assert when("05/08/2023", day_first=False) == datetime(2023, 5, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("05/13/2023", "month 13; read it with day_first=False"),
        ("May", "whole date"),
        ("8 May", "whole date"),
        ("May 2023", "whole date"),
        ("13:56", "whole date"),
        ("last Friday", "not a"),
        ("2023-02-30", "not a date"),
        ("gestern", "not a date"),
        ("2023-05-08 13:56 IST", "not a date"),
        (True, "not a date"),
        ({"seconds": 1}, "not a date"),
        (float("nan"), "not a moment"),
        (1e300, "not a moment"),
    ],
)
def test_what_is_not_a_whole_date_is_refused(text, advice: str) -> None:
    with pytest.raises(BadInput, match=advice):
        when(text)


def test_the_machine_does_not_matter(monkeypatch) -> None:
    here = when("2026-03-02 09:00")
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        assert when("2026-03-02 09:00") == here
        with pytest.raises(BadInput):
            when("2 March 2026 09:00 EST")
    finally:
        monkeypatch.undo()
        time.tzset()


@given(st.datetimes(min_value=datetime(1, 1, 1), timezones=st.just(UTC)))
def test_iso_text_comes_back_as_it_was(moment: datetime) -> None:
    assert when(moment.isoformat()) == moment


@given(st.text(max_size=30))
def test_any_text_is_a_moment_or_refused(text: str) -> None:
    with suppress(BadInput):
        moment = when(text)
        assert moment is None or moment.tzinfo is not None
