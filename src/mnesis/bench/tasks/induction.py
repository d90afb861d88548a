"""A mark stands before one token and comes again at the end: say that token.

Source: Catherine Olsson, Nelson Elhage, Neel Nanda, et al., In-context Learning and Induction Heads, 2022. arXiv
    2209.11895 (made up; CC0)
Needs: nothing
Cost: none to speak of
Shapes: tokens and answers [n, length]
Differs: as in the Mamba paper: one mark among random tokens, anywhere but at the very end, and one question.

The smallest test of looking something up by what stood before it. Trained at one length it can be asked at any other:
what has learnt the rule goes on, what has learnt distances stops.

>>> import numpy as np
>>> induction(length=6, vocab=5).draw(np.random.default_rng(1), 1)["tokens"].tolist()
[[2, 3, 4, 0, 1, 0]]
"""

from __future__ import annotations

import numpy as np

from mnesis.bench.tasks import NOT_ASKED, Batch, Drill
from mnesis.errors import BadInput

MARK = 0


def induction(length: int = 32, vocab: int = 16) -> Drill:
    """One marked token within `length` steps."""
    if length < 3 or vocab < 3:
        raise BadInput(f"length={length} and vocab={vocab} must both be at least 3.")

    def draw(rng: np.random.Generator, n: int) -> Batch:
        tokens = rng.integers(1, vocab, (n, length))
        place = rng.integers(0, length - 2, n)
        tokens[np.arange(n), place], tokens[:, -1] = MARK, MARK
        answers = np.full((n, length), NOT_ASKED)
        answers[:, -1] = tokens[np.arange(n), place + 1]
        return {"tokens": tokens, "answers": answers}

    return Drill("induction", draw, vocab, length, "CC0")
