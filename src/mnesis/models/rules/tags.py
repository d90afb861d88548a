"""The tags of an ontology that a text is filed under, by the words it holds.

Source: mnesis, 2026.
Needs: nothing
Cost: one pass over the text
Differs: nothing.

The fields of life known to the rules (`_plain.FIELDS`) are the tags; of those the ontology has, the ones most words
speak of come first.

>>> tags()({"text": "My sister has a new job at a bank.", "ontology": ["family", "work", "food"]})
['family', 'work']
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import fields, text_of

MOST = 3


def tags() -> Rule:
    """The rule."""

    def answer(parts: Mapping[str, Any]) -> list[str]:
        known = [str(each) for each in (parts.get("ontology") or ())]
        return [each for each in fields(text_of(parts)) if each in known][:MOST]

    return answer
