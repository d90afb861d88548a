"""Some tokens to be said again, in order, once the sequence is over.

Source: Albert Gu, Tri Dao, Mamba: Linear-Time Sequence Modeling with Selective State Spaces, 2023. arXiv 2312.00752
    (made up; CC0)
Needs: nothing
Cost: none to speak of
Shapes: tokens and answers [n, length + items]
Differs: nothing; plain copying has all items first and then silence, as the older task has it.

Plain copying can be done by remembering for a fixed time. With `selective` the items stand anywhere among silence, so a
memory must decide what to keep: a system whose speed does not depend on what it reads cannot.

>>> import numpy as np
>>> batch = copying(length=4, items=2).draw(np.random.default_rng(0), 1)
>>> batch["tokens"].tolist(), batch["answers"].tolist()
([[8, 7, 0, 0, 1, 1]], [[-1, -1, -1, -1, 8, 7]])
"""

from __future__ import annotations

import numpy as np

from mnesis.bench.tasks import NOT_ASKED, Batch, Drill
from mnesis.errors import BadInput

SILENCE, SAY = 0, 1


def copying(length: int = 24, items: int = 4, vocab: int = 10, selective: bool = False) -> Drill:
    """`items` tokens within `length` steps, then as many answers."""
    if not 0 < items <= length or vocab < 4:
        raise BadInput(f"items={items} must fit into length={length}, and vocab={vocab} be at least 4.")

    def draw(rng: np.random.Generator, n: int) -> Batch:
        said = rng.integers(2, vocab, (n, items))
        places = np.sort(rng.random((n, length)).argsort(1)[:, :items], axis=1) if selective else np.arange(items)
        tokens = np.full((n, length + items), SILENCE, np.int64)
        np.put_along_axis(tokens, np.broadcast_to(places, said.shape), said, axis=1)
        tokens[:, length:] = SAY
        answers = np.full(tokens.shape, NOT_ASKED)
        answers[:, length:] = said
        return {"tokens": tokens, "answers": answers}

    name = "selective-copying" if selective else "copying"
    return Drill(name, draw, vocab, length + items, "CC0")
