"""What of a question a note does not hold, with the names it brought in.

Source: mnesis, 2026.
Needs: nothing
Cost: the words of both
Differs: nothing.

The next search is made of the words that are still missing and of things the note names and the question does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import text_of
from mnesis.store.terms import terms
from mnesis.text.ask import NONE
from mnesis.text.question import content
from mnesis.text.triples import phrases


def lacking() -> Rule:
    """The rule."""

    def answer(parts: Mapping[str, Any]) -> str:
        question, note = text_of(parts, "query"), text_of(parts, "old")
        held, asked = set(terms(note)), set(terms(question))
        missing = [term for term in content(question) if term not in held]
        fresh = [name for name in phrases(note) if not set(terms(name)) <= asked]
        return " ".join([*missing, *fresh[-6:]]) or NONE

    return answer
