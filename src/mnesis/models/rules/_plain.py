"""What rules share: sentences, those that state something, and the words of a text that carry content."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from mnesis.store.terms import STOP, terms
from mnesis.text.parse._cut import spans
from mnesis.words import moment

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# Said to one another, and nothing stated by it.
CHAT = re.compile(
    r"^(?:hi|hey|hello|bye|goodbye|thanks|thank you|wow|oh|haha|lol|sure|ok|okay|yes|no|yeah|great|cool|nice|awesome"
    r"|amazing|congrats|congratulations|good (?:morning|evening|night|luck)|sounds (?:good|great)|see you|take care"
    r"|of course|absolutely|exactly|definitely|you're welcome|no problem|how are you|well done)\b"
    r"[\w ,'’!]{0,30}[.!…]*$",
    re.I,
)
# What somebody is or has needs only one telling word: "I am vegan", "I have a cold"; a passing feeling is no fact.
OWN = re.compile(
    r"^(?:i|we)(?:['’](?:m|ve got|re)| am| are| have| own| no longer have| am no longer)\b(?! to\b| been\b)"
    r"(?! (?:so |very |really |just |not |also |still )*(?:glad|happy|sorry|sure|fine|good|ok|okay|excited|proud|afraid"
    r"|tired|here|there|back|ready|curious|grateful|thankful|impressed|thrilled|jealous|in|on|with|going|looking)\b)",
    re.I,
)
LIGHT = frozenset(
    """like get got go going went come came make made take took thing things really lot bit today day time good great
    nice well much many one two know think thought say said tell told want yes yeah oh ok okay wow hey hi hello thanks
    thank sure see look even still always never maybe also us""".split()
)


def sentences(text: str) -> list[str]:
    """The sentences of a text, each on one line."""
    return [" ".join(text[begin:end].split()) for begin, end in spans(text)]


def statements(text: str) -> list[str]:
    """The sentences that state something: no questions, no greetings, no bare fillers.

    >>> statements("Hi Ana! I moved to Lisbon. How are you? Thanks a lot!")
    ['I moved to Lisbon.']
    """
    return [each for each in sentences(text) if _states(each)]


def _states(sentence: str) -> bool:
    asks = sentence.rstrip("\"'”’)").endswith(("?", "？", "؟"))
    if asks or CHAT.match(sentence) is not None:
        return False
    least = 1 if OWN.match(sentence) is not None else 2
    return len(content(sentence)) + bool(re.search(r"\d", sentence)) >= least


def content(text: str) -> list[str]:
    """The terms of a text that carry content, stemmed, in order."""
    return [term for term in terms(text) if term not in LIGHT]


def share(one: Iterable[str], other: Iterable[str]) -> float:
    """How much of the smaller of two sets of terms is in the other, 0 to 1."""
    a, b = set(one), set(other)
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def keywords(text: str, most: int = 8) -> list[str]:
    """The words of a text that tell most, as they are written: names first, then what is said often, then as told.

    >>> keywords("The garden in Porto is small. Roses grow in the garden.", 3)
    ['Porto', 'garden', 'small']
    """
    words = [word for word in WORD.findall(text) if _telling(word)]
    stems = [" ".join(terms(word)) for word in words]
    often = Counter(stems)
    opening = {sentence.split()[0].strip("\"'“‘(") for sentence in sentences(text) if sentence.split()}
    first: dict[str, tuple[bool, int, str]] = {}
    for at, (word, stem) in enumerate(zip(words, stems, strict=True)):
        name = word[:1].isupper() and word not in opening
        if stem not in first or (name and not first[stem][0]):
            first[stem] = (name, first[stem][1] if stem in first else at, word)
    ranked = sorted(first, key=lambda stem: (not first[stem][0], -often[stem], first[stem][1]))
    return [first[stem][2] for stem in ranked[:most]]


def _telling(word: str) -> bool:
    low = word.lower().replace("’", "'")
    return low.split("'")[0] not in STOP and low not in LIGHT and bool(content(word)) and len(low) > 1


def said_on(parts: Mapping[str, Any]) -> datetime | None:
    """The day the material was said on."""
    return moment(str(parts.get("date") or ""))


def text_of(parts: Mapping[str, Any], name: str = "text") -> str:
    """One text of the material."""
    return str(parts.get(name) or "")


FIELDS: Mapping[str, frozenset[str]] = {
    name: frozenset(term for word in words.split() for term in terms(word))
    for name, words in {
        "family": """family mother father mom mum dad brother sister son daughter wife husband parents child children
            baby grandmother grandfather cousin aunt uncle wedding married""",
        "friends": "friend friends party neighbour neighbor buddy date dating relationship roommate guests",
        "work": """work job office boss colleague meeting project career company salary interview client deadline
            business startup promotion manager""",
        "learning": "study school university class course exam teacher student degree lecture homework college learn",
        "health": """doctor hospital sick ill illness pain medicine diet sleep therapy stress injury allergy dentist
            surgery nurse headache cold flu mental""",
        "sport": """run running gym yoga football soccer basketball tennis swim swimming bike cycling hike hiking race
            marathon team training climbing workout""",
        "food": """food eat dinner lunch breakfast restaurant cook cooking recipe cake coffee tea pizza bread vegan
            soup cheese wine bake meal""",
        "travel": """travel trip flight hotel airport beach vacation holiday tour passport visit train luggage abroad
            camping museum city""",
        "home": "house apartment flat kitchen garden room furniture rent move moved roof landlord clean paint bedroom",
        "animals": "dog cat pet puppy kitten horse bird fish animal rabbit vet",
        "music": "music song guitar piano violin concert band album sing singing album choir dance dancing",
        "art": "art painting draw drawing photo photography film movie book novel write writing poem gallery theatre",
        "technology": "computer phone software code app laptop internet website programming server camera data game",
        "money": "money buy bought price pay paid cost bank budget invest savings loan tax shopping expensive",
        "nature": "weather rain snow sun forest mountain river lake sea tree flower plant hiking sunset park",
    }.items()
}


def fields(text: str) -> list[str]:
    """The fields of life a text speaks of, the one with most words first."""
    held = set(terms(text))
    found = {name: len(held & words) for name, words in FIELDS.items()}
    return sorted((name for name in found if found[name]), key=lambda name: -found[name])
