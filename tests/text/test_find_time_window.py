"""text.find.time_window: what happened in the asked days, or speaks of them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mnesis.text.find.time_window import time_window
from mnesis.words import NOTHING, Found, Query, moment


@pytest.fixture
def diary(world):
    world.tell("We painted the kitchen.", at="2023-05-05T18:00:00")
    world.tell("The dentist has time on 5 May 2023.", at="2023-04-20")
    world.tell("We walked along the river.", at="2023-05-06T09:00:00")
    world.tell("The garden was planted in 2023.", at="2024-01-01")
    world.tell("Nothing is known of the day.")
    return world


def matches(world, question: str, now: str = "2023-05-10", **options) -> dict[int, float]:
    found = time_window(**options)(Query(question, now=moment(now)), world.view, NOTHING)
    return dict(zip(found.rows.tolist(), found.why["time"].tolist(), strict=True)) if len(found) else {}


def test_the_day_itself_and_what_speaks_of_it_are_found(diary) -> None:
    assert matches(diary, "What did we do on 5 May 2023?") == {0: 1.0, 1: 1.0}


def test_relative_days_are_read_from_the_moment_of_the_question(diary) -> None:
    assert set(matches(diary, "What did we do yesterday?", now="2023-05-06")) == {0, 1}
    assert set(matches(diary, "What did we do yesterday?", now="2023-05-07")) == {2}


def test_a_longer_span_holds_more(diary) -> None:
    assert set(matches(diary, "What happened in May 2023?")) == {0, 1, 2}
    assert set(matches(diary, "What happened in 2023?")) == {0, 1, 2, 3}


def test_candidates_of_others_are_marked_by_their_distance(diary) -> None:
    rows = diary.view.alive()
    others = Found(rows, np.zeros(len(rows), np.float32), {"words": np.ones(len(rows), np.float32)})
    found = time_window()(Query("What did we do on 5 May 2023?"), diary.view, others)
    near = dict(zip(found.rows.tolist(), found.why["time"].tolist(), strict=True))
    assert near[2] == pytest.approx(math.exp(-0.1))  # told of a day later
    assert near[3] == pytest.approx(0.7)  # it lies somewhere in the year it speaks of, which began long before
    assert 4 not in near


def test_however_many_candidates_there_are_each_is_marked(diary) -> None:
    rows = diary.view.alive()
    others = Found(rows[:4], np.zeros(4, np.float32))
    found = time_window(limit=1)(Query("What happened in 2023?"), diary.view, others)
    assert sorted(found.rows.tolist()) == [0, 1, 2, 3]
    brought = time_window(limit=1)(Query("What happened in 2023?"), diary.view, others.take(np.array([1])))
    assert sorted(brought.rows.tolist()) == [1, 3]  # its own it brings up to the limit, the latest first


def test_an_open_span_is_searched_too(diary) -> None:
    assert set(matches(diary, "What happened before May 6, 2023?")) >= {0, 1}
    assert 3 in matches(diary, "What happened since 2024?")


def test_a_question_without_a_time_finds_nothing(diary) -> None:
    assert matches(diary, "Who painted the kitchen?") == {}


def test_the_limit_keeps_the_best_and_latest(diary) -> None:
    assert list(matches(diary, "What happened in May 2023?", limit=1)) == [2]


def test_beyond_the_scan_only_events_in_the_window_are_brought(diary) -> None:
    assert set(matches(diary, "What did we do on 5 May 2023?", scan=0)) == {0}


def test_a_paragraph_without_a_date_speaks_of_the_time_above_it(world) -> None:
    world.tell("In 1990 she moved to Rome.", session="life")
    world.tell("There she taught singing.", session="life")
    world.tell("In 2001 she retired.", session="life")
    rows = world.view.alive()
    others = Found(rows, np.zeros(len(rows), np.float32), {"words": np.ones(len(rows), np.float32)})
    found = time_window()(Query("What did she do in 1990?"), world.view, others)
    near = dict(zip(found.rows.tolist(), found.why["time"].tolist(), strict=True))
    assert near[0] == pytest.approx(1.0)
    assert near[1] == pytest.approx(0.5)
    assert near.get(2, 0.0) < 0.05


def test_what_ended_before_fades_slowly_and_what_began_later_fast(world) -> None:
    world.tell("She held the office until 1990.", session="a")
    world.tell("She took the office in 1997.", session="b")
    rows = world.view.alive()
    others = Found(rows, np.zeros(len(rows), np.float32), {"words": np.ones(len(rows), np.float32)})
    found = time_window()(Query("Which office did she hold in 1993?"), world.view, others)
    near = dict(zip(found.rows.tolist(), found.why["time"].tolist(), strict=True))
    assert near[0] > 5 * near.get(1, 0.0)
