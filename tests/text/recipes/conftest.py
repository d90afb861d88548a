"""A mind that follows a script by purpose, for the scenarios of the recipes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mnesis.drive import Ask

Script = Callable[..., "Mind"]


class Mind:
    """Answers each purpose with a value, or with what a function of the question's parts gives; keeps what it was
    asked."""

    name = "mind/script"

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[Ask] = []

    def answer(self, question: Ask) -> Any:
        self.asked.append(question)
        answer = self.answers[question.purpose]
        return answer(question.parts) if callable(answer) else answer

    def purposes(self) -> list[str]:
        return [each.purpose for each in self.asked]


@pytest.fixture
def script() -> Script:
    return Mind
