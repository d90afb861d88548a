"""text.rank.newest: among near-duplicates the newer stands higher, and nothing else moves."""

from __future__ import annotations

import pytest

from mnesis.errors import BadInput
from mnesis.text.rank.newest import newest
from mnesis.words import Query

OLD = "The chief executive of the power company Norwind is Holm"
NEW = "The chief executive of the power company Norwind is Lund"
OTHER = "Norwind opened a wind park near the coast"
ASKED = Query("Who is the chief executive of Norwind?")


def test_the_newer_takes_the_better_place(world) -> None:
    for text, at in ((OLD, "2019-05-01"), (OTHER, "2024-01-01"), (NEW, "2023-05-01")):
        world.tell(text, at=at)
    ranked = newest()(ASKED, world.found([0.9, 0.8, 0.7]), world.view)
    assert world.read(ranked) == [NEW, OTHER, OLD]
    assert ranked.score.tolist() == pytest.approx([0.9, 0.8, 0.7])
    assert ranked.column("newest").tolist() == [1, 0, 0]


def test_the_newer_above_already_stays(world) -> None:
    world.tell(OLD, at="2019-05-01")
    world.tell(NEW, at="2023-05-01")
    ranked = newest()(ASKED, world.found([0.5, 0.9]), world.view)
    assert world.read(ranked) == [NEW, OLD]
    assert "newest" not in ranked.why


def test_of_three_versions_the_newest_comes_first_and_the_oldest_last(world) -> None:
    third = "The chief executive of the power company Norwind is Ruiz"
    for text, at in ((OLD, "2019-05-01"), (third, "2025-02-01"), (NEW, "2023-05-01")):
        world.tell(text, at=at)
    ranked = newest()(ASKED, world.found([0.9, 0.8, 0.7]), world.view)
    assert world.read(ranked) == [third, NEW, OLD]


def test_a_newer_text_that_matches_other_words_of_the_question_does_not_move_up(world) -> None:
    world.tell("The chief executive of Norwind in 2019 was Holm", at="2019-05-01")
    world.tell("The chief executive of Norwind in 2023 was Lund", at="2023-05-01")
    asked = Query("Who was the chief executive of Norwind in 2019?")
    ranked = newest(overlap=0.4)(asked, world.found([0.9, 0.7]), world.view)
    assert ranked.rows.tolist() == [0, 1]


def test_unlike_texts_do_not_move(world) -> None:
    world.tell(OLD, at="2019-05-01")
    world.tell("Norwind is looking for a chief cook and an executive assistant", at="2023-05-01")
    assert newest()(ASKED, world.found([0.9, 0.7]), world.view).rows.tolist() == [0, 1]


def test_short_texts_do_not_move(world) -> None:
    world.tell("Good morning!", at="2019-05-01")
    world.tell("Good morning.", at="2023-05-01")
    assert newest()(Query("morning"), world.found([0.9, 0.7]), world.view).rows.tolist() == [0, 1]


def test_without_times_the_later_commit_is_newer_and_a_lone_time_decides_nothing(world) -> None:
    world.tell(OLD)
    world.tell(NEW)
    world.tell(OLD, at="2019-05-01")
    assert newest()(ASKED, world.found([0.9, 0.8]), world.view).rows.tolist() == [1, 0]
    mixed = world.found([0.9, 0.8, 0.7]).take([0, 2])
    assert newest()(ASKED, mixed, world.view).rows.tolist() == [0, 2]


def test_a_trade_between_equal_scores_survives_sorting(world) -> None:
    world.tell(OLD, at="2019-05-01")
    world.tell(NEW, at="2023-05-01")
    ranked = newest()(ASKED, world.found([0.5, 0.5]), world.view)
    assert ranked.rows.tolist() == ranked.best().rows.tolist() == [1, 0]
    assert ranked.score.tolist() == pytest.approx([0.5, 0.5])


def test_only_the_best_n_are_looked_at(world) -> None:
    world.tell(OLD, at="2019-05-01")
    world.tell(OTHER, at="2020-05-01")
    world.tell(NEW, at="2023-05-01")
    assert newest(n=2)(ASKED, world.found([0.9, 0.8, 0.7]), world.view).rows.tolist() == [0, 1, 2]


def test_no_overlap_is_refused() -> None:
    with pytest.raises(BadInput, match="overlap"):
        newest(overlap=0)
