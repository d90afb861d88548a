"""text.rank.recency: half as much for every half-life, counted from the query's moment."""

from __future__ import annotations

import pytest

from mnesis.errors import BadInput
from mnesis.text.rank.recency import recency
from mnesis.words import Query, moment


@pytest.fixture
def aged(world):
    for at in ("2026-01-01", "2025-12-02", "2025-11-02", None):
        world.tell("The boiler was repaired.", at=at)
    return world


def test_the_gain_halves_with_every_half_life(aged) -> None:
    found = aged.found([0, 0, 0, 0])
    ranked = recency(half_life=30, weight=1.0)(Query("q", now=moment("2026-01-01")), found, aged.view)
    assert ranked.rows.tolist() == [0, 1, 2, 3]
    assert ranked.score.tolist() == pytest.approx([1, 0.5, 0.25, 0])
    assert ranked.column("recency", missing=-1).tolist() == pytest.approx([1, 0.5, 0.25, -1])


def test_without_a_moment_ages_count_from_the_newest_candidate(aged) -> None:
    found = aged.found([0, 0, 0, 0]).take([1, 2])
    ranked = recency(half_life=30, weight=1.0)(Query("q"), found, aged.view)
    assert ranked.score.tolist() == pytest.approx([1, 0.5])


def test_the_future_is_no_fresher_than_now(aged) -> None:
    ranked = recency(30)(Query("q", now=moment("2020-01-01")), aged.found([0, 0, 0, 0]), aged.view)
    assert ranked.column("recency").max() == 1


@pytest.mark.parametrize("scale", [1e-4, 1.0, 1e4])
def test_the_weight_is_a_part_of_the_spread_of_scores(aged, scale: float) -> None:
    found = aged.found([0.0, 0.15 * scale, 1.0 * scale, 0.0])
    ranked = recency(half_life=30, weight=0.2)(Query("q", now=moment("2026-01-01")), found, aged.view)
    # The second gains 0.1 and the first 0.2 of the spread: 0.25 against 0.2, so the order stays as it was.
    assert ranked.rows.tolist() == [2, 1, 0, 3]
    ranked = recency(half_life=30, weight=0.4)(Query("q", now=moment("2026-01-01")), found, aged.view)
    assert ranked.rows.tolist() == [2, 0, 1, 3]


def test_no_half_life_is_refused() -> None:
    with pytest.raises(BadInput, match="above 0"):
        recency(half_life=0)
