"""Who does what, sentence by sentence: subject, verb and the rest.

Source: mnesis, 2026.
Needs: nothing
Cost: one pass over the text
Differs: nothing.

A short plain sentence is read as English mostly is: a subject ("I", a name, "my brother"), its verb with what belongs
to it ("moved to", "is"), an object up to the next comma or clause. In place of "I" stands the speaker. Sentences of
another build give nothing.

>>> triples()({"text": "I moved to Lisbon, and it rained.", "speaker": "Ana"})
[{'subject': 'Ana', 'relation': 'moved to', 'object': 'Lisbon'}]
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import statements, text_of

MOST = 16
LONGEST = 300  # characters of a sentence
ADVERBS = r"(?:(?:also|just|recently|finally|really|always|never|often|usually|now|still|already|actually) )*"
HELPERS = (
    r"(?:(?:have|has|had|['’]ve|['’]s|['’]d|['’]m|['’]re|am|is|are|was|were|will|['’]ll|can|could|would|should|might"
    r"|do|does|did|don['’]t|doesn['’]t|didn['’]t|not|been|being|going to|used to) )*"
)
NO_VERB = r"(?!(?:an?|the|my|our|his|her|their|one|two|three|four|five|six|some|many|no)\b)"
KIND = r"(?:(?:older|younger|elder|big|little|best|new|old|favou?rite|first|last|good) )"
SIMPLE = re.compile(
    r"^(?:(?:and|but|so|well|then|oh|yes|actually|also|yesterday|today|recently|now|last \w+|this \w+),? )*"
    rf"(?P<subject>[Ii](?=\b)|[Ww]e\b|(?:[Mm]y|[Oo]ur) {KIND}?\w+|(?:[A-Z][\w-]+ ?){{1,3}})(?: |(?=['’]))"
    rf"{ADVERBS}(?P<verb>{HELPERS}{ADVERBS}{NO_VERB}[a-z]+(?:['’]t)?"
    r"(?: (?:to|in|at|for|with|from|on|of|about|into|as|up|out|by)\b)?)"
    r" (?P<object>[^,;:.!?]+)",
)
CLAUSE = re.compile(
    r"\s+(?:and|but|because|so|when|while|which|who|that|since|if|after|before|though|although)\b.*$", re.I
)
SHORT = {"'m": "am", "'re": "are", "'ve": "have", "'ll": "will", "'s": "is", "'d": "would"}


def triples() -> Rule:
    """The rule."""

    def answer(parts: Mapping[str, Any]) -> list[dict[str, str]]:
        speaker = text_of(parts, "speaker")
        found = (_triple(each, speaker) for each in statements(text_of(parts)) if len(each) <= LONGEST)
        return [each for each in found if each][:MOST]

    return answer


def _triple(sentence: str, speaker: str) -> dict[str, str]:
    match = SIMPLE.match(sentence)
    if match is None:
        return {}
    subject, object_ = match["subject"].strip(), CLAUSE.sub("", match["object"]).strip()
    verb = " ".join(match["verb"].replace("’", "'").split())
    for short, long in SHORT.items():
        verb = f"{long}{verb.removeprefix(short)}" if verb.startswith(short) else verb
    low = subject.lower()
    if low == "i":
        subject = speaker or subject
    elif low.startswith("my ") and speaker:
        subject = f"{speaker}'s {subject[3:]}"
    return {"subject": subject, "relation": verb, "object": object_} if object_ else {}
