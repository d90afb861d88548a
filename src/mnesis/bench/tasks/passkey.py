"""Say the digits of a key that was told once between sentences that repeat.

Source: Amirkeivan Mohtashami, Martin Jaggi, Landmark Attention: Random-Access Infinite Context Length for Transformers,
    2023. arXiv 2305.16300 (made up; CC0)
Needs: nothing
Cost: none to speak of
Shapes: tokens and answers [n, length]; what is asked [n, beyond * length]
Differs: sentences and digits are tokens, not words of a language.

The text around the key is the same few sentences over and over, so nothing distracts but time. Ten tokens are digits,
one opens the key, and the rest is filler; the key is asked for by its opening, and each digit is said before it is
shown.

>>> import numpy as np
>>> batch = passkey(length=16, digits=2).draw(np.random.default_rng(0), 1)
>>> [int(each) for each in batch["answers"][0, -2:]] == [int(each) for each in batch["tokens"][0] if each < 10][:2]
True
"""

from __future__ import annotations

import numpy as np

from mnesis.bench.tasks import NOT_ASKED, Batch, Drill
from mnesis.errors import BadInput

OPEN, FILLER = 10, 11
SENTENCE = 5  # tokens of filler before it repeats


def passkey(length: int = 48, digits: int = 4, beyond: int = 4) -> Drill:
    """A key of `digits` digits in `length` steps, asked for in `beyond` times as many."""
    if digits < 1 or length < 2 * digits + 4 or beyond < 1:
        raise BadInput(f"length={length} must leave room for twice digits={digits}, and beyond={beyond} be at least 1.")

    def drawn(rng: np.random.Generator, n: int, steps: int) -> Batch:
        key = rng.integers(0, 10, (n, digits))
        tokens = FILLER + (np.arange(steps) + rng.integers(0, SENTENCE, (n, 1))) % SENTENCE
        place = rng.integers(0, steps - 2 * digits - 1, (n, 1)) + np.arange(digits + 1)
        np.put_along_axis(tokens, place, np.concatenate([np.full((n, 1), OPEN), key], axis=1), axis=1)
        answers = np.full((n, steps), NOT_ASKED)
        tokens[:, -digits] = OPEN
        tokens[:, steps - digits + 1 :] = key[:, :-1]
        answers[:, -digits:] = key
        return {"tokens": tokens, "answers": answers}

    def draw(rng: np.random.Generator, n: int) -> Batch:
        return drawn(rng, n, length)

    def far(rng: np.random.Generator, n: int) -> Batch:
        return drawn(rng, n, beyond * length)

    return Drill("passkey", draw, FILLER + SENTENCE, length, "CC0", asked=far)
