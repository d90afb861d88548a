"""text.find.neighbours: the turns beside the best candidates."""

from __future__ import annotations

import pytest

from mnesis.errors import BadInput
from mnesis.text.find.neighbours import neighbours
from mnesis.words import NOTHING, Query, Retire


@pytest.fixture
def talk(world):
    for n in range(6):
        world.tell(f"turn {n}", session="a")
    world.tell("elsewhere", session="b")
    return world


def test_one_turn_on_either_side(talk) -> None:
    found = neighbours()(
        Query("q"), talk.view, talk.found([0] * 6, words=[float("nan")] * 2 + [1.0] + [float("nan")] * 3).take([2])
    )
    assert dict(zip(found.rows.tolist(), found.why["neighbours"].tolist(), strict=True)) == {1: 0.5, 3: 0.5}


def test_each_step_away_halves_what_a_turn_gets(talk) -> None:
    seed = talk.found([0] * 6, words=[1.0] * 6).take([0])
    found = neighbours(reach=3)(Query("q"), talk.view, seed)
    assert dict(zip(found.rows.tolist(), found.score.tolist(), strict=True)) == {1: 0.5, 2: 0.25, 3: 0.125}


def test_a_turn_beside_two_seeds_keeps_the_better_reason(talk) -> None:
    seeds = talk.found([0] * 6, words=[0.0, 0.2, 0, 0.9, 0, 0]).take([1, 3])
    column = neighbours()(Query("q"), talk.view, seeds).why["neighbours"]
    found = neighbours()(Query("q"), talk.view, seeds)
    got = dict(zip(found.rows.tolist(), column.tolist(), strict=True))
    assert got[2] == got[4] == 0.5
    assert 0.4 < got[0] < 0.5


def test_only_the_best_seeds_count(talk) -> None:
    found = neighbours(seeds=1)(Query("q"), talk.view, talk.found([0] * 6, words=[0.1, 0, 0, 0.9, 0, 0]).take([0, 3]))
    assert sorted(found.rows.tolist()) == [2, 4]


def test_sessions_do_not_touch_and_retired_turns_are_stepped_over(talk) -> None:
    talk.commit([Retire("c6")])
    seeds = talk.found([0] * 7, words=[1.0] * 7)
    assert sorted(neighbours()(Query("q"), talk.view, seeds.take([4])).rows.tolist()) == [3]
    assert len(neighbours()(Query("q"), talk.view, seeds.take([6]))) == 0


def test_without_seeds_there_are_no_neighbours(talk) -> None:
    assert len(neighbours()(Query("q"), talk.view, NOTHING)) == 0


def test_no_reach_is_refused() -> None:
    with pytest.raises(BadInput, match="at least 1"):
        neighbours(reach=0)
