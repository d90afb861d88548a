"""Small signs of what kind of utterance a text is, read once when it is indexed.

asking    which share of it stands in questions
timed     whether it speaks of a time ("last week", "since 2019", "just started")
detailed  whether it names something: a name inside a sentence, or words in quotes
"""

from __future__ import annotations

import re

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
NAMED = re.compile(r" (?<=[a-z0-9,;:)] )[A-Z][a-z]{2}")  # the space goes first: it is quick to find
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


def detailed(text: str) -> bool:
    """Whether a text names something.

    >>> detailed("We saw it in Lisbon."), detailed("Lovely to see it.")
    (True, False)
    """
    return NAMED.search(text) is not None or any(quote in text for quote in QUOTES)
