"""Say at every step whether this is what was shown n steps ago.

Source: Wayne K. Kirchner, Age Differences in Short-Term Retention of Rapidly Changing Information, 1958.
    doi 10.1037/h0043688 (made up; CC0)
Needs: nothing
Cost: none to speak of
Shapes: tokens and answers [n, length]
Differs: nothing.

The test of working memory: items must be held in order, and let go of again, all the time. About every third step is a
match; near misses, one step more or less ago, are as frequent as chance makes them.

>>> import numpy as np
>>> batch = n_back(back=2, length=8).draw(np.random.default_rng(0), 1)
>>> int((batch["answers"] >= 0).sum())
6
"""

from __future__ import annotations

import numpy as np

from mnesis.bench.tasks import NOT_ASKED, Batch, Drill
from mnesis.errors import BadInput

NO, YES = 0, 1
MATCHES = 1 / 3


def n_back(back: int = 3, length: int = 32, vocab: int = 10) -> Drill:
    """A match `back` steps ago, asked at every step that has one."""
    if not 0 < back < length or vocab < 5:
        raise BadInput(f"back={back} must be 1 to below length={length}, and vocab={vocab} at least 5.")

    def draw(rng: np.random.Generator, n: int) -> Batch:
        tokens = rng.integers(2, vocab, (n, length))
        again = rng.random((n, length)) < MATCHES
        for step in range(back, length):
            tokens[:, step] = np.where(again[:, step], tokens[:, step - back], tokens[:, step])
        answers = np.full((n, length), NOT_ASKED)
        answers[:, back:] = np.where(tokens[:, back:] == tokens[:, :-back], YES, NO)
        return {"tokens": tokens, "answers": answers}

    return Drill("n-back", draw, vocab, length, "CC0")
