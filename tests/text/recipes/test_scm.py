"""SCM: a controller says whether the archive is needed, and summaries stand for what does not fit."""

from __future__ import annotations

from typing import Any

import pytest

import mnesis
from mnesis.drive import Ask

STORM = (
    "The ferry to the island was late because of the storm, so we waited at the northern pier for three hours, drank "
    "tea from paper cups, watched the gulls, and talked with an old fisherman about how the harbour looked when he was "
    "a boy and the boats still had sails."
)


class Controller:
    """A mind that needs memory only where it is told to, and sums up in a line of its own."""

    name = "controller"

    def __init__(self, needs: bool) -> None:
        self.needs = needs
        self.asked: list[Ask] = []

    def answer(self, ask: Ask) -> Any:
        self.asked.append(ask)
        return {"activate": self.needs, "summary": "We waited for the ferry for three hours."}[ask.purpose]


def told(mind: Any = None, questions: int = 0) -> mnesis.Space:
    space = mnesis.open(recipe="scm", embedder="none", mind=mind)
    space.remember(STORM, speaker="Ana", questions=questions)
    for n in range(8):
        space.remember(f"Card number {n} of the set shows a lighthouse.", speaker="Tom", questions=questions)
    return space


@pytest.mark.parametrize("chat", ["Thanks, good night!", "Hello!", "What is 12 * 7?"])
def test_small_talk_activates_nothing_of_the_archive(chat: str) -> None:
    with told() as space:
        assert [hit.text for hit in space.recall(chat)] == [
            "Card number 7 of the set shows a lighthouse.",
            "Card number 6 of the set shows a lighthouse.",
        ]
        assert space.recall("Why was the ferry late?", k=1)[0].text == STORM


def test_a_language_model_may_say_otherwise() -> None:
    for needs, first in ((True, STORM), (False, "Card number 7 of the set shows a lighthouse.")):
        mind = Controller(needs)
        with told(mind) as space:
            assert space.recall("Why was the ferry late?", k=1, questions=1)[0].text == first
            assert [ask.purpose for ask in mind.asked] == ["activate"]


@pytest.mark.parametrize("mind", [None, Controller(True)], ids=["rules", "scripted"])
def test_a_long_memory_is_given_by_its_summary_where_it_is_tight(mind: Any) -> None:
    with told(mind, questions=5) as space:
        (kept,) = [cube for cube in space.cubes() if cube.text == STORM]
        brief = kept.meta["summary"]
        assert len(brief) < len(STORM) / 2
        question = "Which cards of the set show a lighthouse, and why was the ferry late?"
        wide, tight = space.context(question, budget=400), space.context(question, budget=150)
        assert f"Ana: {STORM}" in wide.text
        assert STORM not in tight.text
        assert f"Ana: {brief}" in tight.text
        assert [line.cubes for line in tight if brief in line.text] == [(kept.id,)]


def test_what_was_said_last_is_always_at_hand() -> None:
    with told() as space:
        space.remember("The second drawer sticks.", speaker="Tom")
        assert "The second drawer sticks." in [hit.text for hit in space.recall("Why was the ferry late?", k=10)]
