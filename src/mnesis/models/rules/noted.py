"""A note grows by sentences that say something of what is asked.

Source: mnesis, 2026.
Needs: nothing
Cost: the words of every sentence, once for each that is taken
Differs: nothing.

A sentence counts by the words of the question it brings that the note lacks, and by whether it goes on with a thing
the note names. The best is taken, until none brings anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import text_of
from mnesis.store.terms import terms
from mnesis.text.ask import NONE
from mnesis.text.question import content
from mnesis.text.triples import phrases

LONGEST = 1200  # characters of a note
SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


def noted() -> Rule:
    """The rule."""

    def answer(parts: Mapping[str, Any]) -> str:
        out = text_of(parts, "old")
        asked = set(content(text_of(parts, "query")))
        left = [each.strip() for text in parts.get("texts") or () for each in SENTENCE.findall(text) if each.strip()]
        while left and len(out) < LONGEST:
            have, things = set(terms(out)), set(phrases(out))
            worth = []
            for sentence in left:
                said = set(terms(sentence))
                follows = bool(things & set(phrases(sentence))) and bool(said - have)
                worth.append(len(asked & said - have) + (1 if follows else 0))
            best = max(range(len(left)), key=worth.__getitem__)
            if worth[best] <= 0:
                break
            out = f"{out} {left.pop(best)}".strip()
        return out or NONE

    return answer
