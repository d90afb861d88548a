"""How an old statement and a new one go together, by rules."""

from __future__ import annotations

import pytest

from mnesis.models.rules import answer
from mnesis.text import ask


@pytest.mark.parametrize(
    ("old", "new", "outcome"),
    [
        ("My email is a@b.org.", "My new email is c@d.org.", "REPLACE"),
        ("I study law.", "I study music now.", "REPLACE"),
        ("I study law.", "I study music.", "APPEND"),
        ("I study law.", "I do not study now.", "APPEND"),
        ("I am vegan.", "As I said, I am vegan.", "PASS"),
        ("I have the measles.", "I am over the measles at last.", "DELETE"),
        ("I am in the sailing club.", "I have left the sailing club.", "DELETE"),
        ("I like tea.", "I have left the sailing club.", "APPEND"),
    ],
)
def test_the_outcome(old: str, new: str, outcome: str) -> None:
    assert answer(ask.update(old, new)) == outcome


@pytest.mark.parametrize(
    ("text", "told"),
    [("I am vegan.", True), ("I have a cold.", True), ("I am so happy!", False), ("I am here.", False)],
)
def test_what_somebody_is_or_has_is_a_fact_and_a_passing_feeling_is_not(text: str, told: bool) -> None:
    assert bool(answer(ask.facts(text, "Ana"))) is told
