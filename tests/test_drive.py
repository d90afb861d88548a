"""Mechanisms that ask, driven by a mind, an asynchronous mind, a script, or nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Generator

import pytest

from mnesis.drive import Ask, Asking, Budget, arun, replay, run
from mnesis.errors import BudgetSpent, MnesisError


def portrait(questions: int = 2) -> Asking[dict[str, str | None]]:
    """A mechanism that asks a number of questions and goes on without an answer where there is none."""
    answers: dict[str, str | None] = {}
    for n in range(questions):
        answers[f"q{n}"] = yield Ask(f"q{n}", f"What is {n}? So far: {answers}", tokens=8)
    return answers


def loud(ask: Ask) -> str:
    return ask.purpose.upper()


async def slow(ask: Ask) -> str:
    await asyncio.sleep(0)
    return ask.purpose.upper()


def test_a_mind_answers_each_question_in_turn() -> None:
    asked: list[Ask] = []

    def mind(ask: Ask) -> str:
        asked.append(ask)
        return loud(ask)

    assert run(portrait(), mind) == {"q0": "Q0", "q1": "Q1"}
    assert [ask.purpose for ask in asked] == ["q0", "q1"]
    assert "Q0" in asked[1].prompt


def test_an_asynchronous_mind_does_the_same() -> None:
    assert asyncio.run(arun(portrait(), slow)) == run(portrait(), loud)


def test_a_script_does_the_same_and_tells_what_was_asked() -> None:
    answers, asked = replay(portrait(), ["Q0", "Q1"])
    assert answers == run(portrait(), loud)
    assert [(ask.purpose, ask.tokens, ask.system) for ask in asked] == [("q0", 8, ""), ("q1", 8, "")]


def test_a_script_that_is_too_short_leaves_the_rest_unanswered() -> None:
    assert replay(portrait(3), ["Q0"])[0] == {"q0": "Q0", "q1": None, "q2": None}
    assert replay(portrait(1), ["Q0", "more"])[0] == {"q0": "Q0"}


def test_without_a_mind_every_question_stays_unanswered() -> None:
    nothing = {"q0": None, "q1": None}
    assert run(portrait()) == nothing
    assert asyncio.run(arun(portrait())) == nothing
    assert run(portrait(), None, Budget(questions=5)) == nothing


@pytest.mark.parametrize(
    ("questions", "expected"),
    [(0, {"q0": None, "q1": None}), (1, {"q0": "Q0", "q1": None}), (2, {"q0": "Q0", "q1": "Q1"})],
)
def test_a_budget_bounds_the_questions(questions: int, expected: dict[str, str | None]) -> None:
    for drive in (
        lambda budget: run(portrait(), loud, budget),
        lambda budget: asyncio.run(arun(portrait(), slow, budget)),
    ):
        budget = Budget(questions)
        assert drive(budget) == expected
        assert budget.spent == questions


def test_a_budget_is_shared_by_the_calls_it_is_given_to() -> None:
    budget = Budget(3)
    assert run(portrait(), loud, budget) == {"q0": "Q0", "q1": "Q1"}
    assert run(portrait(), loud, budget) == {"q0": "Q0", "q1": None}
    assert budget.spent == 3


def test_a_strict_budget_says_when_it_is_spent() -> None:
    for drive in (
        lambda: run(portrait(), loud, Budget(1, strict=True)),
        lambda: asyncio.run(arun(portrait(), slow, Budget(1, strict=True))),
    ):
        with pytest.raises(BudgetSpent, match="All 1 questions"):
            drive()


def test_a_mechanism_that_asks_nothing_needs_nobody() -> None:
    assert run(portrait(0)) == {}
    assert replay(portrait(0), []) == ({}, [])
    assert asyncio.run(arun(portrait(0))) == {}


def test_what_a_mind_raises_comes_out() -> None:
    def broken(ask: Ask) -> str:
        raise MnesisError(f"no answer to {ask.purpose}")

    with pytest.raises(MnesisError, match="no answer to q0"):
        run(portrait(), broken)


def test_mechanisms_can_ask_through_others() -> None:
    def outer() -> Generator[Ask, str | None, tuple[int, str | None]]:
        inner = yield from portrait(1)
        more = yield Ask("more", "And?")
        return len(inner), more

    assert run(outer(), loud) == (1, "MORE")
