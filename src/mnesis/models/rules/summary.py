"""The sentences that say most, within so many words, in the order they were said.

Source: Jaime Carbonell, Jade Goldstein, The Use of MMR, Diversity-Based Reranking for Reordering Documents and
    Producing Summaries, 1998. doi 10.1145/290941.291025
Needs: nothing
Cost: the sentences of the texts; quadratic in those that are taken
Differs: a sentence is worth the share of all the content its terms stand for, and no vectors are compared.

A sentence is worth more the more often its terms come up in all the texts, and, with `about`, the more of it they
share; what was said by a sentence taken before counts no more. A single long sentence is cut at a word.

>>> summary()({"texts": ["Ana bought a boat.", "The boat is red.", "Nice weather."], "words": 8})
'Ana bought a boat. The boat is red.'
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import content, sentences, statements, text_of

WORDS = 60
ABOUT = 2.0  # what a term of the question counts beside one of the texts
MOST = 400  # sentences looked at; of more, the last ones


def summary() -> Rule:
    """The rule."""

    def answer(parts: Mapping[str, Any]) -> str | None:
        texts = [str(each) for each in (parts.get("texts") or ())] or [text_of(parts)]
        words = int(parts.get("words") or WORDS)
        said = list(dict.fromkeys(each for text in texts for each in statements(text)))
        said = (said or [each for text in texts for each in sentences(text)])[-MOST:]
        return _chosen(said, words, set(content(text_of(parts, "about")))) or None

    return answer


def _chosen(said: list[str], words: int, about: set[str]) -> str:
    terms = [set(content(each)) for each in said]
    weight = Counter(term for each in terms for term in each)
    total = sum(weight.values()) or 1
    left, fresh, room = set(range(len(said))), set(weight), words
    taken: list[int] = []
    while left:
        worth = {
            n: (sum(weight[term] for term in terms[n] & fresh) / total + ABOUT * len(terms[n] & about & fresh))
            / (4 + len(said[n].split()))
            for n in left
            if len(said[n].split()) <= room
        }
        best = max(worth, key=lambda n: (worth[n], -n), default=None)
        if best is None or (taken and worth[best] == 0):
            break
        taken.append(best)
        left.remove(best)
        fresh -= terms[best]
        room -= len(said[best].split())
    if not taken and said:
        return " ".join(said[0].split()[: max(1, words)])
    return " ".join(said[n] for n in sorted(taken))
