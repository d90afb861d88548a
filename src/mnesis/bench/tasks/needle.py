"""Find one mark and its value among noise, in texts longer than in training.

Source: mnesis, 2026. (made up; CC0; in the manner of Kamradt's needle in a haystack and of RULER, arXiv 2404.06654)
Needs: nothing
Cost: none to speak of
Shapes: tokens and answers [n, length]; what is asked [n, beyond * length]
Differs: nothing.

A memory is trained on short texts and asked on texts `beyond` times as long, where the needle lies anywhere. What
counts its steps, or fades by a time it has learned, finds it in training and loses it here.

>>> import numpy as np
>>> drill = needle(length=8, beyond=4)
>>> drill.draw(np.random.default_rng(0), 1)["tokens"].shape, drill.asked(np.random.default_rng(0), 1)["tokens"].shape
((1, 8), (1, 32))
"""

from __future__ import annotations

import numpy as np

from mnesis.bench.tasks import NOT_ASKED, Batch, Drill
from mnesis.errors import BadInput

MARK = 0


def needle(length: int = 32, vocab: int = 24, beyond: int = 4) -> Drill:
    """A needle in `length` steps, asked for in `beyond` times as many."""
    if length < 4 or vocab < 8 or beyond < 1:
        raise BadInput(f"length={length} must be at least 4, vocab={vocab} at least 8 and beyond={beyond} at least 1.")
    values = (vocab - 1) // 2

    def drawn(rng: np.random.Generator, n: int, steps: int) -> Batch:
        tokens = rng.integers(1 + values, vocab, (n, steps))
        place, value = rng.integers(0, steps - 2, (n, 1)), rng.integers(1, 1 + values, (n, 1))
        np.put_along_axis(tokens, place, MARK, axis=1)
        np.put_along_axis(tokens, place + 1, value, axis=1)
        tokens[:, -1] = MARK
        answers = np.full((n, steps), NOT_ASKED)
        answers[:, -1:] = value
        return {"tokens": tokens, "answers": answers}

    def draw(rng: np.random.Generator, n: int) -> Batch:
        return drawn(rng, n, length)

    def far(rng: np.random.Generator, n: int) -> Batch:
        return drawn(rng, n, beyond * length)

    return Drill("needle", draw, vocab, length, "CC0", asked=far)
