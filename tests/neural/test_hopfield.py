"""One update is attention; stored patterns are kept apart in numbers exponential in their length."""

from __future__ import annotations

import numpy as np
import pytest

from mnesis.errors import BadInput
from mnesis.neural.assoc import Memory
from mnesis.neural.assoc.hopfield import exponential_capacity, growth, hopfield


def sphere(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    points = rng.standard_normal((n, d))
    return points / np.linalg.norm(points, axis=1, keepdims=True) * np.sqrt(d - 1)


def test_one_update_is_attention() -> None:
    import torch

    rng = np.random.default_rng(0)
    X, cues = rng.standard_normal((10, 16)), rng.standard_normal((4, 16))
    q, kv = torch.from_numpy(cues)[None], torch.from_numpy(X)[None]
    attention = torch.nn.functional.scaled_dot_product_attention(q, kv, kv, scale=0.25)[0].numpy()
    assert np.abs(hopfield(beta=0.25).fit(X).recall(cues) - attention).max() < 1e-12


def test_each_update_goes_down_the_energy() -> None:
    rng = np.random.default_rng(1)
    X, now = rng.standard_normal((12, 8)), rng.standard_normal((5, 8))
    memory = hopfield(beta=0.5).fit(X)

    def energy(cues: np.ndarray) -> np.ndarray:
        return -2 * np.log(np.exp(0.5 * cues @ X.T).sum(1)) + 0.5 * (cues**2).sum(1)

    for _ in range(6):
        after = memory.recall(now)
        assert (energy(after) <= energy(now) + 1e-12).all()
        now = after


def test_one_step_completes_half_patterns_among_ten_thousand() -> None:
    X = np.random.default_rng(2).standard_normal((10_000, 64))
    cues = np.where(np.arange(64) < 32, X[:50], np.nan)
    found = _stored(X).recall(cues)
    off = np.linalg.norm(found - X[:50], axis=1) / np.linalg.norm(X[:50], axis=1)
    assert np.median(off) < 0.01
    assert (off < 0.25).mean() > 0.9


def _stored(X: np.ndarray) -> Memory:
    """All rows at once: they are known to differ, which `fit` would look up one by one."""
    return hopfield().load({"features": np.array(X.shape[1]), "X": X})


def test_the_constants_of_the_paper() -> None:
    """c >= 3.1546 for beta 1, K 3, d 20, and c >= 1.3718 for K 1, d 75, at a failure probability of 0.001."""
    assert growth(20, 1.0, 3.0) == pytest.approx(3.1546, abs=1e-4)
    assert growth(75, 1.0, 1.0) == pytest.approx(1.3718, abs=1e-4)
    assert 1.0 < growth(64, 1.0, 1.0) < growth(64, 1.0, 1.2) < growth(16, 1.0, 1.2)
    assert exponential_capacity(75, 1.0, 1.0) == pytest.approx(1.3718 ** (74 / 4) * 0.001**0.5, rel=2e-3)


def test_what_fits_grows_exponentially_with_the_length() -> None:
    """The largest number of random patterns of which nine in ten are fixed points of one update, doubling each time."""
    rng, lengths, fits = np.random.default_rng(3), (6, 8, 10, 12, 14), []
    for d in lengths:
        n = 2.0
        while n < 20_000:
            X = sphere(rng, int(n), d)
            found = _stored(X).recall(X[:200])
            if (np.linalg.norm(found - X[:200], axis=1) < 0.2 * np.sqrt(d)).mean() < 0.9:
                break
            n *= 1.5
        fits.append(np.log(n))
    slope, start = np.polyfit(lengths, fits, 1)
    assert slope > 0.1, fits
    assert np.corrcoef(lengths, fits)[0, 1] > 0.97, fits
    assert start < fits[0]


def test_the_three_kinds_of_fixed_points() -> None:
    rng = np.random.default_rng(4)
    X = np.concatenate([np.tile(rng.standard_normal(32) * 2, (3, 1)) + 0.2 * rng.standard_normal((3, 32)), np.eye(32)])
    X *= 8 / np.linalg.norm(X, axis=1, keepdims=True)
    mean = hopfield(beta=1e-6, steps=3).fit(X).recall(X[:1])
    assert np.abs(mean - X.mean(0)).max() < 1e-3
    group = hopfield(beta=0.3, steps=5).fit(X).recall(X[:1])
    assert np.linalg.norm(group - X[:3].mean(0)) < 0.5 * np.linalg.norm(group - X[0])
    assert np.abs(hopfield(beta=20.0).fit(X).recall(X[:1]) - X[0]).max() < 1e-3


def test_options_are_checked() -> None:
    for options in ({"beta": 0.0}, {"steps": 0}):
        with pytest.raises(BadInput):
            hopfield(**options)
        with pytest.raises(BadInput):
            hopfield().set_params(**options)
