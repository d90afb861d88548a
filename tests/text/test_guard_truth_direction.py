"""A direction in hidden states tells claims a model made up, token by token, and carries over to a second model."""

from __future__ import annotations

import numpy as np
import pytest

from mnesis import Space
from mnesis.errors import BadInput
from mnesis.text.guard.truth_direction import aligned, fit, truth_direction
from mnesis.text.recipes.verbatim import verbatim
from mnesis.words import Event, replace

DIM, RANK = 24, 4
SIZES = np.array([3.0, 2.5, 1.0, 0.5])  # how far states spread along the axes both models share


def states(model: int, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Hidden states of a toy model: the same few latent quantities, whether it is true among them, seen through axes of
    its own, with noise."""
    draw = np.random.default_rng(seed)
    true = np.arange(count) % 3 > 0  # what is made up is rarer
    latent = draw.gamma(2.0, size=(count, RANK)) - 2.0
    latent[:, 1] = np.where(true, 1.0, -1.0) + 0.3 * latent[:, 1]
    axes = np.linalg.qr(np.random.default_rng(100 + model).normal(size=(DIM, RANK)))[0].T
    seen = (latent * SIZES) @ axes + draw.normal(scale=0.2, size=(count, DIM)) + model
    return seen, true


def right(probe, held: np.ndarray, true: np.ndarray) -> float:
    return float(np.mean((probe.scores(held) >= probe.limit) == true))


def test_a_fitted_direction_tells_unseen_states() -> None:
    held, true = states(1, 400, seed=1)
    probe = fit(held, true, false_alarms=0.05)
    unseen, truth = states(1, 400, seed=2)
    assert right(probe, unseen, truth) > 0.9
    alarms = [probe.doubts(each[None]) for each in unseen[truth]]
    assert np.mean(alarms) < 0.1


def test_one_token_that_is_made_up_is_enough() -> None:
    held, true = states(1, 400, seed=1)
    probe = fit(held, true, false_alarms=0.01)
    unseen, truth = states(1, 400, seed=3)
    claim = unseen[truth][:6]
    sure = claim[probe.scores(claim) > probe.limit]
    assert not probe.doubts(sure)
    assert probe.doubts(np.concatenate([sure, unseen[~truth][:1]]))


def test_a_direction_carries_over_once_the_subspaces_are_aligned() -> None:
    held, true = states(1, 600, seed=1)
    probe = fit(held, true)
    own, _ = states(2, 600, seed=4)
    unseen, truth = states(2, 400, seed=5)
    raw = right(probe, unseen, truth)
    brought = right(probe, aligned(unseen, own, held, rank=RANK), truth)
    assert raw < 0.7
    assert brought > 0.85


def test_as_a_guard_it_holds_back_what_the_model_made_up() -> None:
    held, true = states(1, 400, seed=1)
    probe = fit(held, true, false_alarms=0.01)
    unseen, truth = states(1, 100, seed=6)
    sure = unseen[truth & (probe.scores(unseen) > probe.limit)]
    hidden = {"There is a red boat in the picture.": sure[:4], "There is a dog in it.": unseen[~truth][:4]}
    guard = truth_direction(probe, lambda event: hidden.get(event.text))
    with Space(recipe=replace(verbatim(), guard=(guard,)), embedder="none") as space:
        space.remember([*hidden, "Ana likes the picture."], trust="agent")
        assert [cube.text for cube in space.quarantined()] == ["There is a dog in it."]
        assert len(space.recall("picture")) == 2
    already = Event("There is a dog in it.", meta={"quarantine": "by hand"})
    assert guard(already) is already


@pytest.mark.parametrize("true", [[True, True], [False, False], [True]])
def test_labels_of_both_kinds_are_needed(true: list[bool]) -> None:
    with pytest.raises(BadInput, match="some true and some not"):
        fit(np.zeros((2, 3)), true)
