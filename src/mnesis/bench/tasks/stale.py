"""Some keys get a new value: say the new one, not the old one.

Source: mnesis, 2026. (made up; CC0; in the manner of Arora et al., Zoology, arXiv 2312.04927)
Needs: nothing
Cost: none to speak of
Shapes: tokens, answers and stale [n, 2 * (pairs + rewrites) + pairs]
Differs: nothing.

Keys and values, then `rewrites` of the keys with other values, then every key is asked for, in any order. Beside the
answers stands what would be stale: the old value of each rewritten key. A memory that only adds says a mixture; one
that corrects says the new one. The share of stale answers is reported beside the accuracy.

>>> import numpy as np
>>> batch = stale(pairs=3, rewrites=1, vocab=16).draw(np.random.default_rng(0), 1)
>>> int((batch["answers"] >= 0).sum()), int((batch["stale"] >= 0).sum())
(3, 1)
"""

from __future__ import annotations

import numpy as np

from mnesis.bench.tasks import NOT_ASKED, Batch, Drill
from mnesis.errors import BadInput


def stale(pairs: int = 4, rewrites: int = 2, vocab: int = 64) -> Drill:
    """`pairs` keys of which `rewrites` change their value before all are asked for."""
    if not 0 < rewrites <= pairs or pairs + rewrites >= vocab // 2 - 1:
        raise BadInput(f"rewrites={rewrites} must be 1 to pairs={pairs}, and vocab={vocab} more than twice their sum.")
    length = 2 * (pairs + rewrites) + pairs

    def draw(rng: np.random.Generator, n: int) -> Batch:
        keys = 1 + rng.random((n, vocab // 2 - 1)).argsort(1)[:, :pairs]
        values = vocab // 2 + rng.random((n, vocab - vocab // 2)).argsort(1)[:, : pairs + rewrites]
        written = np.concatenate([keys, keys[:, :rewrites]], axis=1)
        order = rng.permuted(np.broadcast_to(np.arange(pairs), (n, pairs)), axis=1)
        newest = np.concatenate([values[:, pairs:], values[:, rewrites:pairs]], axis=1)
        old = np.where(np.arange(pairs) < rewrites, values[:, :pairs], NOT_ASKED)
        tokens = np.zeros((n, length), np.int64)
        half = 2 * (pairs + rewrites)
        tokens[:, 0:half:2], tokens[:, 1:half:2] = written, values
        tokens[:, half:] = np.take_along_axis(keys, order, axis=1)
        asked = {"answers": newest, "stale": old}
        found = {name: np.full((n, length), NOT_ASKED) for name in asked}
        for name, each in asked.items():
            found[name][:, half:] = np.take_along_axis(each, order, axis=1)
        return {"tokens": tokens, **found}

    return Drill("stale", draw, vocab, length, "CC0")
