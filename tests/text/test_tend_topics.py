"""Each topic of a session becomes one extract; a session that goes on changes only the topics it touches."""

from __future__ import annotations

from typing import Any

import pytest

import mnesis
from mnesis import Space
from mnesis.drive import Ask
from mnesis.errors import UnknownName
from mnesis.text.recipes.verbatim import verbatim
from mnesis.text.tend.topics import topics
from mnesis.words import Event, replace

GARDEN = [
    "I planted tomatoes and beans in the garden.",
    "Tomatoes need a lot of sun in the garden.",
    "The beans in the garden are climbing already.",
    "My tomatoes in the garden had blight last year.",
]
OFFICE = [
    "Our boss announced that the office moves to the harbour.",
    "My commute to the office at the harbour will double.",
    "The boss says there will be a bus from the office to the harbour.",
    "A bus to the harbour would help with the commute.",
]


def opened(mind: Any = None) -> Space:
    return Space(recipe=replace(verbatim(), tend=(topics(),)), embedder="static", mind=mind)


def turns(texts: list[str], session: str = "s", start: int = 0) -> list[Event]:
    return [
        Event(
            text,
            speaker=("Ana", "Tom")[n % 2],
            at=f"2026-01-01T10:{start + n:02}",
            session=session,
            id=f"{session}{start + n}",
        )
        for n, text in enumerate(texts)
    ]


def made(space: Space) -> list[mnesis.MemCube]:
    return [cube for cube in space.cubes() if cube.made_by == "text.tend.topics"]


def test_every_topic_has_an_extract_of_its_own_turns() -> None:
    with opened() as space:
        space.remember(turns(GARDEN + OFFICE))
        space.tend()
        garden, office = made(space)
        assert [space.get(id).text for id in garden.parents] == GARDEN
        assert [space.get(id).text for id in office.parents] == OFFICE
        assert "tomatoes" in garden.text.lower()
        assert "harbour" in office.text.lower()
        assert office.meta["topic"]
        assert office.events == office.parents
        assert office.at == space.get(office.parents[0]).at
        assert space.tend() == []


def test_a_session_that_goes_on_touches_only_its_last_topic() -> None:
    with opened() as space:
        space.remember(turns(GARDEN + OFFICE))
        space.remember(turns(GARDEN, "other"))
        space.tend()
        before = {cube.id: cube.version for cube in made(space)}
        space.remember(turns(["The office at the harbour has no kitchen for the boss."], start=8))
        space.tend()
        after = {cube.id: cube.version for cube in made(space)}
        assert before.keys() == after.keys()
        assert sorted(after[id] - before[id] for id in before) == [0, 0, 1]


def test_turns_that_are_forgotten_leave_their_topic() -> None:
    with opened() as space:
        space.remember(turns(GARDEN + OFFICE))
        space.tend()
        space.forget([f"s{n}" for n in range(4, 8)])
        space.tend()
        (left,) = made(space)
        assert [space.get(id).text for id in left.parents] == GARDEN
        assert all(link.tail == left.id for link in space._view("default").linked(left.parents, ("part_of",)))


def test_a_language_model_writes_the_extract() -> None:
    class Writer:
        name = "writer"

        def answer(self, ask: Ask) -> Any:
            return "They speak of vegetables." if ask.purpose == "summary" else "vegetables"

    with opened(Writer()) as space:
        space.remember(turns(GARDEN))
        space.tend(questions=2)
        (cube,) = made(space)
        assert (cube.text, cube.meta["topic"]) == ("They speak of vegetables.", "vegetables")


def test_what_is_erased_is_not_left_in_an_extract() -> None:
    with opened() as space:
        space.remember(turns([*GARDEN[:3], "My code is 4711 for the garden shed."]))
        space.tend()
        space.forget("s3", erase=True)
        assert all("4711" not in cube.text for cube in space.cubes())


def test_topics_may_end_where_a_turn_surprises() -> None:
    with Space(recipe=replace(verbatim(), tend=(topics(by="surprise"),)), embedder="static") as space:
        space.remember(turns(GARDEN + OFFICE))
        space.tend()
        assert [len(each.parents) for each in made(space)] == [4, 4]
        assert space.tend() == []
    with pytest.raises(UnknownName, match="likeness"):
        topics(by="likenes")
