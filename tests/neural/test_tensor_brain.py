"""Scenes are said in triples, moments painted back, and without a scene what is generally so is known."""

from __future__ import annotations

import numpy as np
import pytest

from mnesis.errors import BadInput
from mnesis.neural.assoc.tensor_brain import TensorBrain

LEFT, RIGHT = 8, 9


def beside(rng: np.random.Generator, n: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Scenes of two of eight things side by side; who stands where is told by what is seen on which side."""
    shapes = np.random.default_rng(100).standard_normal((2, 8, 48))
    pairs = np.array([rng.permutation(8)[:2] for _ in range(n)])
    scenes = shapes[0, pairs[:, 0]] + shapes[1, pairs[:, 1]] + noise * rng.standard_normal((n, 48))
    return scenes, pairs


@pytest.fixture(scope="module")
def brain() -> TensorBrain:
    scenes, pairs = beside(np.random.default_rng(0), 120, 0.3)
    one = [[a, LEFT, b] for a, b in pairs]
    other = [[b, RIGHT, a] for a, b in pairs]
    return TensorBrain(concepts=10).tell(np.concatenate([scenes, scenes]), one + other)


def test_new_scenes_are_said_in_true_triples(brain: TensorBrain) -> None:
    scenes, pairs = beside(np.random.default_rng(1), 60, 0.3)
    true = {(n, *each) for n, (a, b) in enumerate(pairs) for each in ((a, LEFT, b), (b, RIGHT, a))}
    said = brain.decode(scenes)
    assert np.mean([(n, *each) in true for n, each in enumerate(said.tolist())]) > 0.9


def test_what_is_said_next_depends_on_what_was_said(brain: TensorBrain) -> None:
    scenes, pairs = beside(np.random.default_rng(2), 20, 0.3)
    right = 0
    for scene, (a, b) in zip(scenes, pairs, strict=True):
        right += brain.decode(scene[None], said=[a]).tolist() == [[a, LEFT, b]]
        right += brain.decode(scene[None], said=[b]).tolist() == [[b, RIGHT, a]]
    assert right / 40 > 0.85


def test_a_moment_is_painted_back_and_says_what_was_so_then() -> None:
    """Ana mostly likes jazz: generally, and of a scene never seen. Of the one evening it was rock, rock is said."""
    rng = np.random.default_rng(3)
    ana, likes, jazz, rock = 0, 1, 2, 3
    scenes = rng.standard_normal((8, 48))
    brain = TensorBrain(concepts=5).tell(scenes, [[ana, likes, rock]] + [[ana, likes, jazz]] * 7)
    assert brain.chances(said=[ana, likes])[0].argmax() == jazz
    evening = scenes[:1] + 0.3 * rng.standard_normal((1, 48))
    assert np.array_equal(brain.recall(evening), scenes[:1])
    assert brain.decode(brain.recall(evening)).tolist() == [[ana, likes, rock]]
    generally = brain.chances(said=[ana, likes])[0]
    assert generally[jazz] > generally[rock] > generally[4]
    brain.forget(scenes[:1])
    assert brain.chances(said=[ana, likes])[0, rock] == pytest.approx(generally[4], abs=0.02)


def test_an_index_without_triples_says_so_and_strange_concepts_are_refused() -> None:
    X = np.eye(4)
    with pytest.raises(BadInput, match="No triple"):
        TensorBrain().fit(X).decode(X)
    with pytest.raises(BadInput, match="none of the 3"):
        TensorBrain(concepts=3).tell(X[:1], [[0, 1, 3]])
    with pytest.raises(BadInput, match="three whole numbers"):
        TensorBrain(concepts=3).tell(X[:2], [[0, 1, 2]])
    with pytest.raises(BadInput, match="at most two"):
        TensorBrain(concepts=3).tell(X[:1], [[0, 1, 2]]).chances(said=[0, 1, 2])


@pytest.mark.parametrize("options", [{"concepts": 0}, {"ridge": 0.0}])
def test_options_are_checked(options: dict[str, float]) -> None:
    with pytest.raises(BadInput):
        TensorBrain(**options)
