"""Follow a ball under cups, two of which change places at every step.

Source: William Merrill, Jackson Petty, Ashish Sabharwal, The Illusion of State in State-Space Models, 2024.
    arXiv 2404.08819 (made up; CC0)
Needs: nothing
Cost: none to speak of
Shapes: tokens and answers [n, length]; what is asked [n, beyond * length]
Differs: single swaps in place of all permutations, and where one item is in place of the whole order.

To follow the ball is to multiply permutations. From five cups on that cannot be done by any network of fixed depth that
reads all steps at once, nor by a memory that only fades; a memory that a step can turn needs one layer.

>>> import numpy as np
>>> batch = permutation(length=5, cups=3).draw(np.random.default_rng(0), 2)
>>> batch["tokens"].max() < 6, batch["answers"].max() < 3
(np.True_, np.True_)
"""

from __future__ import annotations

import itertools

import numpy as np

from mnesis.bench.tasks import Batch, Drill
from mnesis.errors import BadInput


def permutation(length: int = 16, cups: int = 5, beyond: int = 2) -> Drill:
    """Swaps of two of `cups` cups for `length` steps, asked for `beyond` times as many; the ball begins first."""
    if length < 2 or not 3 <= cups <= 9 or beyond < 1:
        raise BadInput(f"length={length} must be at least 2, cups={cups} 3 to 9, and beyond={beyond} at least 1.")
    swaps = np.array(list(itertools.combinations(range(cups), 2)))

    def drawn(rng: np.random.Generator, n: int, steps: int) -> Batch:
        moves, ball = rng.integers(0, len(swaps), (n, steps)), np.zeros(n, np.int64)
        answers = np.empty((n, steps), np.int64)
        for step in range(steps):
            one, other = swaps[moves[:, step]].T
            ball = np.where(ball == one, other, np.where(ball == other, one, ball))
            answers[:, step] = ball
        return {"tokens": cups + moves, "answers": answers}

    def draw(rng: np.random.Generator, n: int) -> Batch:
        return drawn(rng, n, length)

    def far(rng: np.random.Generator, n: int) -> Batch:
        return drawn(rng, n, beyond * length)

    return Drill("permutation", draw, cups + len(swaps), length, "CC0", asked=far)
