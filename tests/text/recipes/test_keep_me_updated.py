"""Keep Me Updated: PASS, REPLACE, APPEND, DELETE between what is remembered and what is said."""

from __future__ import annotations

from typing import Any

import pytest

import mnesis
from mnesis import Space

PAIRS = {
    "PASS": ("I share a flat with two cousins.", "I share a flat with two cousins."),
    "REPLACE": ("I work as a nurse.", "I work as a teacher now."),
    "APPEND": ("I play the violin.", "I also play the trumpet."),
    "DELETE": ("I take pottery lessons.", "I no longer take pottery lessons."),
}


def remembered(space: Space) -> list[str]:
    """The memories that hold now, apart from what was only said."""
    return [each.text for each in space.cubes() if each.type == "semantic" and each.valid_to is None]


def holds(outcome: str) -> list[str]:
    old, new = PAIRS[outcome]
    return {"PASS": [old], "REPLACE": [new], "APPEND": [old, new], "DELETE": []}[outcome]


@pytest.mark.parametrize("outcome", PAIRS)
def test_rules_know_the_four_outcomes(outcome: str) -> None:
    with mnesis.open(recipe="keep_me_updated", embedder="none") as space:
        old, new = PAIRS[outcome]
        space.remember(old, speaker="Ana", at="2025-01-09")
        space.remember(new, speaker="Ana", at="2025-05-01")
        assert remembered(space) == holds(outcome)
        then = space.recall(old, valid_at="2025-03-01")
        assert [hit.text for hit in then] == [old]  # whatever goes is still there at its date


@pytest.mark.parametrize("outcome", PAIRS)
def test_a_mind_is_asked_pair_by_pair_and_obeyed(outcome: str, script: Any) -> None:
    first, second = "Ana has a rash on her arm.", "The rash on Ana's arm looks different."
    said = {"Look at my arm, please.": [first], "And look at it today.": [second]}
    facts = [first, second]
    mind = script(facts=lambda parts: said[parts["text"]], update=outcome)
    with mnesis.open(recipe="keep_me_updated", embedder="none", mind=mind) as space:
        for text, at in zip(said, ("2025-01-09", "2025-05-01"), strict=True):
            space.remember(text, speaker="Ana", at=at, questions=5)
        left = {"PASS": [0], "REPLACE": [1], "APPEND": [0, 1], "DELETE": []}[outcome]
        assert remembered(space) == [facts[n] for n in left]
        assert mind.purposes()[:2] == ["facts", "facts"]
        assert all(space.recall(text, as_of=2) for text in said)


def test_what_passes_becomes_one_more_witness() -> None:
    with mnesis.open(recipe="keep_me_updated", embedder="none") as space:
        for n in range(3):
            space.remember(PAIRS["PASS"][0], speaker="Ana", at=f"2025-0{n + 1}-09", source=f"s{n}")
        (memory,) = (each for each in space.cubes() if each.type == "semantic")
        assert memory.sources == ("s2", "s1", "s0")
        assert len(memory.events) == 3


def test_a_batch_is_decided_as_if_told_one_by_one() -> None:
    turns = [text for pair in PAIRS.values() for text in pair]
    with (
        mnesis.open(recipe="keep_me_updated", embedder="none") as one,
        mnesis.open(recipe="keep_me_updated", embedder="none") as other,
    ):
        events = [mnesis.Event(text, "Ana", f"2025-01-{n + 1:02}", f"s{n}") for n, text in enumerate(turns)]
        one.remember(events)
        for event in events:
            other.remember(event)
        assert sorted(remembered(one)) == sorted(remembered(other))
        assert {each.text: each.valid_to for each in one.cubes()} == {
            each.text: each.valid_to for each in other.cubes()
        }
