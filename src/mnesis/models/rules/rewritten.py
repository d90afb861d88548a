"""A question as it is searched for: plain, and with what it points back to.

Source: mnesis, 2026.
Needs: nothing
Cost: one pass over the question and what came before it
Differs: nothing.

Words that only ask ("can you tell me") are left away. Where a question says "he", "it" or "there" and names nobody,
the names of what was said before are put behind it, the latest first.

>>> rewritten()({"query": "Could you tell me when he moved?", "context": ["Tom lives in Porto."]})
'when he moved? (Tom, Porto)'
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import keywords, text_of
from mnesis.text.link.entities import named

ASKING = re.compile(
    r"^(?:(?:hi|hey|hello|please|so|and|ok|okay)[, ]+)*(?:(?:can|could|would|do) you (?:please )?(?:tell|remind|show)"
    r" me|(?:please )?(?:tell|remind|show) me|i(?:['’]d| would) like to know|i want to know"
    r"|do you (?:know|remember))\s+",
    re.I,
)
BACK = re.compile(r"\b(?:he|she|it|they|him|her|his|its|their|them|there|that|this|those|then)\b", re.I)
MOST = 4


def rewritten() -> Rule:
    """The rule."""

    def answer(parts: Mapping[str, Any]) -> str | None:
        query = " ".join(text_of(parts, "query").split())
        short = ASKING.sub("", query) or query
        before = [str(each) for each in (parts.get("context") or ())]
        if before and BACK.search(short) and not named(short):
            spoken = [name for text in reversed(before) for name in (_subjects(text) or keywords(text, 2))]
            spoken = list(dict.fromkeys(spoken))[:MOST]
            short = f"{short} ({', '.join(spoken)})" if spoken else short
        return short or None

    return answer


def _subjects(text: str) -> list[str]:
    """The names in a text, the one that opens it too where a verb follows."""
    opening = re.match(r"([A-Z][\w-]+) [a-z]+", text)
    return list(dict.fromkeys([*named(text, [opening[1]] if opening else ())]))
