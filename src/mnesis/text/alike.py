"""When two texts say the same: a form without case and punctuation, the values they name, the terms they share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnesis.store import View
from mnesis.store.terms import STOP, fold
from mnesis.words import Floats, MemCube, replace

# A point, comma, colon or dash before a digit belongs to the number: 3.5 is not 35 and -5 is not 5.
MARKS = re.compile(r"[.,:;\-–—](?!\d)|[!\"'’‘“”„«»()\[\]{}*_…¡¿。、，！；：・「」『』]")
APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
TOKEN = re.compile(r"[-+]?\d+(?:[.,:/]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
NEGATIONS = frozenset(
    "no not never none nobody nothing nowhere neither nor without cannot hardly stopped quit former formerly".split()
)
NUMBERS = frozenset(
    """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million first second third
    once twice""".split()
)


def normal(text: str) -> str:
    """A text up to case, diacritics, white space and punctuation; a question stays one.

    >>> normal("Well -- I live in  PORTO!") == normal("well, I live in Porto")
    True
    >>> normal("It is -5 degrees.") == normal("It is 5 degrees.")
    False
    """
    plain = MARKS.sub(" ", fold(APOSTROPHE.sub("", text)))
    return " ".join(plain.split()) or " ".join(text.split())


def values(text: str) -> tuple[str, ...]:
    """What a text would be wrong about if it were changed: its numbers, names and negations, in order.

    >>> values("Tom didn't pay the 30 euros Ana lent him")
    ('Tom', 'not', '30', 'Ana')
    """
    out = []
    for token in TOKEN.findall(text):
        low = token.lower().replace("’", "'")
        if low.endswith("n't") or low in NEGATIONS:
            out.append("not")
        elif low[0].isdigit() or low[0] in "+-" or low in NUMBERS:
            out.append(low)
        elif token != token.lower() and low.split("'")[0] not in STOP:
            out.append(token.removesuffix("'s").removesuffix("’s"))
    return tuple(out)


def tells(terms: Sequence[object]) -> bool:
    """Whether a text of these terms says something by itself: "Yes, I did." means something else each time."""
    return len(set(terms)) > 1


def shared(terms: Sequence[NDArray[Any]]) -> tuple[Floats, Floats]:
    """How many terms each pair of sets has in common, float32 [N, N], and the size of each set [N]."""
    size = np.array([len(each) for each in terms], np.float32)
    if not size.sum():
        return np.zeros((len(terms), len(terms)), np.float32), size
    vocabulary, at = np.unique(np.concatenate(list(terms)), return_inverse=True)
    held = np.zeros((len(terms), len(vocabulary)), np.float32)
    held[np.repeat(np.arange(len(terms)), size.astype(np.int64)), at] = 1
    return held @ held.T, size


def jaccard(terms: Sequence[NDArray[Any]]) -> Floats:
    """Terms in common over terms in either, float32 [N, N]; 0 between sets without terms.

    >>> jaccard([np.array([1, 2, 3]), np.array([2, 3, 4])])[0, 1].item()
    0.5
    """
    common, size = shared(terms)
    either = size[:, None] + size[None, :] - common
    return np.where(either > 0, common / np.maximum(either, 1), 0).astype(np.float32)


def unseen(cubes: Sequence[MemCube], view: View) -> list[MemCube]:
    """The cubes whose ids the view has never held, neither standing nor retired; each id once."""
    once = list({cube.id: cube for cube in reversed(cubes)}.values())[::-1]
    rows = view.rows([cube.id for cube in once]).tolist()
    return [cube for cube, row in zip(once, rows, strict=True) if row < 0 and not view.history(cube.id)]


def joined(standing: MemCube, *others: MemCube) -> MemCube:
    """The standing cube as witnessed by others too: their sources, events and parents added to its own.

    It is the same value when they bring nothing new, and the next version when they do.
    """
    grown = replace(
        standing,
        sources=_all(standing.sources, *(each.sources for each in others)),
        events=_all(standing.events, *(each.events for each in others)),
        parents=_all(standing.parents, *(each.parents for each in others)),
    )
    return standing if grown == standing else replace(grown, version=standing.version + 1)


def _all(*names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in names for name in each))


__all__ = ["jaccard", "joined", "normal", "shared", "tells", "unseen", "values"]
