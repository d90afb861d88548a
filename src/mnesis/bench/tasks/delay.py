"""Say at every step what came a fixed number of steps before.

Source: Aaron R. Voelker, Ivana Kajić, Chris Eliasmith, Legendre Memory Units: Continuous-Time Representation in
    Recurrent Neural Networks, 2019. (made up; CC0)
Needs: nothing
Cost: none to speak of
Shapes: tokens and answers [n, length]
Differs: tokens in place of a continuous signal.

A delay line holds everything for a while and nothing for longer. It takes as many places as the delay has steps, and
nothing in what is read says when to let go; only time does.

>>> import numpy as np
>>> batch = delay(steps=2, length=5).draw(np.random.default_rng(0), 1)
>>> batch["answers"][0, 2:].tolist() == batch["tokens"][0, :3].tolist()
True
"""

from __future__ import annotations

import numpy as np

from mnesis.bench.tasks import NOT_ASKED, Batch, Drill
from mnesis.errors import BadInput


def delay(steps: int = 8, length: int = 32, vocab: int = 8) -> Drill:
    """What came `steps` steps before, in sequences of `length`."""
    if not 0 < steps < length or vocab < 3:
        raise BadInput(f"steps={steps} must be 1 to below length={length}, and vocab={vocab} at least 3.")

    def draw(rng: np.random.Generator, n: int) -> Batch:
        tokens = rng.integers(0, vocab, (n, length))
        answers = np.full((n, length), NOT_ASKED)
        answers[:, steps:] = tokens[:, :-steps]
        return {"tokens": tokens, "answers": answers}

    return Drill("delay", draw, vocab, length, "CC0")
