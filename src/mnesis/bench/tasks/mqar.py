"""Several keys and their values, then the keys again in any order: say each value.

Source: Simran Arora, Sabri Eyuboglu, Aman Timalsina, Isys Johnson, Michael Poli, James Zou, Atri Rudra, Christopher Ré,
    Zoology: Measuring and Improving Recall in Efficient Language Models, 2023. arXiv 2312.04927 (made up; Apache-2.0)
Needs: nothing
Cost: none to speak of
Shapes: tokens and answers [n, length]
Differs: nothing in the protocol (distances by a power law of 0.01, fillers 0); the seed really decides every number.

Multi-query associative recall: `pairs` keys, each followed by its value, then every key once more at an even distance,
most of them soon, some late. The answer is asked for where the key stands; the value itself is never shown again. Keys
are tokens below half of `vocab`, values above, each once. The published setting has 8192 tokens and (64, 4), (128, 8),
(256, 16), (512, 64) steps and pairs; what is set here fits a processor.

>>> import numpy as np
>>> drill = mqar(length=16, pairs=2, vocab=16)
>>> batch = drill.draw(np.random.default_rng(0), 3)
>>> batch["tokens"].shape, [int(each) for each in (batch["answers"] >= 0).sum(1)]
((3, 16), [2, 2, 2])
"""

from __future__ import annotations

import numpy as np

from mnesis.bench.tasks import NOT_ASKED, Batch, Drill
from mnesis.errors import BadInput

POWER = 0.01


def mqar(length: int = 32, pairs: int = 4, vocab: int = 64) -> Drill:
    """Recall of `pairs` values within `length` steps."""
    if length % 2 or 4 * pairs > length or pairs >= vocab // 2 - 1:
        raise BadInput(
            f"length={length} must be even and at least four times pairs={pairs}, and vocab={vocab} hold more than "
            "twice as many tokens."
        )
    slots = (length - 2 * pairs) // 2
    odds = POWER * np.arange(1, slots + 1) ** (POWER - 1)

    def draw(rng: np.random.Generator, n: int) -> Batch:
        keys = 1 + rng.random((n, vocab // 2 - 1)).argsort(1)[:, :pairs]
        values = vocab // 2 + rng.random((n, vocab - vocab // 2)).argsort(1)[:, :pairs]
        # without replacement, by weight: the largest of u ** (1 / weight)
        places = np.argsort(-np.log(rng.random((n, slots))) / odds, axis=1)[:, :pairs]
        tokens = np.zeros((n, length), np.int64)
        answers = np.full((n, length), NOT_ASKED)
        tokens[:, 0 : 2 * pairs : 2], tokens[:, 1 : 2 * pairs : 2] = keys, values
        asked = 2 * pairs + 2 * places
        np.put_along_axis(tokens, asked, keys, axis=1)
        np.put_along_axis(answers, asked, values, axis=1)
        return {"tokens": tokens, "answers": answers}

    return Drill("mqar", draw, vocab, length, "Apache-2.0")
