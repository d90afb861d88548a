"""Small signs of what kind of utterance a text is, read once when it is indexed.

asking    which share of it stands in questions
timed     whether it speaks of a time ("last week", "since 2019", "just started")
detailed  whether it names something: a name inside a sentence, or words in quotes; less where it only calls somebody
          who speaks here by name ("Thanks, Ana!")
opening   which terms it begins with: a title, or what a text without one is about
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set

import numpy as np
from numpy.typing import NDArray

OPENING = 4  # terms
BITS = 16  # kept of the code of each
CALLED = 0.7  # what a name of somebody here is worth
SHORT = 3  # letters a name may be shortened to
SENTENCE = re.compile(r"[^.!?。！？؟\n]*[.!?。！？؟\n]+|[^.!?。！？؟\n]+$")
TIMED = re.compile(
    r"\b(?:yesterday|today|tonight|tomorrow|ago|recently|lately|since|weekend|birthday|anniversary|the other day"
    r"|(?:last|next|this|past) (?:night|week|weekend|month|year|morning|spring|summer|autumn|fall|winter|\w+day)"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|jan(?:uary)?|feb(?:ruary)?|april|june|july|aug(?:ust)?"
    r"|sep(?:tember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|(?:19|20)\d\d"
    r"|just (?:began|bought|came|finished|got|had|joined|made|moved|started|took|went)"
    r"|(?:a|few|couple of|two|three|four|five|six|\d+) (?:days?|weeks?|months?|years?))\b",
    re.IGNORECASE,
)
# One of these stands in every ASCII text in which `TIMED` finds something: far quicker to look for.
TRACES = """day tomorrow tonight ago recently lately since week anniversary night month year morning spring summer
autumn fall winter jan feb april june july aug sep oct nov dec 19 20 just""".split()
NAMED = re.compile(r" (?<=[a-z0-9,;:)] )([A-Z][a-z]{2,})")  # the space goes first: it is quick to find
QUOTES = '"“”«»'


def asking(text: str) -> float:
    """Which share of a text stands in questions.

    >>> asking("I see. Where was it?") > 0.5
    True
    """
    if "?" not in text and "？" not in text and "؟" not in text:
        return 0.0
    asked = sum(len(each) for each in SENTENCE.findall(text) if each.rstrip()[-1:] in "?？؟")
    return asked / max(1, len(text))


def timed(text: str) -> bool:
    """Whether a text speaks of a time.

    >>> timed("We went there two weeks ago."), timed("We went there.")
    (True, False)
    """
    if text.isascii():
        low = text.lower()
        for trace in TRACES:
            if trace in low:
                return TIMED.search(text) is not None
        return False
    return TIMED.search(text) is not None


def detailed(text: str, called: Set[str] = frozenset()) -> float:
    """How far a text names something; `called` is what the people who speak here go by.

    >>> detailed("We saw it in Lisbon."), detailed("Lovely to see it.")
    (1.0, 0.0)
    >>> detailed("Thanks, Mel!", calling("Melanie"))
    0.7
    """
    names = 0.0
    for word in NAMED.findall(text):
        if word.casefold() not in called:
            return 1.0
        names = CALLED
    return 1.0 if any(quote in text for quote in QUOTES) else names


def calling(name: str) -> set[str]:
    """What somebody of this name is called: each word of it, and what that is shortened to.

    >>> sorted(calling("Jonah Ek"))
    ['ek', 'jon', 'jona', 'jonah']
    """
    words = name.casefold().split()
    return {*words, *(word[:size] for word in words for size in range(SHORT, len(word)))}


def opening(codes: Iterable[int]) -> int:
    """The codes of a text's terms, in order -> what `opens` needs to know of the first of them, in one number."""
    first: list[int] = []
    packed = 0
    for code in codes:
        if code not in first:
            packed |= (code & (1 << BITS) - 1) << len(first) * BITS
            first.append(code)
            if len(first) == OPENING:
                break
    return packed


def opens(packed: NDArray[np.uint64], codes: Sequence[int]) -> NDArray[np.bool_]:
    """bool [N, T]: which texts begin with which terms (one of 65,536 others is taken for it).

    >>> opens(np.array([opening([7, 9]), opening([8])], np.uint64), [9, 8]).tolist()
    [[True, False], [False, True]]
    """
    wanted = np.array([code & (1 << BITS) - 1 for code in codes], np.uint16)
    first = np.ascontiguousarray(packed).view(np.uint16).reshape(-1, OPENING)
    found = np.zeros((len(packed), len(codes)), bool)
    for at in range(OPENING):
        found |= first[:, at, None] == wanted
    return found
