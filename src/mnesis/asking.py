"""Who answers the questions of a space: its language model within a call's budget, and the rules.

Every verb that may ask opens a sitting (`Asker.sitting`): one budget, one account, shared by all parts of the recipe
that run in it. What the language model said before is not asked again: its replies are kept in the space, beside the
namespace they are about, and an erasure there takes them along.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock
from typing import Any

from mnesis import catalog
from mnesis.drive import COUNTS, Account, Answers, Ask, Budget
from mnesis.errors import BadInput
from mnesis.models.rules import answer
from mnesis.store import Store
from mnesis.words import Asked, digest

RULES = "rules"
HTTP = "http"  # the usual name of a language model behind an endpoint


class Asker:
    """The minds of an open space; `account` is what every question since it was opened has cost."""

    def __init__(self, mind: Any, store: Store) -> None:
        """`mind` as `mind_of` gives it."""
        self._mind = mind
        self._store = store
        self.name = RULES if mind is None else str(getattr(mind, "name", type(mind).__name__))
        self.account = Account(self.name)
        self._adding = Lock()

    @contextmanager
    def sitting(self, questions: int = 0, tokens: int | None = None) -> Iterator[Sitting]:
        """A sitting within a budget; without one the rules alone answer."""
        sitting = Sitting(self._mind, Budget(questions, tokens), Account(self.name), self._store)
        try:
            yield sitting
        finally:
            with self._adding:
                self.account += sitting.account
            sitting.keep()


class Sitting:
    """One call that may ask: a budget and an account, shared by all namespaces it reads."""

    def __init__(self, mind: Any, budget: Budget, account: Account, store: Store) -> None:
        self._mind = mind
        self._budget = budget
        self._store = store
        self._said: dict[str, Said] = {}
        self._entered = Account(account.mind)
        self.account = account

    def of(self, namespace: str) -> Answers:
        """Answers to what is asked about one namespace; to be made before what the questions are about is read."""
        said = None
        if self._mind is not None:
            if namespace not in self._said:
                self._said[namespace] = Said(self._store, namespace, self.account.mind)
            said = self._said[namespace]
        return Answers(self._mind, self._budget, answer, said, self.account)

    def entry(self) -> list[Asked]:
        """What was asked since the last entry, as a commit says it; nothing where nothing was."""
        new = {name: getattr(self.account, name) - getattr(self._entered, name) for name in COUNTS}
        self._entered = replace(self.account)
        return [Asked(self.account.mind, **new)] if any(new.values()) else []

    def keep(self) -> None:
        """Write down what the mind said, so that it is not asked again."""
        for said in self._said.values():
            said.keep()


class Said:
    """What a mind said about one namespace: kept in the space until something there is erased."""

    def __init__(self, store: Store, namespace: str, mind: str) -> None:
        self._store, self._namespace, self._mind = store, namespace, mind
        self._since = store.head().seq
        self._new: dict[bytes, str] = {}

    def get(self, ask: Ask) -> str | None:
        """The reply to the same question, as JSON."""
        key = self._key(ask)
        return self._new.get(key) or self._store.reply(self._namespace, key)

    def put(self, ask: Ask, reply: str) -> None:
        """Keep a reply, as JSON."""
        self._new[self._key(ask)] = reply

    def keep(self) -> None:
        """Write the new replies down."""
        if self._new:
            self._store.keep_replies(self._namespace, self._new, self._since)
            self._new = {}

    def _key(self, ask: Ask) -> bytes:
        return bytes.fromhex(digest(self._mind, ask.purpose, ask.system, ask.prompt, str(ask.tokens), size=16))


def ruled() -> Answers:
    """Answers by the rules alone."""
    return Answers(rules=answer)


def mind_of(wanted: str | Any | None) -> Any:
    """The mind of a name, an address or an object; None for the rules alone."""
    if wanted is None or wanted == RULES:
        return None
    if wanted == HTTP:
        wanted = "openai"
    made = catalog.make(catalog.find(wanted, "models")) if isinstance(wanted, str) else wanted
    if not hasattr(made, "answer"):
        raise BadInput(
            f"mind={wanted!r} answers no questions: a mind has a method answer(ask). Give 'rules', 'http', or an "
            "object that has one."
        )
    return made
