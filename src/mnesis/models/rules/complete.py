"""Evidence suffices when it says every word of the question.

Source: mnesis, 2026.
Needs: nothing
Cost: the words of all of them
Differs: nothing.

One text alone is never enough: it may say the words of the question and not the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import text_of
from mnesis.store.terms import terms
from mnesis.text.question import content


def complete() -> Rule:
    """The rule."""

    def answer(parts: Mapping[str, Any]) -> bool:
        texts = parts.get("texts") or ()
        said = {term for text in texts for term in terms(text)}
        return set(content(text_of(parts, "query"))) <= said and len(texts) > 1

    return answer
