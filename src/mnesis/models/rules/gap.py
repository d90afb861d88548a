"""What no text tells about: loose ends of relations, words not covered.

Source: mnesis, 2026.
Needs: nothing
Cost: one scan of the texts
Differs: nothing.

A relation that has to do with the question and ends in something of which no text says more names what is missing.
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
from mnesis.text.triples import Triple, triples

SPOKEN = re.compile(r"^([^:\n]{1,40}): (.*)$", re.S)


def gap() -> Rule:
    """The rule."""

    def answer(parts: Mapping[str, Any]) -> str:
        question, texts = text_of(parts, "query"), [str(each) for each in parts.get("texts") or ()]
        facts = [each for text in texts for each in _told(text)]
        about, asked = {each.subject for each in facts}, set(terms(question))
        loose = [each.object for each in facts if each.object not in about and asked & set(terms(" ".join(each)))]
        said = {term for text in texts for term in terms(text)}
        missing = [term for term in content(question) if term not in said]
        return " ".join([*missing, *dict.fromkeys(loose)][:12]) or NONE

    return answer


def _told(text: str) -> list[Triple]:
    """The relations of a text; one that begins with a name and a colon was said by them."""
    match = SPOKEN.match(text)
    return triples(match[2], match[1]) if match else triples(text)
