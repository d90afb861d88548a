"""text.rank.weighted: columns on one scale, added up by weight."""

from __future__ import annotations

import numpy as np
import pytest

from mnesis.errors import BadInput, UnknownName
from mnesis.text.rank.weighted import weighted
from mnesis.words import Found, Query

NAN = float("nan")
WHY = {"words": np.array([10, 6, 2], np.float32), "vectors": np.array([NAN, 0.9, 0.1], np.float32)}
FOUND = Found(np.array([4, 5, 6]), np.zeros(3, np.float32), WHY)


def test_minmax_brings_every_finder_to_one_scale() -> None:
    ranked = weighted({"words": 1.0, "vectors": 0.5})(Query("q"), FOUND, None)
    assert ranked.rows.tolist() == [4, 5, 6]
    assert ranked.score.tolist() == pytest.approx([1.0, 0.5 + 0.5, 0.0])


def test_none_takes_the_numbers_as_they_are() -> None:
    ranked = weighted({"words": 0.1, "vectors": 2.0}, normalise="none")(Query("q"), FOUND, None)
    assert ranked.rows.tolist() == [5, 4, 6]
    assert ranked.score.tolist() == pytest.approx([2.4, 1.0, 0.4])


def test_a_finder_that_holds_all_equal_counts_fully_for_those_it_spoke_of() -> None:
    found = Found(np.array([1, 2]), np.zeros(2, np.float32), {"who": np.array([NAN, 1], np.float32)})
    assert weighted({"who": 0.3})(Query("q"), found, None).score.tolist() == pytest.approx([0.3, 0.0])


def test_a_finder_that_was_silent_adds_nothing() -> None:
    assert weighted({"time": 1.0})(Query("q"), FOUND, None).score.tolist() == [0, 0, 0]


def test_bad_options_are_refused_in_words() -> None:
    with pytest.raises(BadInput, match="finite"):
        weighted({})
    with pytest.raises(BadInput, match="finite"):
        weighted({"words": NAN})
    with pytest.raises(UnknownName, match="minmax"):
        weighted({"words": 1}, normalise="minmaxx")
