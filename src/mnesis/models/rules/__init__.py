"""Slot: the parts of a question -> its answer, offline. One rule for each purpose, named like it; the same every time.

A rule is a pure function of the material of an `Ask`. What it gives has the form the question asks for; None means
that it has nothing to say, and the mechanism goes on without an answer. `answer` is the mind made of all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol

from mnesis import catalog
from mnesis.drive import Ask

SLOT = "models.rules"


class Rule(Protocol):
    def __call__(self, parts: Mapping[str, Any]) -> Any: ...


def answer(ask: Ask) -> Any:
    """What the rule of a question's purpose says; None where there is no such rule, or it has nothing to say."""
    rule = _rule(ask.purpose)
    return None if rule is None else rule(ask.parts)


@cache
def _rule(purpose: str) -> Rule | None:
    address = f"{SLOT}.{purpose}"
    if address not in catalog.names(SLOT):
        return None
    made: Rule = catalog.make(address)
    return made
