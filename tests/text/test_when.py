"""The dates of texts, case by case, and what must hold for any text."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta, timezone
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnesis.text.when import Mention, mentions, question_span

AT = datetime(2023, 6, 14, 15, 30, tzinfo=UTC)  # a Wednesday


def day(text: str) -> float:
    """Days since 1970 of YYYY, YYYY-MM or YYYY-MM-DD; .. for an open side."""
    if text == "..":
        return inf
    year, month, of_month = [*map(int, text.split("-")), 1, 1][:3]
    return float((date(year, month, of_month) - date(1970, 1, 1)).days)


def interval(start: str, end: str) -> tuple[float, float]:
    return (-inf if start == ".." else day(start), day(end))


# text, the words that mention it, first day, the day after the last
ABSOLUTE = [
    ("It was on 2023-05-07.", "2023-05-07", "2023-05-07", "2023-05-08"),
    ("Sent 2023-05-07T14:30:00Z.", "2023-05-07", "2023-05-07", "2023-05-08"),
    ("We met on 7 May 2023.", "7 May 2023", "2023-05-07", "2023-05-08"),
    ("the 7th of May, 2023", "7th of May, 2023", "2023-05-07", "2023-05-08"),
    ("May 7th, 2023 was hot", "May 7th, 2023", "2023-05-07", "2023-05-08"),
    ("on May 7 2023 we left", "May 7 2023", "2023-05-07", "2023-05-08"),
    ("Dec. 25, 1996", "Dec. 25, 1996", "1996-12-25", "1996-12-26"),
    ("due 5/7/2023", "5/7/2023", "2023-05-07", "2023-05-08"),
    ("due 25/7/2023", "25/7/2023", "2023-07-25", "2023-07-26"),
    ("am 7.5.2023 in Bonn", "7.5.2023", "2023-05-07", "2023-05-08"),
    ("on 5/7/99", "5/7/99", "1999-05-07", "1999-05-08"),
    ("2023年5月7日に会った", "2023年5月7日", "2023-05-07", "2023-05-08"),
    ("2019年春天", "2019年", "2019", "2020"),
    ("It was on Friday, 7 May 2021.", "Friday, 7 May 2021", "2021-05-07", "2021-05-08"),
    ("2023-05-07, a Sunday", "2023-05-07, a Sunday", "2023-05-07", "2023-05-08"),
    ("May 7-9, 2023", "May 7-9, 2023", "2023-05-07", "2023-05-10"),
    ("7–9 May 2023", "7–9 May 2023", "2023-05-07", "2023-05-10"),
    ("We moved in May 2023.", "May 2023", "2023-05", "2023-06"),
    ("in Dec 1996", "Dec 1996", "1996-12", "1997-01"),
    ("in Sept. 2001", "Sept. 2001", "2001-09", "2001-10"),
    ("March 2001 was cold", "March 2001", "2001-03", "2001-04"),
    ("the release of 2023-05 is out", "2023-05", "2023-05", "2023-06"),
    ("in 2004 he left", "2004", "2004", "2005"),
    ("born c. 1850 in Graz", "1850", "1850", "1851"),
    ("in 1066 it fell", "1066", "1066", "1067"),
    ("the 1998 elections", "1998", "1998", "1999"),
    ("from 2004 to 2005", "from 2004 to 2005", "2004", "2006"),
    ("between 1998 and 2003", "between 1998 and 2003", "1998", "2004"),
    ("he played (1998-2003) there", "1998-2003", "1998", "2004"),
    ("he played 1998–2003 there", "1998–2003", "1998", "2004"),
    ("Pieter, 1597–1665, painter", "1597–1665", "1597", "1666"),
    ("the 2014/2015 season", "2014/2015", "2014", "2016"),
    ("the 1965 Christmas card", "1965", "1965", "1966"),
    ("the 2004/05 season", "2004/05", "2004", "2006"),
    ("the 2004-05 season", "2004-05", "2004", "2006"),
    ("the 1999/00 season", "1999/00", "1999", "2001"),
    ("from 1914 until 1918", "from 1914 until 1918", "1914", "1919"),
    ("from Dec 1996 to Oct 1998", "from Dec 1996 to Oct 1998", "1996-12", "1998-11"),
    ("from May to July 2023", "from May to July 2023", "2023-05", "2023-08"),
    ("from November to March 2001", "from November to March 2001", "2000-11", "2001-04"),
    ("between 7 May and 9 June 2023", "between 7 May and 9 June 2023", "2023-05-07", "2023-06-10"),
    ("the 1980s were loud", "1980s", "1980", "1990"),
    ("the 1980's were loud", "1980's", "1980", "1990"),
    ("in the '80s", "80s", "1980", "1990"),
    ("in the eighties", "eighties", "1980", "1990"),
    ("in the early 1980s", "early 1980s", "1980", "1984-01-01"),
    ("in the mid-1980s", "mid-1980s", "1983", "1987-01-01"),
    ("in the late 1980s", "late 1980s", "1986-01-01", "1990"),
    ("in late 1998", "late 1998", "1998-08-08", "1999"),
    ("at the end of 1998", "end of 1998", "1998-08-08", "1999"),
    ("in the 19th century", "19th century", "1801", "1901"),
    ("spring 2019", "spring 2019", "2019-03", "2019-06"),
    ("in the summer of 2019", "summer of 2019", "2019-06", "2019-09"),
    ("fall 2019", "fall 2019", "2019-09", "2019-12"),
    ("in winter 2019", "winter 2019", "2019-12", "2020-03"),
    ("Q3 2021 was good", "Q3 2021", "2021-07", "2021-10"),
    ("before 1990 it was a mill", "before 1990", "..", "1990"),
    ("prior to 1990", "prior to 1990", "..", "1990"),
    ("after March 2001", "after March 2001", "2001-04", ".."),
    ("since 2010", "since 2010", "2010", ".."),
    ("from 2010 onwards", "2010 onwards", "2010", ".."),
    ("2010–present", "2010–present", "2010", ".."),
    ("until 2015", "until 2015", "..", "2016"),
    ("two days after 7 May 2023", "two days after 7 May 2023", "2023-05-09", "2023-05-10"),
    ("the week before 9 June 2023", "the week before 9 June 2023", "2023-06-02", "2023-06-09"),
    ("the Sunday before 25 May 2023", "Sunday before 25 May 2023", "2023-05-21", "2023-05-22"),
]

RELATIVE = [
    ("I ran today.", "today", "2023-06-14", "2023-06-15"),
    ("I ran yesterday.", "yesterday", "2023-06-13", "2023-06-14"),
    ("Yesterday morning was calm", "Yesterday morning", "2023-06-13", "2023-06-14"),
    ("See you tomorrow!", "tomorrow", "2023-06-15", "2023-06-16"),
    ("the day before yesterday", "day before yesterday", "2023-06-12", "2023-06-13"),
    ("the day after tomorrow", "day after tomorrow", "2023-06-16", "2023-06-17"),
    ("last night we danced", "last night", "2023-06-13", "2023-06-14"),
    ("this morning we danced", "this morning", "2023-06-14", "2023-06-15"),
    ("We danced last Friday", "last Friday", "2023-06-09", "2023-06-10"),
    ("We danced last Wednesday", "last Wednesday", "2023-06-07", "2023-06-08"),
    ("Dinner this Friday?", "this Friday", "2023-06-16", "2023-06-17"),
    ("this past Friday", "this past Friday", "2023-06-09", "2023-06-10"),
    ("next Tuesday then", "next Tuesday", "2023-06-20", "2023-06-21"),
    ("next Friday then", "next Friday", "2023-06-23", "2023-06-24"),
    ("He called on Monday.", "Monday", "2023-06-12", "2023-06-13"),
    ("I will call on Monday.", "Monday", "2023-06-19", "2023-06-20"),
    ("two weeks ago", "two weeks ago", "2023-05-28", "2023-06-04"),
    ("a few days ago", "a few days ago", "2023-06-09", "2023-06-13"),
    ("a couple of days ago", "a couple of days ago", "2023-06-12", "2023-06-13"),
    ("3 days ago", "3 days ago", "2023-06-11", "2023-06-12"),
    ("three days later", "three days later", "2023-06-17", "2023-06-18"),
    ("two months ago", "two months ago", "2023-04", "2023-05"),
    ("five years ago", "five years ago", "2018", "2019"),
    ("a few years ago", "a few years ago", "2018", "2022"),
    ("two weekends ago", "two weekends ago", "2023-06-03", "2023-06-05"),
    ("20 hours ago", "20 hours ago", "2023-06-13", "2023-06-14"),
    ("last week", "last week", "2023-06-05", "2023-06-12"),
    ("this week", "this week", "2023-06-12", "2023-06-19"),
    ("next week", "next week", "2023-06-19", "2023-06-26"),
    ("last weekend", "last weekend", "2023-06-10", "2023-06-12"),
    ("over the weekend I slept", "over the weekend", "2023-06-10", "2023-06-12"),
    ("this weekend", "this weekend", "2023-06-17", "2023-06-19"),
    ("last month", "last month", "2023-05", "2023-06"),
    ("next month", "next month", "2023-07", "2023-08"),
    ("later this month", "later this month", "2023-06-15", "2023-07-01"),
    ("earlier this year", "earlier this year", "2023", "2023-06-14"),
    ("last year", "last year", "2022", "2023"),
    ("late last year", "late last year", "2022-08-08", "2023"),
    ("last decade", "last decade", "2010", "2020"),
    ("the past week", "the past week", "2023-06-07", "2023-06-15"),
    ("over the last few months", "the last few months", "2023-01-14", "2023-06-15"),
    ("in the next two weeks", "the next two weeks", "2023-06-14", "2023-06-29"),
    ("We will move in two weeks", "in two weeks", "2023-06-25", "2023-07-02"),
    ("We married in May.", "May", "2023-05", "2023-06"),
    ("We married in September.", "September", "2022-09", "2022-10"),
    ("We are going to marry in September.", "September", "2023-09", "2023-10"),
    ("last May", "last May", "2023-05", "2023-06"),
    ("last June", "last June", "2022-06", "2022-07"),
    ("next May", "next May", "2024-05", "2024-06"),
    ("on 7 May", "7 May", "2023-05-07", "2023-05-08"),
    ("on December 24th", "December 24th", "2022-12-24", "2022-12-25"),
    ("last summer", "last summer", "2022-06", "2022-09"),
    ("this summer", "this summer", "2023-06", "2023-09"),
    ("last winter", "last winter", "2022-12", "2023-03"),
    ("since yesterday", "since yesterday", "2023-06-13", ".."),
]

NOTHING = [
    "",
    "Nothing happens here.",
    "I am here now, and currently happy.",
    "You may go.",
    "It may be late.",
    "They march on the capital.",
    "April and June are my friends.",
    "I have 1500 books.",
    "It is 5/2000 of it.",
    "It costs $2000.",
    "It costs 2000 dollars.",
    "It is 1900 km away.",
    "More than 2000 came.",
    "Call 555-2003.",
    "Call 2001-555-1234.",
    "Version 2023.1 is out.",
    "Number 120045 won.",
    "There were 2,000 of them.",
    "Room 2012 is upstairs.",
    "We saw 2000 people.",
    "He walked 10000 steps in 2000 seconds.",
    "for two weeks",
    "every Monday",
    "Mondays are hard",
    "once a week",
    "twice a year",
    "She is in her 80s.",
    "a 2019-model car",
    "5 years already!",
    "0.1999 of it",
    "the other side of the street",
    "the week was long",
]


@pytest.mark.parametrize(("text", "words", "start", "end"), ABSOLUTE + RELATIVE)
def test_one_mention(text: str, words: str, start: str, end: str) -> None:
    found = mentions(text, AT)
    assert [text[slice(*each.span)] for each in found] == [words]
    assert (found[0].start, found[0].end) == interval(start, end)


@pytest.mark.parametrize(("text", "words", "start", "end"), ABSOLUTE)
def test_absolute_dates_need_no_clock(text: str, words: str, start: str, end: str) -> None:
    assert mentions(text, None) == mentions(text, AT)


@pytest.mark.parametrize("text", [each[0] for each in RELATIVE])
def test_relative_dates_without_a_clock_are_left_out(text: str) -> None:
    assert mentions(text, None) == []


@pytest.mark.parametrize("text", NOTHING)
def test_no_mention(text: str) -> None:
    assert mentions(text, AT) == []


def test_several_mentions_come_in_order() -> None:
    text = "Born on 3 March 1901, she taught from 1925 to 1940, wrote in the 1950s and died last year."
    found = mentions(text, AT)
    assert [text[slice(*each.span)] for each in found] == ["3 March 1901", "from 1925 to 1940", "1950s", "last year"]
    assert [each.grain for each in found] == ["day", "span", "decade", "year"]


def test_a_year_before_1970_has_negative_days() -> None:
    assert mentions("in 1969", None) == [Mention(-365.0, 0.0, (3, 7), "year")]


def test_the_day_is_the_speakers_own() -> None:
    late = datetime(2023, 6, 14, 23, 30, tzinfo=timezone(timedelta(hours=-8)))
    assert mentions("today", late)[0].start == day("2023-06-14")


def test_spans_fit_a_text_whose_letters_grow_when_lowered() -> None:
    text = "İİİ in 2004 İ"
    assert [text[slice(*each.span)] for each in mentions(text, None)] == ["2004"]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which team did he play for from 2003 to 2007?", ("2003", "2008")),
        ("Who led it between Dec 1996 and Jan 1997?", ("1996-12", "1997-02")),
        ("Who owned it in 1893?", ("1893", "1894")),
        ("Where did she live before 1900?", ("..", "1900")),
        ("Where did she live after 1900?", ("1901", "..")),
        ("Where was she after 1990 and before 2000?", ("1991", "2000")),
        ("Was it in 1990 or in 1995?", ("1990", "1996")),
        ("What did Ana do last week?", ("2023-06-05", "2023-06-12")),
    ],
)
def test_question_span(question: str, expected: tuple[str, str]) -> None:
    assert question_span(question, AT) == interval(*expected)


def test_a_question_without_a_time_asks_for_none() -> None:
    assert question_span("Where does Ana live now?", AT) is None
    assert question_span("What did Ana do last week?", None) is None


WORDS = (
    "last next this past the early mid late in on from to between and before after since until may march june friday "
    "monday week weekend month year decade ago later two a few couple of days weeks years 2004 1998 2004/05 1980s 7 "
    "31 2023-05-07 5/7/2023 0/0/00 spring winter 19th century - – , . now tomorrow yesterday night 99 feb 30 q1 "
    "2023年 13月 '80s eighties onwards present İ 🎉"
)
MOMENTS = st.none() | st.datetimes(timezones=st.none() | st.just(UTC))


@given(st.lists(st.sampled_from(WORDS.split()), max_size=14).map(" ".join) | st.text(), MOMENTS)
def test_any_text_gives_sound_mentions(text: str, at: datetime | None) -> None:
    found = mentions(text, at)
    assert found == mentions(text, at)
    reached = 0
    for each in found:
        assert reached <= each.span[0] < each.span[1] <= len(text)
        assert each.start < each.end
        reached = each.span[1]
    span = question_span(text, at)
    assert (span is None) == (not found)
    assert span is None or span[0] < span[1]


def test_a_long_text_takes_time_in_proportion() -> None:
    text = "On Friday, 7 May 2023, between 1998 and 2003, it may well be 2000 people who came from March to the sea. "
    begun = time.perf_counter()
    found = mentions(text * 2000, AT)
    assert len(found) == 3 * 2000
    assert time.perf_counter() - begun < 10
