"""text.rank.reciprocal_rank: places add up, scales do not matter."""

from __future__ import annotations

import numpy as np
import pytest

from mnesis.errors import BadInput
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.words import Found, Query

NAN = float("nan")


def found(**why: list[float]) -> Found:
    n = len(next(iter(why.values())))
    columns = {name: np.array(column, np.float32) for name, column in why.items()}
    return Found(np.arange(n), np.zeros(n, np.float32), columns)


def test_the_formula_of_the_paper() -> None:
    ranked = reciprocal_rank(60)(Query("q"), found(a=[9, 5, 1], b=[NAN, 3, 4]), None)
    expected = {0: 1 / 61, 1: 1 / 62 + 1 / 62, 2: 1 / 63 + 1 / 61}
    assert dict(zip(ranked.rows.tolist(), ranked.score.tolist(), strict=True)) == pytest.approx(expected)
    assert ranked.rows.tolist() == [2, 1, 0]


def test_only_the_order_within_a_column_counts() -> None:
    mild = reciprocal_rank()(Query("q"), found(a=[3, 2, 1], b=[1, 3, 2]), None)
    wild = reciprocal_rank()(Query("q"), found(a=[3e6, 2, -1e6], b=[0.001, 0.003, 0.002]), None)
    assert mild.rows.tolist() == wild.rows.tolist()
    assert mild.score.tolist() == wild.score.tolist()


def test_equal_candidates_share_the_better_place() -> None:
    ranked = reciprocal_rank(60)(Query("q"), found(a=[5, 5, 1]), None)
    assert ranked.score.tolist() == pytest.approx([1 / 61, 1 / 61, 1 / 63])


def test_columns_can_be_chosen_and_absent_ones_add_nothing() -> None:
    ranked = reciprocal_rank(columns=["b", "nobody"])(Query("q"), found(a=[9, 1], b=[1, 9]), None)
    assert ranked.rows.tolist() == [1, 0]


def test_a_negative_k_is_refused_in_words() -> None:
    with pytest.raises(BadInput, match="60"):
        reciprocal_rank(k=-1)
