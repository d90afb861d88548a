"""The statements of a text, as they were said.

Source: mnesis, 2026.
Needs: nothing
Cost: one pass over the text
Differs: nothing.

Every sentence that states something is a fact: questions, greetings and fillers are not. Nothing is rewritten, so a
fact is a quotation; who "I" is, the memory it becomes says by its speaker.

>>> facts()({"text": "Hey! I moved to Lisbon in March. And you?"})
['I moved to Lisbon in March.']
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import statements, text_of

MOST = 12


def facts() -> Rule:
    """The rule."""

    def answer(parts: Mapping[str, Any]) -> list[str]:
        return list(dict.fromkeys(statements(text_of(parts))))[:MOST]

    return answer
