"""Say at every step whether the number of ones so far is odd or even.

Source: mnesis, 2026. (made up; CC0; the oldest test of whether a network keeps a state, see arXiv 2411.12537)
Needs: nothing
Cost: none to speak of
Shapes: tokens and answers [n, length]; what is asked [n, beyond * length]
Differs: nothing.

One bit of state, turned by every one. A memory whose factors are all positive cannot turn anything, however long it is
trained: it can only learn lengths by heart, which is why it is asked on texts `beyond` times as long.

>>> import numpy as np
>>> batch = parity(length=4).draw(np.random.default_rng(0), 1)
>>> [int(each) for each in batch["answers"][0]] == [int(each) % 2 for each in (batch["tokens"][0] == 3).cumsum()]
True
"""

from __future__ import annotations

import numpy as np

from mnesis.bench.tasks import Batch, Drill
from mnesis.errors import BadInput

ZERO = 2  # tokens 0 and 1 are the answers, even and odd


def parity(length: int = 24, beyond: int = 4) -> Drill:
    """Bits for `length` steps, asked for `beyond` times as many."""
    if length < 2 or beyond < 1:
        raise BadInput(f"length={length} must be at least 2, and beyond={beyond} at least 1.")

    def drawn(rng: np.random.Generator, n: int, steps: int) -> Batch:
        bits = rng.integers(0, 2, (n, steps))
        return {"tokens": ZERO + bits, "answers": bits.cumsum(1) % 2}

    def draw(rng: np.random.Generator, n: int) -> Batch:
        return drawn(rng, n, length)

    def far(rng: np.random.Generator, n: int) -> Batch:
        return drawn(rng, n, beyond * length)

    return Drill("parity", draw, 4, length, "CC0", asked=far)
