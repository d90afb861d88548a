"""Members of a group rise towards its best, and nobody falls."""

from __future__ import annotations

import numpy as np
import pytest

from mnesis.errors import BadInput
from mnesis.text.rank.together import together
from mnesis.words import Found, Query

NAN = np.nan


def found() -> Found:
    group, worth = np.array([1, 1, NAN, 2], np.float32), np.array([1, 0.5, NAN, 1], np.float32)
    score = np.array([1.0, 0.1, 0.3, 0.2], np.float32)
    return Found(np.arange(4), score, {"timeline": group, "timelines": worth})


def test_a_member_rises_as_near_as_it_is() -> None:
    ranked = together(share=0.8)(Query("x"), found(), None)  # type: ignore[arg-type]
    assert dict(zip(ranked.rows.tolist(), ranked.score.tolist(), strict=True)) == pytest.approx(
        {0: 1.0, 1: 0.4, 2: 0.3, 3: 0.2}
    )
    assert ranked.rows.tolist() == [0, 1, 2, 3]


def test_a_share_of_nothing_changes_no_order() -> None:
    assert together(share=0.0)(Query("x"), found(), None).rows.tolist() == [0, 2, 3, 1]  # type: ignore[arg-type]


def test_a_share_beyond_all_is_refused() -> None:
    with pytest.raises(BadInput, match="share"):
        together(share=1.5)
