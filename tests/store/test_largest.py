"""The largest scores against a sort."""

from __future__ import annotations

import numpy as np
import pytest

from mnesis.store.largest import largest


@pytest.mark.parametrize("above", [-np.inf, 0.0, 12.0, 40.0])
@pytest.mark.parametrize("values", [2, 30, 100_000])
def test_the_largest_of_scores_many_of_them_equal(above: float, values: int) -> None:
    rng = np.random.default_rng(5)
    for n, wanted in ((0, 3), (10, 3), (10, 0), (63, 64), (5_000, 40), (5_000, 4_999), (64 * 50, 7), (5_000, 9_000)):
        scores = rng.integers(0, values, n).astype(np.float32)
        scores[rng.random(n) < 0.9] = 0
        found = largest(scores, wanted, above)
        every = [at for at in range(n) if scores[at] > above]
        assert sorted(found.tolist()) == sorted(sorted(every, key=lambda at: (-scores[at], at))[:wanted])
