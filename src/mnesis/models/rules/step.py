"""Of ways to go, take the first.

Source: mnesis, 2026.
Needs: nothing
Cost: nothing
Differs: nothing.

Whoever asks gives the ways in order, the one that leads to most of what is lacking first (`text.find.steps`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule


def step() -> Rule:
    """The rule."""

    def answer(parts: Mapping[str, Any]) -> str | None:
        return next(iter(parts.get("options") or ()), None)

    return answer
