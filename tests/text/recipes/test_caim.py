"""CAIM: a controller, a filter by ontology tags, and thinking over afterwards what was said."""

from __future__ import annotations

from typing import Any

import mnesis
from mnesis.drive import Ask
from mnesis.words import Event

TALK = [
    ("Ana", "The new recipe for the soup wants a lot of garlic and bread."),
    ("Tom", "My bank wants more money for the loan of the soup kitchen."),
    ("Ana", "My doctor wants me to take medicine twice a day."),
]


class Thinker:
    """A mind with thoughts of its own about the conversation, and tags for them."""

    name = "thinker"

    def __init__(self) -> None:
        self.asked: list[Ask] = []

    def answer(self, ask: Ask) -> Any:
        self.asked.append(ask)
        if ask.purpose == "thoughts":
            return (
                ["Ana takes medicine twice a day because her doctor wants it."] if "doctor" in ask.parts["text"] else []
            )
        if ask.purpose == "activate":
            return "soup" in ask.parts["query"]
        text = ask.parts["text"]
        return ["health"] if "medicine" in text else ["money"] if "money" in text else ["food"]


def told(mind: Any = None, questions: int = 0) -> mnesis.Space:
    space = mnesis.open(recipe="caim", embedder="none", mind=mind)
    space.remember([Event(text, speaker=who, at="2026-01-01", session="s") for who, text in TALK])
    space.tend(questions=questions)
    return space


def filed(space: mnesis.Space) -> dict[str, set[str]]:
    links = space._view("default").linked([cube.id for cube in space.cubes()], ("tagged",))
    out: dict[str, set[str]] = {}
    for link in links:
        out.setdefault(space.get(link.head).text, set()).add(link.tail.removeprefix("tag:"))
    return out


def test_what_was_said_is_filed_under_the_tags_of_the_ontology() -> None:
    with told() as space:
        tags = filed(space)
        assert "food" in tags[TALK[0][1]]
        assert "money" in tags[TALK[1][1]]
        assert "health" in tags[TALK[2][1]]
        assert space.tend() == []


def test_the_filter_prefers_what_is_filed_under_what_the_question_is_about() -> None:
    with told() as space:
        hits = {hit.text: hit.why.get("tagged", 0.0) for hit in space.recall("Which food goes with the soup?", k=2)}
        assert next(iter(hits)) == TALK[0][1]
        assert hits[TALK[0][1]] == 1.0
        money = space.recall("What does the soup cost, how much money?", k=1)
        assert money[0].text == TALK[1][1]


def test_post_thinking_keeps_thoughts_that_name_what_they_come_from() -> None:
    mind = Thinker()
    with told(mind, 20) as space:
        (thought,) = [cube for cube in space.cubes() if cube.parents]
        assert thought.text == "Ana takes medicine twice a day because her doctor wants it."
        assert [space.get(id).text for id in thought.parents] == [TALK[2][1]]
        assert filed(space)[thought.text] == {"health"}
        asked = len(mind.asked)
        assert space.tend(questions=20) == []
        assert len(mind.asked) == asked


def test_a_thought_that_comes_again_is_one_more_witness_of_the_first() -> None:
    mind = Thinker()
    with told(mind, 20) as space:
        again = Event("Medicine twice a day, the doctor said it again.", speaker="Ana", at="2026-02-01", session="t")
        space.remember(again)
        space.tend(questions=20)
        (thought,) = [cube for cube in space.cubes() if cube.parents]
        assert thought.version == 2
        assert len(thought.parents) == len(thought.events) == 2


def test_the_controller_leaves_the_archive_alone_where_it_is_not_needed() -> None:
    with told() as space:
        assert [hit.text for hit in space.recall("Thanks, see you!")] == [TALK[2][1], TALK[1][1]]
    mind = Thinker()
    with told(mind, 20) as space:
        assert [hit.text for hit in space.recall("Medicine?", questions=1)] == [TALK[2][1], TALK[1][1]]
        assert TALK[0][1] in [hit.text for hit in space.recall("soup?", questions=1)]


def test_a_time_may_be_named_by_what_happened_then() -> None:
    with mnesis.open(recipe="caim", embedder="none") as space:
        days = {
            "2026-01-10": "I paid for a bicycle.",
            "2026-03-01": "My trip to Porto was fine.",
            "2026-03-05": "I paid for a kayak.",
        }
        space.remember([Event(text, speaker="Ana", at=day) for day, text in days.items()])
        for way, wanted in (("before", "I paid for a bicycle."), ("after", "I paid for a kayak.")):
            hits = [hit.text for hit in space.recall(f"What was paid for {way} the trip to Porto?")]
            assert next(text for text in hits if "paid" in text) == wanted
