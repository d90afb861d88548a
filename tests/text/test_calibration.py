"""Claims are held against facts: kept where borne out, left out where not, replaced where a newer fact denies them."""

from __future__ import annotations

from typing import Any

from mnesis.drive import Ask, settled
from mnesis.models.rules import answer
from mnesis.text.calibration import calibrated, support
from mnesis.words import MemCube, moment


def fact(id: str, text: str, day: str = "2026-01-01", speaker: str = "Ana") -> MemCube:
    return MemCube(id, text, speaker=speaker, valid_from=moment(day))


PORTO = fact("a", "I live in Porto.", "2024-01-01")
LISBON = fact("b", "I moved to Lisbon.", "2026-01-01")
BOAT = fact("c", "The boat in Porto is red.", "2025-01-01")


def test_what_facts_say_is_kept_word_for_word() -> None:
    text = "I live in Porto. The boat in Porto is red."
    assert settled(calibrated(text, [PORTO, BOAT]), answer) == (text, ())


def test_what_nobody_said_is_left_out() -> None:
    text, why = settled(calibrated("I live in Porto. I own a submarine.", [PORTO]), answer)
    assert text == "I live in Porto."
    assert len(why) == 1
    assert "submarine" not in why[0]  # reasons hold no words of a memory


def test_a_newer_fact_takes_the_place_of_a_claim_it_denies() -> None:
    moved = fact("b", "I live in Lisbon now.", "2026-01-01")
    text, why = settled(calibrated("I live in Porto. The boat in Porto is red.", [PORTO, moved, BOAT]), answer)
    assert text == "I live in Lisbon now. The boat in Porto is red."
    assert why == ("b is newer than a claim and denies it",)


def test_an_older_fact_and_somebody_elses_change_nothing() -> None:
    older = fact("b", "I live in Lisbon now.", "2020-01-01")
    other = fact("d", "I live in Lisbon now.", "2026-01-01", "Tom")
    for facts in ([PORTO, older], [PORTO, other]):
        assert settled(calibrated("I live in Porto.", facts), answer).text == "I live in Porto."


def test_a_claim_gives_way_to_one_of_the_whole_person_that_rests_on_more() -> None:
    whole = [("I live in Lisbon.", 3)]
    assert settled(calibrated("I live in Porto.", [PORTO], whole), answer).text == ""
    assert (
        settled(calibrated("I live in Porto.", [PORTO], [("I live in Lisbon.", 1)]), answer).text == "I live in Porto."
    )


def test_few_questions_are_asked_for_a_claim() -> None:
    asked: list[Ask] = []

    def mind(ask: Ask) -> Any:
        asked.append(ask)
        return False

    many = [fact(f"n{n}", f"I live in street number {n} of Porto.", f"2026-02-{n + 1:02}") for n in range(25)]
    assert settled(calibrated("I live in Porto.", [PORTO, *many]), mind).text == "I live in Porto."
    assert len(asked) <= 4


def test_support_is_the_fact_that_holds_most_of_a_claim_first() -> None:
    assert [each.id for each in support("The red boat is in Porto.", [PORTO, LISBON, BOAT])] == ["c"]
