"""What happened to each speaker is one memory a session: dated events, and which followed from which."""

from __future__ import annotations

from typing import Any

import mnesis
from mnesis import Space
from mnesis.drive import Ask
from mnesis.text.recipes.verbatim import verbatim
from mnesis.text.tend.events import events
from mnesis.words import Event, replace

TALK = [
    ("Ana", "Hi Tom! How are you?"),
    ("Tom", "Last Friday I broke my leg on the ski slope."),
    ("Ana", "Oh no! I like skiing too."),
    ("Tom", "I missed the race on Sunday because I broke my leg."),
    ("Ana", "Yesterday I sold my boat."),
]


def opened(mind: Any = None) -> Space:
    return Space(recipe=replace(verbatim(), tend=(events(),)), embedder="none", mind=mind)


def tell(space: Space, turns: list[tuple[str, str]], day: str = "2026-03-04", session: str = "s") -> None:
    space.remember(
        [
            Event(text, speaker=who, at=f"{day}T10:{n:02}", session=session, id=f"{session}{day}{n}")
            for n, (who, text) in enumerate(turns)
        ]
    )


def told(space: Space) -> dict[str, mnesis.MemCube]:
    return {cube.speaker: cube for cube in space.cubes() if cube.meta.get("level") == "events"}


def test_events_are_told_with_the_day_they_happened_on() -> None:
    with opened() as space:
        tell(space, TALK)
        space.tend()
        made = told(space)
        assert made["Tom"].text.splitlines()[0] == f"2026-02-27: {TALK[1][1]}"
        assert made["Ana"].text == f"2026-03-03: {TALK[4][1]}"
        assert made["Tom"].parents == ("s2026-03-041", "s2026-03-043")
        assert space.tend() == []


def test_an_event_is_linked_to_the_one_it_follows_from() -> None:
    with opened() as space:
        tell(space, TALK)
        space.tend()
        links = space._view("default").linked(["s2026-03-041"])
        assert [(link.head, link.tail, link.kind) for link in links] == [("s2026-03-041", "s2026-03-043", "cause")]


def test_only_what_is_new_is_summed_up_again() -> None:
    with opened() as space:
        tell(space, TALK)
        tell(space, TALK, "2026-04-01", "t")
        space.tend()
        before = {cube.id: cube.version for cube in space.cubes() if cube.meta.get("level") == "events"}
        assert len(before) == 4
        tell(space, [("Tom", "I bought new skis in town.")], "2026-04-02", "t")
        space.tend()
        after = {cube.id: cube.version for cube in space.cubes() if cube.meta.get("level") == "events"}
        assert sorted(after[id] - before[id] for id in before) == [0, 0, 0, 1]
        space.forget([cube.id for cube in space.cubes() if cube.session == "t" and cube.speaker == "Ana"])
        space.tend()
        assert len([cube for cube in space.cubes() if cube.meta.get("level") == "events"]) == 3


def test_a_language_model_says_what_is_an_event() -> None:
    class Reader:
        name = "reader"

        def answer(self, ask: Ask) -> Any:
            if ask.purpose == "memory_type":
                return "episodic" if "skiing" in ask.parts["text"] else "semantic"
            return []

    with opened(Reader()) as space:
        tell(space, TALK)
        space.tend(questions=20)
        assert {name: cube.text for name, cube in told(space).items()} == {"Ana": f"2026-03-04: {TALK[2][1]}"}
