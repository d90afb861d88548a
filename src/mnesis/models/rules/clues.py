"""The first facts of an outline are what an answer may hold.

Source: mnesis, 2026.
Needs: nothing
Cost: nothing to speak of
Differs: nothing.

An outline gives first what the question stirs most (`text.find.clues`), and that is searched for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule


def clues() -> Rule:
    """The rule."""

    def answer(parts: Mapping[str, Any]) -> list[str]:
        facts = [each for each in parts.get("facts") or () if each.strip()]
        return facts[: int(parts.get("most", 5))]

    return answer
