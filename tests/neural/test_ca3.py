"""Learn, recall from any fragment, forget: orthogonal memories and memories that overlap or hold one another."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from mnesis.errors import BadInput
from mnesis.neural.assoc.ca3 import ca3


def test_every_fragment_of_orthogonal_memories_brings_the_whole() -> None:
    patterns = np.kron(np.eye(4), np.ones(5))
    memory = ca3().fit(patterns)
    for pattern in patterns:
        on = np.flatnonzero(pattern)
        for size in range(1, 6):
            for some in itertools.combinations(on, size):
                cue = np.zeros((1, 20))
                cue[0, list(some)] = 1
                assert np.array_equal(memory.recall(cue)[0], pattern)


def test_memories_that_overlap_are_told_apart_by_what_only_one_has() -> None:
    patterns = np.zeros((3, 9))
    patterns[0, :5], patterns[1, 3:8], patterns[2, [0, 4, 8]] = 1, 1, 1
    memory = ca3().fit(patterns)
    assert np.array_equal(memory.recall(patterns), patterns)
    cues = np.zeros((3, 9))
    cues[0, [1, 3]], cues[1, [3, 7]], cues[2, 8] = 1, 1, 1
    assert np.array_equal(memory.recall(cues), patterns)


def test_a_memory_inside_another_is_recalled_by_itself() -> None:
    patterns = np.zeros((2, 6))
    patterns[0, :2], patterns[1, :4] = 1, 1
    assert np.array_equal(ca3().fit(patterns).recall(patterns), patterns)


def test_a_cue_that_is_used_again_forgets_what_it_stood_for() -> None:
    patterns = np.kron(np.eye(4), np.ones(3))
    memory = ca3(cues=3).fit(patterns[:3])
    memory.partial_fit(patterns[3:])
    assert memory.capacity().stored == memory.capacity().limit == 3
    assert not memory.recall(patterns[:1]).any()
    assert np.array_equal(memory.recall(patterns[1:]), patterns[1:])


def test_what_belongs_to_nothing_recalls_nothing() -> None:
    memory = ca3().fit([[1, 1, 0, 0, 0]])
    assert not memory.recall([[0, 0, 0, 1, 1]]).any()


def test_synapses_stay_in_their_range_and_silence_weakens_them() -> None:
    memory = ca3(cues=2).fit([[1, 1, 0, 0]])
    inward = memory.state_["inward"][:, 0].copy()
    assert inward.tolist() == [1.0, 1.0, 0.0, 0.0]
    memory.forget([[1, 1, 0, 0]])
    assert not memory.state_["inward"].any()
    assert not memory.state_["outward"].any()


def test_options_are_checked() -> None:
    with pytest.raises(BadInput, match="cues"):
        ca3(cues=0)
