"""text.rank.diversity: what repeats a better candidate goes below what is new."""

from __future__ import annotations

import pytest

from mnesis.errors import BadInput
from mnesis.text.rank.diversity import diversity
from mnesis.words import Query

TEXTS = (
    "Ana adopted a grey cat in Lisbon",
    "In Lisbon Ana adopted a grey cat",
    "Tom repairs old bicycles on weekends",
    "Rain is expected tomorrow afternoon",
)


@pytest.fixture
def told(world):
    for text in TEXTS:
        world.tell(text)
    return world


def test_a_repetition_falls_below_what_is_new(told) -> None:
    found = told.found([1.0, 0.99, 0.7, 0.0])
    assert diversity(0.7)(Query("q"), found, told.view).rows.tolist() == [0, 2, 1, 3]


def test_a_trade_off_of_one_is_relevance_alone(told) -> None:
    found = told.found([0.2, 0.9, 0.5, 0.7])
    assert diversity(1.0)(Query("q"), found, told.view).rows.tolist() == [1, 3, 2, 0]


def test_the_reason_is_how_new_each_was_when_it_was_placed(told) -> None:
    ranked = diversity(0.7)(Query("q"), told.found([1.0, 0.99, 0.7, 0.0]), told.view)
    assert ranked.why["diversity"].tolist() == pytest.approx([1, 1, 0, 1])


def test_candidates_beyond_n_keep_their_order_below(told) -> None:
    found = told.found([1.0, 0.99, 0.98, 0.97])
    ranked = diversity(0.1, n=2)(Query("q"), found, told.view)
    assert ranked.rows.tolist() == [0, 1, 2, 3]
    assert (ranked.score[:-1] > ranked.score[1:]).all()


def test_the_scores_say_the_order(told) -> None:
    ranked = diversity(0.3)(Query("q"), told.found([0.5, 0.5, 0.5, 0.5]), told.view)
    assert ranked.best().rows.tolist() == ranked.rows.tolist() == [0, 2, 3, 1]


@pytest.mark.parametrize("options", [{"trade_off": 1.5}, {"trade_off": -0.1}, {"n": 0}])
def test_bad_options_are_refused(options) -> None:
    with pytest.raises(BadInput, match="must"):
        diversity(**options)
