"""Who answers the questions of a space: its language model within a call's budget, and the rules.

Every verb that may ask opens a sitting (`Asker.sitting`): one budget, one account, shared by all parts of the recipe
that run in it. What the language model said before is not asked again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mnesis import catalog
from mnesis.drive import Account, Answers, Budget
from mnesis.errors import BadInput
from mnesis.models.rules import answer

RULES = "rules"


class Asker:
    """The minds of an open space; `account` is what every question since it was opened has cost."""

    def __init__(self, mind: str | Any | None = None) -> None:
        self._mind = mind_of(mind)
        self.name = RULES if self._mind is None else str(getattr(self._mind, "name", type(self._mind).__name__))
        self.account = Account(self.name)

    @contextmanager
    def sitting(self, questions: int = 0, tokens: int | None = None) -> Iterator[Sitting]:
        """A sitting within a budget; without one the rules alone answer."""
        sitting = Sitting(self._mind, Budget(questions, tokens), Account(self.name))
        try:
            yield sitting
        finally:
            self.account += sitting.account


class Sitting:
    """One call that may ask: a budget and an account, shared by all namespaces it reads."""

    def __init__(self, mind: Any, budget: Budget, account: Account) -> None:
        self._mind = mind
        self._budget = budget
        self.account = account

    def of(self, namespace: str) -> Answers:
        """Answers to what is asked about one namespace."""
        return Answers(self._mind, self._budget, answer, account=self.account)


def ruled() -> Answers:
    """Answers by the rules alone."""
    return Answers(rules=answer)


def mind_of(wanted: str | Any | None) -> Any:
    """The mind of a name, an address or an object; None for the rules alone."""
    if wanted is None or wanted == RULES:
        return None
    made = catalog.make(catalog.find(wanted, "models")) if isinstance(wanted, str) else wanted
    if not hasattr(made, "answer"):
        raise BadInput(
            f"mind={wanted!r} answers no questions: a mind has a method answer(ask). Give 'rules', 'http', or an "
            "object that has one."
        )
    return made
