"""The curves of free recall: by serial position, and by how far the next item recalled lay from the last."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from mnesis.errors import BadInput
from mnesis.neural.assoc.cmr import cmr

ITEMS, TRIALS = 12, 400


def recalls(**options: float) -> list[np.ndarray]:
    memory = cmr(**options).fit(np.eye(ITEMS))
    return [memory.free_recall(np.random.default_rng(seed)) for seed in range(TRIALS)]


def by_position(runs: list[np.ndarray]) -> np.ndarray:
    """The probability that each position of the list is recalled."""
    return np.array([np.mean([item in run for run in runs]) for item in range(ITEMS)])


def by_lag(runs: list[np.ndarray]) -> dict[int, float]:
    """How often a move of each distance was made, of the times it could have been made."""
    made, possible = dict.fromkeys(range(1 - ITEMS, ITEMS), 0), dict.fromkeys(range(1 - ITEMS, ITEMS), 0)
    for run in runs:
        for n, (here, after) in enumerate(pairwise(run)):
            made[int(after - here)] += 1
            for item in set(range(ITEMS)) - set(run[: n + 1].tolist()):
                possible[item - int(here)] += 1
    return {lag: made[lag] / possible[lag] for lag in made if possible[lag] > 50}


@pytest.fixture(scope="module")
def runs() -> list[np.ndarray]:
    return recalls()


def test_the_ends_of_a_list_are_recalled_best(runs: list[np.ndarray]) -> None:
    curve = by_position(runs)
    middle = curve[3:8].mean()
    assert curve[-1] > curve[-3] > middle, curve  # recency
    assert curve[-1] > middle + 0.15, curve
    assert curve[0] > curve[2], curve  # primacy
    assert curve[0] > middle + 0.05, curve


def test_one_goes_to_neighbours_and_forwards_more_than_backwards(runs: list[np.ndarray]) -> None:
    curve = by_lag(runs)
    assert curve[1] > curve[2] > curve[4], curve
    assert curve[-1] > curve[-2] > curve[-5], curve
    assert curve[1] > 1.3 * curve[-1], curve
    assert curve[-1] > 1.5 * curve[-5], curve


def test_recall_begins_at_the_end(runs: list[np.ndarray]) -> None:
    first = np.bincount([int(run[0]) for run in runs if len(run)], minlength=ITEMS) / TRIALS
    assert first.argmax() == ITEMS - 1
    assert first[-3:].sum() > 0.5


def test_reinstatement_makes_the_contiguity_and_primacy_the_beginning(runs: list[np.ndarray]) -> None:
    with_it, without = by_lag(runs), by_lag(recalls(reinstate=0.02))
    assert with_it[1] > 5 * with_it[5]
    assert without[1] < 2 * without[5]
    assert by_position(recalls(primacy=0.0))[0] < by_position(runs)[0] - 0.2


def test_context_keeps_its_length_and_binds_by_hand() -> None:
    """Two items: the second is met in a context that holds sqrt(0.75) of the first's and half of its own."""
    memory = cmr(drift=0.5, learned=0.5, primacy=0.0).fit(np.eye(2))
    start, first, second = memory.state_["context"]
    assert [start, first, second] == pytest.approx([0.75, 0.5 * 0.75**0.5, 0.5])
    assert np.linalg.norm(memory.state_["context"]) == pytest.approx(1.0)
    assert memory.state_["to_item"][0] == pytest.approx([0.5 * 0.75**0.5, 0.5 + 0.5 * 0.5, 0.0])
    assert memory.state_["to_context"][1] == pytest.approx([0.5 * 0.75**0.5, 0.25, 0.5])


def test_a_cue_that_fits_two_items_is_settled_by_context() -> None:
    rows = np.array([[1, 0, 0, 0, 1.0], [0, 1, 0, 0, 0], [0, 0, 1, 0, 0], [1, 0, 0, 1.0, 0]])
    assert cmr(primacy=0.0).fit(rows).recall([[1, np.nan, np.nan, np.nan, np.nan]]).tolist() == [rows[3].tolist()]


@pytest.mark.parametrize(
    "options", [{"drift": 0.0}, {"reinstate": 1.5}, {"primacy": -1.0}, {"sharp": 0.0}, {"stop": 2.0}]
)
def test_options_are_checked(options: dict[str, float]) -> None:
    with pytest.raises(BadInput):
        cmr(**options)
