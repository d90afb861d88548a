"""Codes are as alike as their inputs; one exposure stores; time and space do not grow with what is stored."""

from __future__ import annotations

import numpy as np
import pytest

from mnesis.errors import BadInput
from mnesis.neural.assoc._patterns import agreement, drawn
from mnesis.neural.assoc.sparsey import sparsey


def test_codes_are_the_more_alike_the_more_the_inputs_are() -> None:
    """After one input, others that share 0 to 12 of its 12 ones: the shared part of the codes follows."""
    shared = []
    for overlap in (0, 3, 6, 9, 12):
        found = []
        for seed in range(12):
            first, second = np.zeros((1, 96)), np.zeros((1, 96))
            first[0, :12] = 1
            second[0, 12 - overlap : 24 - overlap] = 1
            memory = sparsey(seed=seed).fit(first)
            before = memory.code(first)
            memory.partial_fit(second)
            found.append(float((before == memory.code(second)).mean()))
        shared.append(np.mean(found))
    assert shared == sorted(shared), shared
    assert shared[0] < 0.25
    assert 0.3 < shared[2] < 0.8
    assert shared[-1] == 1.0


def test_one_exposure_stores_and_a_third_recalls() -> None:
    rng = np.random.default_rng(1)
    patterns = drawn(rng, "binary", 25, 128, 12)
    memory = sparsey(modules=32).fit(patterns)
    cues = patterns.copy()
    for cue in cues:
        cue[rng.permutation(np.flatnonzero(cue))[:8]] = 0
    assert agreement(memory.recall(cues), patterns, "binary").mean() > 0.97


def test_familiarity_tells_the_known_from_the_new() -> None:
    rng = np.random.default_rng(2)
    known, new = drawn(rng, "binary", 10, 96, 10), drawn(rng, "binary", 10, 96, 10)
    memory = sparsey().fit(known)
    assert memory.familiarity(known).min() == 1.0
    assert memory.familiarity(new).max() < 0.8


def test_classes_show_in_codes_that_were_never_told_of_them() -> None:
    """A by-product: members of a class share more of their codes than members of two, and each is still itself."""
    rng = np.random.default_rng(3)
    rows = []
    for label in range(3):
        for _ in range(6):
            row = np.zeros(90)
            row[label * 30 + rng.permutation(15)[:10]] = 1
            row[rng.permutation(90)[:2]] = 1
            rows.append(row)
    X, labels = np.array(rows), np.repeat(np.arange(3), 6)
    memory = sparsey(modules=32, cells=32, contrast=0.5).fit(X)
    codes = memory.code(X)
    alike = (codes[:, None] == codes[None]).mean(2)
    same = labels[:, None] == labels[None]
    assert alike[same & ~np.eye(18, dtype=bool)].mean() > 2 * alike[~same].mean()
    assert agreement(memory.recall(X), X, "binary").mean() > 0.98


def test_the_state_stays_its_size() -> None:
    patterns = drawn(np.random.default_rng(4), "binary", 30, 64, 8)
    memory = sparsey().fit(patterns[:1])
    before = memory.capacity().bytes
    assert memory.partial_fit(patterns).capacity().bytes == before


@pytest.mark.parametrize("options", [{"modules": 0}, {"cells": 1}, {"contrast": 0.0}])
def test_options_are_checked(options: dict[str, float]) -> None:
    with pytest.raises(BadInput):
        sparsey(**options)
