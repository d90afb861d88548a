"""How an old statement and a new one go together: PASS, REPLACE, APPEND or DELETE.

Source: Sanghwan Bae, Donghyun Kwak, Soyoung Kang, Min Young Lee, Sungdong Kim, Yuin Jeong, Hyeri Kim, Sang-Woo Lee,
    Woomyoung Park, Nako Sung, Keep Me Updated! Memory Management in Long-term Conversations, 2022. arXiv 2210.08750
Needs: nothing
Cost: a few patterns
Differs: rules take the place of the trained classifier.

The new one says nothing that the old does not: PASS. It makes the old untrue and puts something in its place:
REPLACE; it only ends it ("no longer", "recovered from"): DELETE. It says all the old says and more: REPLACE. Else both
hold: APPEND.

>>> rule = update()
>>> rule({"old": "I live in Porto.", "new": "I moved to Lisbon."}), rule({"old": "I own a cat.", "new": "I like tea."})
('REPLACE', 'APPEND')
>>> rule({"old": "I have a cold.", "new": "I no longer have a cold."})
'DELETE'
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import share, text_of
from mnesis.models.rules.conflict import conflict
from mnesis.store.terms import terms
from mnesis.text.alike import normal, values

ENDS = re.compile(
    r"\bno longer\b|\b(?:any ?more|any longer)\b|\b(?:recovered|healed) from\b|\b(?:got over|gave up|got rid of|quit"
    r"|stopped|finished|cured|(?:am|are|is|['’]m|['’]re|['’]s|got) over|(?:have|has|['’]ve|['’]s) (?:left|sold|dropped)"
    r"|cancelled|called off)\b",
    re.I,
)
# Said beside a statement, and nothing stated by it.
BESIDE = re.compile(
    r"\b(?:as|like) (?:i|we) (?:said|told you|mentioned)\b|\b(?:you )?(?:remember|know)\b(?=[.!?,]|$)|\bby the way\b"
    r"|\b(?:once )?again\b|\bstill\b|\bin case you forgot\b|\breminder\b:?",
    re.I,
)
OVER = 0.6  # of the terms of what is ended


def update() -> Rule:
    """The rule."""
    conflicts = conflict()

    def answer(parts: Mapping[str, Any]) -> str:
        old, new = text_of(parts, "old"), BESIDE.sub(" ", text_of(parts, "new"))
        mine, theirs = set(terms(new)), set(terms(old))
        if normal(old) == normal(new):
            return "PASS"
        if conflicts({"old": old, "new": new}):
            return "DELETE" if ENDS.search(new) else "REPLACE"
        ended = terms(ENDS.sub(" ", new))
        if ENDS.search(new) and not ENDS.search(old) and len(theirs) <= 8 and share(ended, theirs) >= OVER:
            return "DELETE"
        if theirs and mine and set(values(new)) <= set(values(old)) and mine <= theirs:
            return "PASS"
        return "REPLACE" if theirs and theirs <= mine and set(values(old)) <= set(values(new)) else "APPEND"

    return answer
