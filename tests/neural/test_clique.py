"""Clean cliques come out of noise, and grow back from a fraction of their ones."""

from __future__ import annotations

import numpy as np
import pytest

from mnesis.errors import BadInput
from mnesis.neural.assoc._patterns import agreement, drawn
from mnesis.neural.assoc.clique import clique


def cliques(patterns: np.ndarray) -> np.ndarray:
    """The binary memory of the clean patterns: units of one pattern linked, nothing else."""
    links = (patterns.T @ patterns) > 0
    np.fill_diagonal(links, False)
    return links


@pytest.mark.parametrize(("erased", "inserted"), [(0.0, 0.0), (0.1, 0.01), (0.2, 0.03)])
def test_what_noise_leaves_is_the_memory_of_the_clean_patterns(erased: float, inserted: float) -> None:
    patterns = drawn(np.random.default_rng(0), "binary", 30, 128, 8)
    memory = clique(erased=erased, inserted=inserted, shows=40).fit(patterns)
    assert np.array_equal(memory.state_["links"] > 0, cliques(patterns))


def test_without_consolidation_the_noise_would_be_learned() -> None:
    patterns = drawn(np.random.default_rng(0), "binary", 30, 128, 8)
    memory = clique(erased=0.2, inserted=0.03, shows=40, consolidate=0.01).fit(patterns)
    wrong = (memory.state_["links"] > 0) & ~cliques(patterns)
    assert wrong.sum() > 0.1 * cliques(patterns).sum()


def test_half_of_the_ones_bring_back_the_rest() -> None:
    rng = np.random.default_rng(1)
    patterns = drawn(rng, "binary", 60, 256, 12)
    memory = clique(active=12, erased=0.05).fit(patterns)
    cues = patterns * (rng.random(patterns.shape) < 0.5)
    assert agreement(memory.recall(cues), patterns, "binary").mean() > 0.99


def test_recall_falls_off_around_the_limit_it_tells() -> None:
    rng = np.random.default_rng(2)
    found = {}
    for load in (0.25, 1.0, 4.0):
        limit = np.log(2) * (96 / 8) ** 2
        patterns = drawn(rng, "binary", round(load * limit), 96, 8)
        memory = clique(erased=0.0, inserted=0.0, shows=1).fit(patterns)
        assert memory.capacity().limit == pytest.approx(limit)
        cues = patterns.copy()
        for cue in cues:
            cue[np.flatnonzero(cue)[:3]] = 0
        found[load] = float(agreement(memory.recall(cues), patterns, "binary").mean())
    assert found[0.25] > 0.99
    assert found[0.25] >= found[1.0] > found[4.0]
    assert found[4.0] < 0.7


def test_energy_is_limited() -> None:
    patterns = drawn(np.random.default_rng(3), "binary", 5, 64, 8)
    memory = clique().fit(patterns)
    assert memory.recall(np.ones((1, 64))).sum() <= 8
    with pytest.raises(BadInput, match="active=8"):
        memory.partial_fit(np.ones((1, 64)))


@pytest.mark.parametrize("options", [{"active": 0}, {"shows": 0}, {"erased": 1.0}, {"consolidate": 0.0}])
def test_options_are_checked(options: dict[str, float]) -> None:
    with pytest.raises(BadInput):
        clique(**options)
