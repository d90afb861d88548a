"""The names in a text: runs of capitalised words that no sentence begins with.

Source: mnesis, 2026.
Needs: nothing
Cost: one scan for names and one for dates
Differs: nothing.

Names are found as `text.link.entities` finds them. A name is a person when it is a known one, is said to say or do
something, or stands after a title or "my friend"; a place after "in", "from" or "to"; an organisation by its last word
(University, Ltd) or after "work at"; else it is other.

>>> entities()({"text": "I met Tom in New York.", "known": ["Tom"]})
[{'name': 'Tom', 'kind': 'person'}, {'name': 'New York', 'kind': 'place'}]
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import said_on, text_of
from mnesis.text.link.entities import named

MOST = 24
ORGANISED = re.compile(
    r"\b(?:University|College|School|Institute|Hospital|Bank|Company|Corporation|Corp|Inc|Ltd|GmbH|Club|Council|Party"
    r"|Museum|Agency|Ministry|Foundation|Association|Society|Library|Studio|Studios|Church|Team|Group)\.?$"
)
EMPLOYED = re.compile(
    r"\b(?:work(?:s|ed|ing)? (?:at|for)|employed by|joined|stud(?:y|ies|ied|ying) at)\s+(?:the )?$", re.I
)
PLACED = re.compile(r"\b(?:in|from|to|near|at|around|across|through|visit(?:ed|ing)?|leaving|left)\s+(?:the )?$", re.I)
PERSONAL = re.compile(
    r"\b(?:(?:my|his|her|our|their) (?:\w+ )?(?:friend|brother|sister|mother|father|mum|mom|dad|son|daughter|wife"
    r"|husband|partner|boss|colleague|neighbou?r|cousin|uncle|aunt|teacher|dog|cat)|mrs?|ms|dr|with|and|named|called"
    r"|met|told|asked|thank(?:s|ed)?)\.?,?\s+$",
    re.I,
)
ACTS = re.compile(
    r"^(?:['’]s\b|,? (?:said|says|told|asked|thinks|thought|loves?|likes?|hates?|wants?|went|came|has|had|bought|moved"
    r"|met|works?|worked|lives?|lived|plays?|played|and I)\b)"
)


def entities() -> Rule:
    """The rule."""

    def answer(parts: Mapping[str, Any]) -> list[dict[str, str]]:
        text = text_of(parts)
        known = [str(each) for each in (parts.get("known") or ())]
        people = [*known, *([str(parts["speaker"])] if parts.get("speaker") else [])]
        out: dict[str, dict[str, str]] = {}
        for name in named(text, people, said_on(parts)):
            spelled = next((each for each in known if each.casefold() == name.casefold()), name)
            out.setdefault(spelled.casefold(), {"name": spelled, "kind": _kind(name, text, people)})
        return list(out.values())[:MOST]

    return answer


def _kind(name: str, text: str, people: list[str]) -> str:
    if name.casefold() in {each.casefold() for each in people}:
        return "person"
    if ORGANISED.search(name):
        return "organisation"
    at = text.find(name)
    before, after = text[max(0, at - 40) : at], text[at + len(name) : at + len(name) + 20]
    if EMPLOYED.search(before):
        return "organisation"
    if PERSONAL.search(before) or ACTS.match(after):
        return "person"
    return "place" if PLACED.search(before) else "other"
