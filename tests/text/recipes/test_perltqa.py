"""PerLTQA: memories and questions are classified alike; scored on a set of our own, since its data is not at hand."""

from __future__ import annotations

from typing import Any

import pytest

import mnesis
from mnesis.drive import Ask
from mnesis.models.rules import answer
from mnesis.text.ask import memory_type, wanted_types
from mnesis.words import Event

MEMORIES = {
    "core": """My name is Carla Mendes. | I am allergic to peanuts. | I live in Porto with my two cats. | I am a nurse.
        | My favourite colour is green. | I love hiking in the mountains. | I hate cold coffee.
        | I am from a small village near Braga. | My birthday is on 7 May. | I work as a translator.""",
    "episodic": """Yesterday I went to the dentist. | We met Tom at the station last Friday. | On 3 March 2025 the roof
        leaked. | I lost my keys in the park. | She told me about her new boat on Sunday. | I bought a violin last week.
        | The concert was cancelled because of the rain. | I spoke with my boss about the move. | Grandma came for
        dinner. | We flew to Madeira in June 2024.""",
    "procedural": """To descale the kettle, you fill it with vinegar and wait an hour. | First boil the water, then add
        the pasta. | You need to press the green button twice. | Preheat the oven to 200 degrees and bake for an hour.
        | Make sure to lock the back door before the front door. | How to reset the router: hold the pin down.""",
    "resource": """The budget is in expenses-2025.xlsx. | https://example.org/visa has the form. | See the manual in
        boiler.pdf. | The photos are at www.example.org/album. | Notes of the meeting: minutes.docx""",
    "semantic": """Lisbon is the capital of Portugal. | Peanuts are legumes. | Tom is a good friend of Ana. | The
        library is closed on Mondays. | Nurses work in three shifts. | The ferry costs four euros.""",
}
QUESTIONS = {
    "core": """What is my name? | Where does Carla live? | What is her favourite colour? | Who is Tom? | What are his
        hobbies? | Does Ana like cheese?""",
    "episodic": """When did the roof leak? | What happened at the dentist? | What did we do last Friday? | How often did
        she call in June? | Did Tom come to the concert? | When was the last time we met?""",
    "procedural": """How do I descale the kettle? | How can one reset the router? | Which steps are there to bake the
        bread? | How should I lock the doors?""",
    "resource": "Which document has the budget? | Where is the link to the visa form? | Do we have the boiler manual?",
}  # fmt: skip


def parts(lists: dict[str, str]) -> list[tuple[str, str]]:
    return [(name, " ".join(each.split())) for name, some in lists.items() for each in some.split("|")]


def accuracy(ask: Any, lists: dict[str, str]) -> float:
    """How often the first class the rules name is the right one."""

    def first(text: str) -> str:
        reply = answer(ask(text))
        return (reply[0] if reply else "") if isinstance(reply, list) else str(reply)

    told = parts(lists)
    return sum(first(text) == name for name, text in told) / len(told)


def test_the_rules_classify_most_memories_and_questions_of_our_own_set() -> None:
    assert len(parts(MEMORIES)) == 37
    assert accuracy(memory_type, MEMORIES) >= 0.85
    assert len(parts(QUESTIONS)) == 19
    assert accuracy(wanted_types, QUESTIONS) >= 0.85


TOLD = [
    "Yesterday at the market I saw a green violin, my favourite find of the day.",
    "My favourite instrument is the violin.",
    "To tune the violin, you turn the pegs and listen.",
    "My violin teacher was ill last Tuesday.",
]


class Classifier:
    """A mind that says the type of each memory and of the question by a table."""

    name = "classifier"

    def __init__(self, wanted: list[str]) -> None:
        self.wanted = wanted
        self.asked: list[Ask] = []

    def answer(self, ask: Ask) -> Any:
        self.asked.append(ask)
        if ask.purpose == "wanted_types":
            return self.wanted
        return dict(zip(TOLD, ["episodic", "core", "procedural", "episodic"], strict=True))[ask.parts["text"]]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What is Ana's favourite violin thing?", TOLD[1]),
        ("How do I tune the violin?", TOLD[2]),
        ("What happened to the violin teacher?", TOLD[3]),
    ],
)
def test_the_class_of_the_question_decides_between_what_fits(question: str, first: str) -> None:
    with mnesis.open(recipe="perltqa", embedder="none") as space:
        space.remember([Event(text, speaker="Ana") for text in TOLD])
        best = space.recall(question)[0]
        assert best.text == first
        assert best.why["by_type"] == 1


def test_a_language_model_classifies_within_its_budget() -> None:
    for wanted, first in ((["core"], TOLD[1]), (["procedural"], TOLD[2])):
        mind = Classifier(wanted)
        with mnesis.open(recipe="perltqa", embedder="none", mind=mind) as space:
            space.remember([Event(text, speaker="Ana") for text in TOLD], questions=4)
            assert [cube.type for cube in space.cubes()] == ["episodic", "core", "procedural", "episodic"]
            assert space.recall("violin?", k=4, questions=1)[0].text == first
        assert [ask.purpose for ask in mind.asked] == ["memory_type"] * 4 + ["wanted_types"]


def test_the_context_is_put_together_by_class() -> None:
    with mnesis.open(recipe="perltqa", embedder="none") as space:
        space.remember([Event(text, speaker="Ana") for text in TOLD])
        texts = [line.text.removeprefix("Ana: ") for line in space.context("Tell me about the violin.")]
        assert texts[0] == TOLD[1]
        assert texts.index(TOLD[2]) < texts.index(TOLD[3])
