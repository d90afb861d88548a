"""Keywords, tags and the context of a text, for a card index.

Source: mnesis, 2026.
Needs: nothing
Cost: a few passes over the text
Differs: nothing.

The keywords are its telling words (names first), the tags the fields its words belong to and the type of memory it
is, the context its best sentence.

>>> card = note()({"text": "We had dinner at the new restaurant in Porto. Nice."})
>>> card["keywords"][:2], card["tags"]
(['Porto', 'dinner'], ['food', 'episodic'])
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import fields, keywords, text_of
from mnesis.models.rules.memory_type import memory_type
from mnesis.models.rules.summary import summary

WORDS = 30  # of the context


def note() -> Rule:
    """The rule."""
    typed, summed = memory_type(), summary()

    def answer(parts: Mapping[str, Any]) -> dict[str, Any]:
        text = text_of(parts)
        context = summed({"texts": [text], "words": WORDS}) or ""
        return {"keywords": keywords(text), "tags": [*fields(text)[:4], typed({"text": text})], "context": context}

    return answer
