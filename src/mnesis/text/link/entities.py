"""Link memories to the people, places and things they name, and to who said them.

Source: mnesis, 2026.
Needs: nothing
Cost: one scan of the text; one link a name
Differs: nothing.

A name is a run of capitalised words ("New York", "University of Lisbon"). The first word of a sentence is capitalised
anyway, so alone it counts only when it is a known speaker, stands capitalised elsewhere in the text, or owns
something ("Lisbon's"); before such a name it is left away ("Surely Ana"). Days, months and date expressions are no
names. Names meet at nodes such as ``entity:new york``; the links are called ``mentions``, and ``said_by`` for the
speaker. Scripts without capitals yield only speakers.

>>> from mnesis.words import MemCube
>>> class Empty:
...     def speakers(self): return ()
>>> cube = MemCube("a", "Yesterday Tom and I flew to New York.", speaker="Ana")
>>> [(each.kind, each.tail) for each in entities()([cube], Empty())]
[('said_by', 'entity:ana'), ('mentions', 'entity:tom'), ('mentions', 'entity:new york')]
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from mnesis.store import View
from mnesis.text.link import Linker
from mnesis.text.when import mentions
from mnesis.words import Link, MemCube

MADE_BY = "text.link.entities"

_WORD = re.compile(r"[^\W_]+(?:[-'’&.][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_BETWEEN = frozenset(["of", "de", "da", "do", "dos", "del", "di", "van", "von", "der", "den", "la", "le", "bin", "al"])
_GAP = re.compile(r"[ \t]*(?:&[ \t]*)?")
_SENTENCE = re.compile(r"(?:^|[.!?…:\n。！？\"“(\[*-])[\s\"'“‘(\[*-]*$")
# Capitalised for other reasons than being a name: at the head of sentences, in exclamations, in titles of time.
_CAPITALISED = """
    i a an the this that these those it its he she we they you my your his her our their me us and or but so if when
    where what who whom whose why how which while because since until although though as at by for from in into of
    off on onto out over to up with without about after before between during under through yes no not never ok okay
    hi hey hello thanks thank wow oh ah yeah yep yup nope cool great nice awesome amazing sure well good sounds
    congrats congratulations please sorry bye haha lol omg btw also then there here now today yesterday tomorrow
    tonight last next once maybe perhaps just still even only some any all both each every many much more most one
    two three first second is are was were am be been do does did have has had can could will would should shall may
    might must let let's don't got get make take look see know think remember love like happy glad guess hope later
    recently finally actually really absolutely definitely totally exactly tv monday tuesday wednesday thursday
    friday saturday sunday january february march july september october november december mr mrs ms dr pm q re ps
    diy asap fyi another other such too very quite same mon tue tues wed thu thur thurs fri sat jan feb mar apr jun
    jul aug sept oct nov dec woah woohoo aww yay ugh hmm
"""
_NO_NAMES = frozenset(_CAPITALISED.split())


def entities() -> Linker:
    """A linker to named people, places and things."""

    def link(cubes: Sequence[MemCube], view: View) -> list[Link]:
        known = frozenset(_normal(name) for name in (*view.speakers(), *(cube.speaker for cube in cubes)) if name)
        return list(dict.fromkeys(each for cube in cubes for each in _links(cube, known)))

    return link


def _links(cube: MemCube, known: frozenset[str]) -> Iterator[Link]:
    if _normal(cube.speaker):
        yield Link(cube.id, f"entity:{_normal(cube.speaker)}", "said_by", 1.0, cube.namespace, made_by=MADE_BY)
    for name in dict.fromkeys(map(_normal, _spelled(cube.text, known, cube.valid_from))):
        yield Link(cube.id, f"entity:{name}", "mentions", 1.0, cube.namespace, made_by=MADE_BY)


def _normal(name: str) -> str:
    """One spelling for a name: compatible letters, small, single spaces, no possessive.

    >>> _normal("  New   York's ")
    'new york'
    """
    plain = " ".join(unicodedata.normalize("NFKC", name).split()).casefold()
    return _POSSESSIVE.sub("", plain).strip()


def named(text: str, known: Iterable[str] = (), at: datetime | None = None) -> list[str]:
    """The names in a text as they are spelled there, in order, each once; `known` are names that count anywhere.

    >>> named("Surely Ana flew to New York. New York is big.", ["ana"])
    ['Ana', 'New York']
    """
    sure = frozenset(_normal(each) for each in known)
    return list(dict.fromkeys(_POSSESSIVE.sub("", each) for each in _spelled(text, sure, at)))


def _spelled(text: str, known: frozenset[str], at: datetime | None) -> Iterator[str]:
    """The names in a text, in order, as they stand there; `known` ones as `_normal` spells them."""
    dated = [each.span for each in mentions(text, at)]
    runs = list(_runs(text, dated))
    sure = {_normal(" ".join(run)) for run, first in runs if not (first and len(run) == 1)}
    for run, first in runs:
        spelled, rest = " ".join(run), " ".join(run[1:])
        name = _normal(spelled)
        if first and (_normal(rest) in known or _normal(rest) in sure):  # "Surely Joanna …"
            spelled, name = rest, _normal(rest)
        alone = first and len(run) == 1
        if name and (not alone or name in known or name in sure or run[0].endswith(("'s", "’s"))):
            yield spelled


def _runs(text: str, dated: list[tuple[int, int]]) -> Iterator[tuple[list[str], bool]]:
    """Runs of capitalised words that are no dates, and whether each begins a sentence."""
    run: list[str] = []
    bridge: list[str] = []  # "of" and the like, kept only when a capital follows
    first, end = False, 0
    for match in _WORD.finditer(text):
        word, begin = match[0], match.start()
        joined = bool(run) and _GAP.fullmatch(text, end, begin) is not None
        if joined and word in _BETWEEN:
            bridge.append(word)
            end = match.end()
            continue
        capital = word[0].isupper() and _nameable(word) and not any(a < match.end() and begin < b for a, b in dated)
        if run and not (joined and capital):
            yield run, first
            run = []
        if capital:
            if not run:
                first = _SENTENCE.search(text, max(0, begin - 12), begin) is not None if begin else True
            else:
                run.extend(bridge)
            run.append(word)
            if word.endswith(("'s", "’s")):  # "Ana's Toyota" names two
                yield run, first
                run = []
        bridge = []
        end = match.end()
    if run:
        yield run, first


def _nameable(word: str) -> bool:
    low = word.casefold().replace("’", "'")
    return low not in _NO_NAMES and low.split("'")[0] not in _NO_NAMES and len(low) > 1
