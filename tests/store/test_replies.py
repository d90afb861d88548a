"""What a language model said is kept beside its namespace, and goes when anything there is erased."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mnesis.drive import Ask, Asking
from mnesis.memory import Space
from mnesis.text import ask
from mnesis.text.recipes.verbatim import verbatim
from mnesis.words import Event, MemCube, replace

CANARY = "zanzibarqux"
TOLD = f"The {CANARY} code of the safe is 4711."


class Mind:
    """Says of every text a fact that quotes it; `wait` is called while it thinks."""

    name = "quoting"

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.wait: Any = lambda: None

    def answer(self, question: Ask) -> list[str]:
        self.asked.append(question.parts["text"])
        self.wait()
        return [f"It was said: {question.parts['text']}"]


def opened(place: str | Path, mind: Mind) -> Space:
    def parse(event: Event, namespace: str, names: frozenset[str] = frozenset()) -> Asking[list[MemCube]]:
        whole = MemCube(event.id, event.text, namespace, events=(event.id,), keys=(event.text,))
        said = yield ask.facts(event.text)
        return [whole, *(replace(whole, id=f"{event.id}-{n}", text=each) for n, each in enumerate(said or (), 1))]

    return Space(place, recipe=replace(verbatim(), parse=parse), embedder="none", mind=mind)


def left(place: str | Path) -> list[str]:
    """The files of a space that hold the canary."""
    files = place.parent.rglob("*") if isinstance(place, Path) else ()
    return [each.name for each in files if each.is_file() and CANARY.encode() in each.read_bytes()]


def test_the_same_question_is_not_asked_again(place: str | Path) -> None:
    mind = Mind()
    with opened(place, mind) as space:
        for _ in range(2):
            cubes = space.remember(TOLD, questions=1)
            assert [each.text for each in cubes] == [TOLD, f"It was said: {TOLD}"]
        assert (space.account.questions, space.account.cached) == (1, 1)
        space.remember(TOLD, namespace="other", questions=1)  # what was said here is not known there
        assert len(mind.asked) == 2
    if isinstance(place, Path):
        with opened(place, mind) as space:
            assert len(space.remember(TOLD)) == 2  # it costs nothing
            assert len(mind.asked) == 2
            other = Mind()
            other.name = "another"
        with opened(place, other) as space:
            space.remember(TOLD, questions=1)
            assert len(other.asked) == 1
            assert space.verify().ok


def test_what_was_paid_for_is_kept_even_where_the_call_failed(place: str | Path) -> None:
    mind = Mind()
    with opened(place, mind) as space:

        def fail() -> None:
            if len(mind.asked) == 2:
                raise RuntimeError("away")

        mind.wait = fail
        with pytest.raises(RuntimeError, match="away"):
            space.remember([TOLD, "Something else."], questions=9)
        assert list(space.cubes()) == []
        mind.wait = lambda: None
        space.remember([TOLD, "Something else."], questions=9)
        assert mind.asked == [TOLD, "Something else.", "Something else."]


def test_an_erasure_takes_the_replies_of_its_namespace_along(place: str | Path) -> None:
    mind = Mind()
    with opened(place, mind) as space:
        space.remember("Kettles and pots.", namespace="other", questions=1)
        cubes = space.remember(TOLD, questions=1)
        if isinstance(place, Path):
            assert left(place)
        space.forget([each.id for each in cubes], erase=True)
        assert left(place) == []
        asked = len(mind.asked)
        space.remember(TOLD, questions=1)
        assert len(mind.asked) == asked + 1  # nothing of it was left to answer from
        space.remember("Kettles and pots.", namespace="other", questions=1)
        assert len(mind.asked) == asked + 1
        assert space.verify().ok


def test_a_reply_that_comes_after_the_erasure_is_not_kept(place: str | Path) -> None:
    mind = Mind()
    with opened(place, mind) as space:
        (cube, *_) = space.remember("The umbrella is green.")

        def erase() -> None:
            mind.wait = lambda: None
            space.forget(cube.id, erase=True)

        mind.wait = erase
        space.remember(TOLD, questions=1)
        space.remember(TOLD, questions=1)
        assert len(mind.asked) == 2


def test_a_commit_says_what_it_cost(place: str | Path) -> None:
    mind = Mind()
    with opened(place, mind) as space:
        space.remember([TOLD, "I have a boat."], questions=1)
        space.remember(TOLD, questions=1)
        space.forget(k=1, what="boat")
        costs = [[each for each in entry.changes if each["op"] == "asked"] for entry in space.journal()]
        first, second = costs[0][0], costs[1][0]
        assert (first["mind"], first["questions"], first["rules"]) == ("quoting", 1, 1)
        assert first["read"] > first["written"] > 0
        assert (second.get("questions", 0), second["cached"]) == (0, 1)
        assert costs[2] == []
        assert space.verify().ok
        space.undo(2)
        space.rollback(to=1)
        assert space.verify().ok
