"""BM25 by hand: three short memories, one question, every number worked out on paper.

    0  "A blue kettle."                   blue kettl            2 terms
    1  "The kettle, the kettle, a pot."   kettl kettl pot       3 terms
    2  "Tom sold his old boat."           tom sold old boat     4 terms

N = 3 and the average length is 3, so with k1 = 1.2 and b = 0.75 the norm k1 (1 - b + b length / 3) is
0.9 for memory 0, 1.2 for memory 1 and 1.5 for memory 2. "kettle" stands in n = 2 memories, so its idf is
ln(1 + (3 - 2 + 0.5) / (2 + 0.5)) = ln 1.6 = 0.470004; "blue" in n = 1: ln(1 + 2.5 / 1.5) = ln(8/3) = 0.980829; "teapot"
in none: ln(1 + 3.5 / 0.5) = ln 8 = 2.079442. A term seen f times adds idf * f * 2.2 / (f + norm):

    0  kettle  0.470004 * 1 * 2.2 / 1.9 = 0.544215     blue  0.980829 * 2.2 / 1.9 = 1.135697     sum 1.679912
    1  kettle  0.470004 * 2 * 2.2 / 3.2 = 0.646255
    2  nothing
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from mnesis.store.ram import RamStore
from mnesis.store.terms import terms
from mnesis.words import Add, MemCube

TEXTS = ("A blue kettle.", "The kettle, the kettle, a pot.", "Tom sold his old boat.")


def test_the_scores_worked_out_by_hand() -> None:
    store = RamStore()
    cubes = [Add(MemCube(str(n), text, "a")) for n, text in enumerate(TEXTS)]
    store.commit(cubes, author="", reason="", at=datetime(2026, 1, 1, tzinfo=UTC), namespace="a")
    asked = terms("Is the blue kettle a teapot?")
    assert asked == ["blue", "kettl", "teapot"]
    match = store.view("a").words(asked)
    rows, scores = match.top(10)
    assert rows.tolist() == [0, 1]
    np.testing.assert_allclose(scores, [1.679912, 0.646255], atol=2e-6)
    np.testing.assert_allclose(match.idf, [0.980829, 0.470004, 2.079442], atol=2e-6)
    assert match.attainable == pytest.approx((0.980829 + 0.470004 + 2.079442) * 2.2, abs=1e-5)
    np.testing.assert_allclose(
        match.saturation(np.array([0, 1, 2])), [[1 / 1.9, 1 / 1.9, 0], [0, 2 / 3.2, 0], [0, 0, 0]]
    )
    assert match.bits(np.array([0, 1, 2])).tolist() == [0b011, 0b010, 0]
