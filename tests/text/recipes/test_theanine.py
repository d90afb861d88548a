"""Theanine: what is outdated stays and begins a timeline; a recall brings the line, told from its beginning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

import mnesis
from mnesis.drive import Ask
from mnesis.words import Event

LIFE = [
    ("2023-03-01", "Tom", "I have a golden retriever called Biscuit."),
    ("2023-06-10", "Tom", "I run every morning before work."),
    ("2024-02-02", "Tom", "I stopped running because my knee hurts when I run."),
    ("2024-05-20", "Tom", "My knee needs an operation because running hurt it."),
    ("2024-09-14", "Tom", "I want to run a marathon once the knee operation is over."),
    ("2025-01-11", "Tom", "I live in Porto."),
    ("2025-08-30", "Tom", "I moved to Lisbon."),
    ("2025-09-02", "Ana", "I like the new tram in our street."),
]
# Questions that suppose what was once true, or ask how things came about (as TeaFarm asks them), with the memories
# that are needed to see through them, oldest first.
TEAFARM = [
    ("Tom still lives in Porto, doesn't he?", ["I live in Porto.", "I moved to Lisbon."]),
    ("Does Tom still run every morning?", ["I run every morning before work.", LIFE[2][2]]),
    ("Why does Tom need an operation on his knee?", [LIFE[2][2], LIFE[3][2]]),
]


class Scripted:
    """A mind that answers by the earlier and the later statement, and notes what it was asked."""

    name = "scripted"

    def __init__(self, relations: Mapping[tuple[str, str], str]) -> None:
        self.relations = relations
        self.asked: list[Ask] = []

    def answer(self, ask: Ask) -> Any:
        self.asked.append(ask)
        return self.relations.get((ask.parts["earlier"], ask.parts["later"]), "none")


def told(mind: Any = None, questions: int = 0, recipe: str = "theanine") -> mnesis.Space:
    space = mnesis.open(recipe=recipe, embedder="none", mind=mind)
    for day, speaker, text in LIFE:
        space.remember(Event(text, speaker=speaker, at=day), questions=questions)
    return space


@pytest.mark.parametrize(("question", "needed"), TEAFARM)
def test_a_question_that_supposes_the_past_is_given_what_came_of_it(question: str, needed: list[str]) -> None:
    with told() as space:
        lines = [line.text.partition(": ")[2] for line in space.context(question, k=4)]
        assert [text for text in lines if text in needed] == needed  # both, in the order they happened


def test_nothing_is_removed_and_the_step_is_named() -> None:
    with told() as space:
        standing = [cube.text for cube in space.cubes()]
        assert standing == [text for _, _, text in LIFE]
        (hit,) = [hit for hit in space.recall("Where did Tom live, in Porto?") if hit.text == "I moved to Lisbon."]
        assert hit.why["timeline"] == 1
        porto, lisbon = (cube.id for cube in space.cubes() if cube.text in TEAFARM[0][1])
        (link,) = space._view("default").links(lisbon)
        assert (link.head, link.tail, link.kind) == (porto, lisbon, "changes")


def test_a_language_model_links_what_shares_no_word() -> None:
    lonely, dog = "Evenings at home feel empty these days.", "My old dog died."
    mind = Scripted({(dog, lonely): "cause"})
    texts = {}
    for name, given, questions in (("rules", None, 0), ("model", mind, 50)):
        with mnesis.open(recipe="theanine", embedder="none", mind=given) as space:
            space.remember([Event(dog, speaker="Ana", at="2026-01-01", session="s")], questions=questions)
            space.remember([Event(lonely, speaker="Ana", at="2026-02-01", session="s")], questions=questions)
            texts[name] = [line.text for line in space.context("Did a dog die?")]
    assert texts["rules"] == ["[2026-01-01] Ana: My old dog died."]
    assert texts["model"] == ["[2026-01-01] Ana: My old dog died.", f"[2026-02-01] Ana: {lonely}"]
    assert {ask.purpose for ask in mind.asked} == {"relation"}


def test_other_people_have_timelines_of_their_own() -> None:
    with mnesis.open(recipe="theanine", embedder="none") as space:
        space.remember(Event("I live in Porto.", speaker="Ana", at="2024-01-01"))
        space.remember(Event("I moved to Lisbon.", speaker="Tom", at="2025-01-01"))
        assert all(space._view("default").links(cube.id) == [] for cube in space.cubes())


def test_within_one_batch_lines_are_drawn_as_well() -> None:
    with mnesis.open(recipe="theanine", embedder="none") as whole:
        whole.remember([Event(text, speaker=speaker, at=day) for day, speaker, text in LIFE])
        with told() as single:
            for question, _ in TEAFARM:
                assert str(whole.context(question)) == str(single.context(question))
