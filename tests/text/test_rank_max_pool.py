"""text.rank.max_pool: a session stands where its best turn stands."""

from __future__ import annotations

import pytest

from mnesis.errors import UnknownName
from mnesis.text.rank.max_pool import max_pool
from mnesis.words import Query


@pytest.fixture
def talks(world):
    for session, speaker in (("a", "Ana"), ("a", "Tom"), ("b", "Ana"), ("b", "Tom"), ("", "Eve"), ("", "Eve")):
        world.tell(f"turn {session}", session=session, speaker=speaker)
    return world


def test_each_session_keeps_its_best_turn(talks) -> None:
    ranked = max_pool()(Query("q"), talks.found([0.1, 0.5, 0.9, 0.3, 0.0, 0.0]), talks.view)
    assert ranked.rows.tolist() == [2, 1, 4, 5]
    assert ranked.score.tolist() == pytest.approx([0.9, 0.5, 0.0, 0.0])


def test_what_has_no_session_stands_by_itself(talks) -> None:
    ranked = max_pool()(Query("q"), talks.found([0, 0, 0, 0, 0.7, 0.8]), talks.view)
    assert ranked.rows.tolist()[:2] == [5, 4]


def test_speakers_can_be_pooled_too(talks) -> None:
    ranked = max_pool(by="speaker")(Query("q"), talks.found([0.1, 0.5, 0.9, 0.3, 0.2, 0.2]), talks.view)
    assert ranked.rows.tolist() == [2, 1, 4]


def test_an_unknown_group_gets_a_near_match() -> None:
    with pytest.raises(UnknownName, match="did you mean 'session'"):
        max_pool(by="sesion")
