"""Two statements of the same subject as one sentence.

Source: mnesis, 2026.
Needs: nothing
Cost: one comparison word by word
Differs: nothing.

Two sentences that differ only in their end are told as one ("Ana plays the cello" and "Ana plays the harp": "Ana plays
the cello and the harp"). They have to share two words at the beginning and say nothing of a person or a denial after
that; else the answer is empty, and both stay as they are.

>>> merged()({"old": "Ana plays the cello.", "new": "Ana plays the harp."})
'Ana plays the cello and the harp.'
>>> merged()({"old": "Ana plays the cello.", "new": "Tom sings."})
''
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import text_of

SHARED = 2  # words at the beginning
LONGEST = 6  # words of an end, and one more for each of those it grew from
WHOLE = re.compile(r"[.!?;:,]|\b(?:and|or|but|not|never|because|if|when|that|which|who|\w+n['’]t)\b", re.I)
SMALL = frozenset("a an the my our his her their in on at to of for with".split())


def merged() -> Rule:
    """The rule."""

    def answer(parts: Mapping[str, Any]) -> str:
        one, other = (text_of(parts, name).strip().rstrip(".!").split() for name in ("old", "new"))
        same = 0
        while same < min(len(one), len(other)) and one[same].casefold() == other[same].casefold():
            same += 1
        while same and one[same - 1].casefold() in SMALL:  # "the" belongs to what follows
            same -= 1
        ends = " ".join(one[same:]), " ".join(other[same:])
        if same < SHARED or not all(ends) or max(len(each.split()) for each in ends) > LONGEST:
            return ""
        if any(WHOLE.search(each) for each in ends):
            return ""
        return f"{' '.join(one[:same])} {ends[0]} and {ends[1]}."

    return answer
