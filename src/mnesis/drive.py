"""Runs a mechanism that asks: `reply = yield Ask(...)` is answered now, later, or from a script.

One body serves `run` (a mind answers), `arun` (an asynchronous mind answers) and `replay` (a list of replies
answers, for tests and for doing the same again). A budget of 0 questions is a full citizen: the mechanism is told
`None` for every question and goes on with what it has.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from mnesis.errors import BudgetSpent

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to a language model as a value: why it is asked, the prompt, and how long the reply may be."""

    purpose: str
    prompt: str
    system: str = ""
    tokens: int = 512


Asking = Generator[Ask, str | None, Result]


@dataclass(slots=True)
class Budget:
    """How many questions may be asked; `spent` counts them. `strict` raises when it is used up."""

    questions: int = 0
    spent: int = 0
    strict: bool = False

    def allows(self) -> bool:
        if self.spent < self.questions:
            self.spent += 1
            return True
        if self.strict:
            raise BudgetSpent(
                f"All {self.questions} questions of this call are spent; give a larger budget, or leave "
                "strict off to go on without answers."
            )
        return False


def run(asking: Asking[Result], mind: Callable[[Ask], str] | None = None, budget: Budget | None = None) -> Result:
    """Drive a mechanism to its end with a mind that answers at once."""
    budget = budget or Budget(questions=1_000_000 if mind else 0)
    reply: str | None = None
    while True:
        try:
            ask = asking.send(reply)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
        reply = mind(ask) if mind is not None and budget.allows() else None


async def arun(
    asking: Asking[Result], mind: Callable[[Ask], Awaitable[str]] | None = None, budget: Budget | None = None
) -> Result:
    """Drive a mechanism to its end with a mind that is awaited."""
    budget = budget or Budget(questions=1_000_000 if mind else 0)
    reply: str | None = None
    while True:
        try:
            ask = asking.send(reply)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
        reply = await mind(ask) if mind is not None and budget.allows() else None


def replay(asking: Asking[Result], replies: Iterable[str | None]) -> tuple[Result, list[Ask]]:
    """Drive a mechanism with replies written down beforehand; returns its result and what it asked."""
    script = iter(replies)
    asked: list[Ask] = []
    reply: Any = None
    while True:
        try:
            ask = asking.send(reply)
        except StopIteration as stop:
            return stop.value, asked
        asked.append(ask)
        reply = next(script, None)
