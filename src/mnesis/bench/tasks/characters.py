"""Guess the next character of a text about a few persons, things and places.

Source: mnesis, 2026. (made up; CC0)
Needs: nothing
Cost: none to speak of
Shapes: tokens and answers [n, length]
Differs: nothing.

A language small enough to be learned in a minute and with something to remember: every text has its own names, made of
syllables, and who does what where is told in sentences of a few patterns. Words are learned in the weights; names only
the memory can know, so how well the later half is guessed tells what is remembered. With `later` only that is asked.

>>> import numpy as np
>>> batch = characters(length=40).draw(np.random.default_rng(0), 1)
>>> "".join(LETTERS[each] for each in batch["tokens"][0])
'nuka gave tenu the book. the map of tenu'
"""

from __future__ import annotations

import numpy as np

from mnesis.bench.tasks import NOT_ASKED, Batch, Drill
from mnesis.errors import BadInput

LETTERS = " .abcdefghijklmnopqrstuvwxyz"
NUMBER = {letter: n for n, letter in enumerate(LETTERS)}
SYLLABLES = ("ka", "lo", "mi", "nu", "ra", "su", "te", "vo", "zi", "an", "el", "or")
PATTERNS = (
    "{0} {verb} the {thing}.",
    "{0} and {1} {verb} {where}.",
    "the {thing} of {0} is {where}.",
    "{1} gave {0} the {thing}.",
)
WORDS = {
    "verb": ("saw", "kept", "lost", "read", "hid", "sold"),
    "thing": ("book", "coat", "lamp", "map", "cup", "key"),
    "where": ("here", "at home", "in town", "by the sea"),
}


def _text(rng: np.random.Generator, length: int) -> str:
    names = ["".join(rng.choice(SYLLABLES, 2)) for _ in range(3)]
    sentences: list[str] = []
    while len(" ".join(sentences)) < length:
        chosen = {kind: str(rng.choice(words)) for kind, words in WORDS.items()}
        sentences.append(str(rng.choice(PATTERNS)).format(*rng.choice(names, 2), **chosen))
    return " ".join(sentences)[:length]


def characters(length: int = 96, later: bool = False) -> Drill:
    """Texts of `length` characters; with `later` only the second half is asked for."""
    if length < 8:
        raise BadInput(f"length={length} must be at least 8 characters.")

    def draw(rng: np.random.Generator, n: int) -> Batch:
        texts = [[NUMBER[letter] for letter in _text(rng, length + 1)] for _ in range(n)]
        whole = np.array(texts, np.int64)
        answers = whole[:, 1:].copy()
        if later:
            answers[:, : length // 2] = NOT_ASKED
        return {"tokens": whole[:, :-1], "answers": answers}

    return Drill("characters", draw, len(LETTERS), length, "CC0")
