"""Which memories help to answer a question: those that share its rarer words.

Source: Stephen Robertson, Hugo Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009.
    doi 10.1561/1500000019
Needs: nothing
Cost: the words of the memories given
Differs: a term counts once in a memory, and lengths are not levelled; the memories are few and short.

A term weighs more the fewer of the memories hold it. One that shares nothing with the question does not help.

>>> rule = relevant()
>>> rule({"query": "Where is the red boat?", "memories": [{"id": "a", "text": "I like tea."},
...                                                       {"id": "b", "text": "The boat is red."}]})
['b']
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import text_of
from mnesis.store.terms import terms

MOST = 10


def relevant() -> Rule:
    """The rule."""

    def answer(parts: Mapping[str, Any]) -> list[str]:
        asked = set(terms(text_of(parts, "query")))
        held = {str(each["id"]): set(terms(str(each["text"]))) for each in (parts.get("memories") or ())}
        common = Counter(term for each in held.values() for term in each & asked)
        worth = {id: sum(math.log1p(len(held) / common[term]) for term in each & asked) for id, each in held.items()}
        best = sorted((id for id in worth if worth[id] > 0), key=lambda id: -worth[id])
        return best[:MOST]

    return answer
