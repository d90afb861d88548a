"""How much a text is worth remembering, by what it speaks of.

Source: mnesis, 2026.
Needs: nothing
Cost: a few patterns
Differs: nothing.

Births, deaths, weddings, moves, illness, work and promises weigh most, then who somebody is, strong feelings, days and
names; a greeting weighs nothing.

>>> rule = importance()
>>> rule({"text": "We are getting married in June!"}) > rule({"text": "I had soup."}) > rule({"text": "Hi!"})
True
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import content, statements, text_of
from mnesis.models.rules.emotion import emotion
from mnesis.models.rules.memory_type import ANY_DAY, memory_type
from mnesis.text.alike import values
from mnesis.text.when import mentions

TURNS = re.compile(
    r"\b(?:born|birth|pregnan\w+|died|death|funeral|wedding|married|marry|engaged|divorc\w+|broke up|moved to|moving to"
    r"|diagnos\w+|cancer|surgery|hospital|allerg\w+|accident|graduat\w+|promot\w+|hired|fired|quit|resign\w*|new job"
    r"|retir\w+|adopt\w+|password|emergency|promise\w*|birthday|anniversary|bought a house)\b",
    re.I,
)
TYPES = {"core": 0.35, "procedural": 0.25, "resource": 0.25, "episodic": 0.15, "semantic": 0.15, "working": 0.1}


def importance() -> Rule:
    """The rule."""
    typed, felt = memory_type(), emotion()

    def answer(parts: Mapping[str, Any]) -> float:
        text = text_of(parts)
        if not statements(text) and not TURNS.search(text):
            return 0.05 if content(text) else 0.0
        worth: float = TYPES[typed({"text": text})] + (0.4 if TURNS.search(text) else 0.0)
        worth += 0.15 * max(felt({"text": text}).values()) + 0.05 * bool(mentions(text, ANY_DAY))
        return round(min(1.0, worth + 0.05 * min(2, len(values(text)))), 3)

    return answer
