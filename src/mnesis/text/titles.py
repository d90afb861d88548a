"""What a passage is about, by its title, and where a text names what others are about.

A title is what the event says it is, the last heading it stands under, or the name a text opens with ("Ida Brandt was
an engineer …"). Its key is its words, folded, without what stands in brackets: "Vela (ship)" and "Vela's" meet at
``entity:vela``. `spans` gives all runs of words in a text that could be a title: in prose those that begin and end with
a capital or a digit, in questions, which are often typed small, all of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeAlias

from mnesis.store.terms import STOP, fold
from mnesis.words import MemCube

NODE = "entity:"
LONGEST = 8  # words of a title
Span: TypeAlias = tuple[int, int]
BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*")
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
# A text that opens by saying what something is: a name of a few words, then what it is, in brackets or after a comma.
OPENING = re.compile(
    r"\s*[\"“]?((?:[^\W\d_a-zß-öø-ÿ][\w.'’-]*|\d+)(?: (?:of|the|de|von|van|and|&|[A-Z0-9À-Þ][\w.'’-]*)){0,6})[\"”]?"
    r"(?:,| \(| (?:is|was|are|were)\b)"
)
HEAD = 160  # characters in which a text may open with a name


def title(cube: MemCube) -> str:
    """The title of a cube, '' where it has none.

    >>> title(MemCube("a", "Ida Brandt was an engineer."))
    'Ida Brandt'
    """
    given = cube.meta.get("title", "")
    if isinstance(given, str) and given.strip():
        return given.strip()
    headings = cube.meta.get("headings") or ()
    if isinstance(headings, list | tuple) and headings and isinstance(headings[-1], str):
        return headings[-1].strip()
    if cube.session or cube.speaker:  # what is said in a conversation opens with anything
        return ""
    opening = OPENING.match(cube.text[:HEAD])
    name = opening[1] if opening else ""
    return name if any(word not in STOP for word in words(name)) else ""


def key(text: str) -> str:
    """The node of a title, '' where it has no words.

    >>> key("The Vela (ship)"), key("¿?")
    ('entity:the vela', '')
    """
    found = words(BRACKETS.sub(" ", text)) or words(text)
    return NODE + " ".join(found) if found and len(found) <= LONGEST else ""


def words(text: str) -> list[str]:
    """The words of a text, folded, without possessives."""
    return [_plain(each) for each in WORD.findall(text)]


def spans(text: str, prose: bool = True) -> Mapping[str, Span]:
    """The nodes of all titles that could stand in a text, and where each stands first.

    >>> spans("by Ida Brandt")
    {'entity:ida': (3, 6), 'entity:ida brandt': (3, 13), 'entity:brandt': (7, 13)}
    """
    found = list(WORD.finditer(text))
    plain = [_plain(match[0]) for match in found]
    edge = [not prose or _capital(match[0]) for match in found]
    out: dict[str, Span] = {}
    for at, match in enumerate(found):
        if not edge[at]:
            continue
        node, start = NODE, match.start()
        for stop in range(at, min(len(plain), at + LONGEST)):
            node = f"{node} {plain[stop]}" if stop > at else node + plain[stop]
            if edge[stop] and (stop > at or not (plain[at] in STOP or len(plain[at]) < 2 or plain[at].isdigit())):
                out.setdefault(node, (start, found[stop].end()))
    return out


def longest(places: Mapping[str, Span]) -> dict[str, Span]:
    """Those of several nodes that stand inside no longer one, in the order of their places."""
    taken: list[Span] = []
    for begin, end in sorted(places.values(), key=lambda each: (each[0] - each[1], each[0])):
        if all(end <= start or stop <= begin for start, stop in taken):
            taken.append((begin, end))
    kept = set(taken)
    return {node: place for node, place in sorted(places.items(), key=lambda each: each[1]) if place in kept}


def _capital(word: str) -> bool:
    first = word[0]
    return first.isupper() or first.isdigit() or not first.isascii()


@lru_cache(maxsize=65_536)
def _plain(word: str) -> str:
    low = word.replace("’", "'")
    low = low.lower() if low.isascii() else fold(low)
    return low.removesuffix("'s")
