"""What a question is made of: the words that carry it, the words that frame it, and what kind of answer it wants."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

from mnesis.store import View
from mnesis.store.terms import terms
from mnesis.text.names import without
from mnesis.words import Floats

FRAME = frozenset(
    terms(
        """according answer conversation describe discuss discussed happen kind likely list long many mention mentioned
        much name often said say sort talk talked tell thing things told type way"""
    )
)
FRAME_WEIGHT = 0.3  # a word that frames the question counts this much of one that carries it
REQUESTS = (  # asking as such, about nothing
    "Could you suggest something for me?",
    "What would you advise me to do?",
    "I would like some ideas, please.",
    "Can you give me a few recommendations?",
    "Which ones should I choose?",
    "Please help me to find something good.",
    "What are some options I could try?",
    "Do you have any tips for me?",
)
WHEN = re.compile(
    r"^\W*(?:when|how long|since when)\b|\b(?:what|which) (?:date|day|month|year|time)\b"
    r"|\bhow (?:many|much) (?:days|weeks|months|years|time)\b|\bwhen (?:did|was|were|is|does|do|will|has|have)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=256)
def content(text: str, names: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The distinct terms of a question, without the names of the people it is about (they are matched apart).

    >>> content("What kind of boat did Tom buy?", frozenset({"Tom"}))
    ('kind', 'boat', 'buy')
    """
    found = tuple(dict.fromkeys(terms(without(text, names))))
    return found or tuple(dict.fromkeys(terms(text)))


def of_view(text: str, view: View) -> tuple[str, ...]:
    """The distinct terms of a question asked of this view."""
    return content(text, frozenset(view.speakers()))


def weights(asked: tuple[str, ...], idf: Floats) -> Floats:
    """How much each term of a question counts: its idf, less where it only frames the question."""
    frame = np.array([FRAME_WEIGHT if each in FRAME else 1.0 for each in asked], np.float32)
    return (idf * frame).astype(np.float32)


def wants_time(text: str) -> bool:
    """Whether a question asks when something was, or for how long.

    >>> wants_time("When did Ana move?"), wants_time("Where does Ana live?")
    (True, False)
    """
    return WHEN.search(text) is not None


def unasking(vectors: Floats) -> Floats:
    """The direction [D] in which `REQUESTS`, embedded as `vectors` [N, D], all lie: asking for advice as such."""
    mean = vectors.mean(axis=0)
    unit: Floats = (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(np.float32)
    return unit


def bare(vector: Floats, asking: Floats, share: float) -> Floats:
    """A question's vector with `share` of what only asks for advice taken out; the matter asked about is left.

    "Can you recommend a hotel?" lies near every other request and far from "I cannot stand noise"; without the part
    that all requests have in common it lies nearer to what it is about. Questions for facts hardly change.
    """
    return (vector - share * max(0.0, float(vector @ asking)) * asking).astype(np.float32)
