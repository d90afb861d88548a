"""Every memory of the slot neural.assoc: stores, recalls from a part, forgets, says how full it is."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnesis import catalog
from mnesis.errors import BadInput, UnknownName
from mnesis.neural.assoc import Memory
from mnesis.neural.assoc._patterns import agreement, noisy, partly

SUBJECTS = catalog.names("neural.assoc")
FEATURES, FEW = 64, 6
WHOLE, PART, HALF = 0.99, 0.95, 0.5  # agreement wanted of whole cues, of three quarters, of cues half of which is wrong


@pytest.fixture(params=SUBJECTS)
def address(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def memory(address: str) -> Memory:
    return catalog.make(address)


@pytest.fixture
def patterns(memory: Memory) -> np.ndarray:
    return memory.draw(np.random.default_rng(0), FEW, FEATURES)


def recalled(memory: Memory, cues: np.ndarray, patterns: np.ndarray) -> float:
    return float(agreement(memory.recall(cues), patterns, memory.kind).mean())


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)


def test_options_are_few_and_have_defaults_and_are_kept(memory: Memory, address: str) -> None:
    options = memory.get_params()
    assert len(options) <= 8
    again = type(memory)(**options)
    assert again.get_params() == options
    assert again == memory
    assert memory.set_params(**options) is memory
    with pytest.raises(UnknownName, match="option"):
        memory.set_params(bta=1)
    assert memory.get_params() == options


def test_none_needs_torch() -> None:
    code = f"import sys; from mnesis import catalog; [catalog.make(each) for each in {SUBJECTS!r}]; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {f"mnesis.{each}" for each in SUBJECTS} <= loaded
    assert "torch" not in loaded


def test_whole_cues_bring_their_patterns(memory: Memory, patterns: np.ndarray) -> None:
    assert memory.fit(patterns) is memory
    assert recalled(memory, patterns, patterns) >= WHOLE


def test_a_part_brings_the_whole(memory: Memory, patterns: np.ndarray) -> None:
    memory.fit(patterns)
    cues = partly(np.random.default_rng(1), patterns, 0.25)
    assert recalled(memory, cues, patterns) >= PART


def test_noise_harms_by_degrees(memory: Memory, patterns: np.ndarray) -> None:
    memory.fit(patterns)
    found = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        draws = [noisy(np.random.default_rng(seed), patterns, memory.kind, share) for seed in range(8)]
        found.append(float(np.mean([recalled(memory, cues, patterns) for cues in draws])))
    assert found[0] >= WHOLE
    assert found[1] >= 0.9, found
    assert found[2] >= HALF, found
    assert found[4] < HALF, found
    assert all(later <= earlier + 0.05 for earlier, later in pairwise(found)), found


def test_nothing_is_chance_but_the_seed(address: str, patterns: np.ndarray) -> None:
    one, other = catalog.make(address).fit(patterns), catalog.make(address).fit(patterns)
    assert same(one.state_, other.state_)
    cues = noisy(np.random.default_rng(2), patterns, one.kind, 0.5)
    assert np.array_equal(one.recall(cues), other.recall(cues))
    assert np.array_equal(one.recall(cues), one.recall(cues))


def test_another_seed_is_another_memory_that_recalls_as_well(memory: Memory, patterns: np.ndarray) -> None:
    if "seed" not in memory.get_params():
        pytest.skip("nothing in this memory is left to chance, so it has no seed")
    wild = {"erased": 0.4} if "erased" in memory.get_params() else {}  # so that chance shows in what is kept
    one = type(memory)(seed=0, **wild).fit(patterns)
    other = type(memory)(seed=5, **wild).fit(patterns)
    assert not same(one.state_, other.state_)
    assert recalled(other.set_params(seed=1), patterns, patterns) >= (PART if not wild else 0.8)


def test_one_after_the_other_is_all_at_once(address: str, patterns: np.ndarray) -> None:
    whole, pieces = catalog.make(address).fit(patterns), catalog.make(address)
    for piece in np.array_split(patterns, [1, 3]):
        assert pieces.partial_fit(piece) is pieces
    assert same(whole.state_, pieces.state_)


def test_fit_begins_anew(memory: Memory, patterns: np.ndarray) -> None:
    memory.fit(patterns).fit(patterns[:2])
    assert memory.capacity().stored == 2
    assert recalled(memory, patterns[:2], patterns[:2]) >= WHOLE
    assert agreement(memory.recall(patterns[2:]), patterns[2:], memory.kind).max() < PART


def test_what_is_forgotten_is_gone_and_the_rest_stays(memory: Memory, patterns: np.ndarray) -> None:
    memory.fit(patterns)
    assert memory.forget(patterns[:2]) is memory
    gone = agreement(memory.recall(patterns[:2]), patterns[:2], memory.kind)
    assert gone.max() < PART, gone
    assert recalled(memory, patterns[2:], patterns[2:]) >= WHOLE
    assert memory.capacity().stored == FEW - 2
    with pytest.raises(BadInput, match="not stored"):
        memory.forget(patterns[:1])
    memory.partial_fit(patterns[:2])
    assert recalled(memory, patterns, patterns) >= WHOLE


def test_forgetting_is_all_or_nothing(memory: Memory, patterns: np.ndarray) -> None:
    memory.fit(patterns[:4])
    before = {name: value.copy() for name, value in memory.state_.items()}
    with pytest.raises(BadInput, match="Pattern 1 of those to forget is not stored"):
        memory.forget(patterns[[0, 5]])
    assert same(memory.state_, before)


def test_forgetting_everything_leaves_an_empty_memory(memory: Memory, patterns: np.ndarray) -> None:
    memory.fit(patterns).forget(patterns)
    assert memory.capacity().stored == 0
    with pytest.raises(BadInput, match="Nothing is stored"):
        memory.recall(patterns)


def test_what_is_stored_twice_is_stored_once_and_forgotten_at_once(memory: Memory, patterns: np.ndarray) -> None:
    memory.fit(patterns).partial_fit(patterns[:2])
    assert memory.capacity().stored == FEW
    memory.forget(patterns[:1])
    assert agreement(memory.recall(patterns[:1]), patterns[:1], memory.kind).max() < PART


def test_capacity_is_told(memory: Memory, patterns: np.ndarray) -> None:
    with pytest.raises(BadInput, match="store some first"):
        memory.capacity()
    told = memory.fit(patterns).capacity()
    assert told.stored == FEW
    assert told.limit > FEW
    assert told.load == (told.stored / told.limit if np.isfinite(told.limit) else 0.0)
    assert told.bytes == sum(value.nbytes for value in memory.state_.values()) > 0
    assert len(told.because.split()) >= 4


def test_a_state_is_saved_and_loaded(address: str, memory: Memory, patterns: np.ndarray, tmp_path: Path) -> None:
    memory.fit(patterns)
    np.savez(tmp_path / "memory.npz", **memory.state_)
    fresh = catalog.make(address)
    with np.load(tmp_path / "memory.npz", allow_pickle=False) as kept:
        fresh.load(kept)
    cues = noisy(np.random.default_rng(3), patterns, memory.kind, 0.4)
    assert np.array_equal(fresh.recall(cues), memory.recall(cues))
    more = memory.draw(np.random.default_rng(4), 3, FEATURES)
    assert same(fresh.partial_fit(more).state_, memory.partial_fit(more).state_)
    with pytest.raises(BadInput, match="holds"):
        fresh.load({"other": np.zeros(3)})


def test_recall_changes_nothing_and_neither_do_callers_arrays(memory: Memory, patterns: np.ndarray) -> None:
    given = patterns.copy()
    memory.fit(given)
    state = {name: value.copy() for name, value in memory.state_.items()}
    cues = partly(np.random.default_rng(5), patterns, 0.25)
    kept = cues.copy()
    out = memory.recall(cues)
    out[:] = 0
    assert same(memory.state_, state)
    assert np.array_equal(cues, kept, equal_nan=True)
    given[:] = 0
    assert recalled(memory, patterns, patterns) >= WHOLE


def test_cues_do_not_know_each_other(memory: Memory, patterns: np.ndarray) -> None:
    memory.fit(patterns)
    cues = noisy(np.random.default_rng(6), patterns, memory.kind, 0.4)
    together = memory.recall(cues)
    assert together.shape == cues.shape
    assert np.allclose(together, np.concatenate([memory.recall(each[None]) for each in cues]))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([1.0, 0.0], "shape"),
        (np.zeros((0, 4)), "no patterns"),
        ([[1.0, 0.0], [1.0]], "rows of numbers"),
        ([["a", "b"]], "rows of numbers"),
        ([[1.0, float("nan")]], "NaN"),
        ([[1.0, float("inf")]], "infinity"),
    ],
)
def test_what_is_no_pattern_is_refused(memory: Memory, rows: Any, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        memory.fit(rows)


def test_what_is_no_pattern_of_this_kind_is_refused(memory: Memory) -> None:
    if memory.kind == "real":
        pytest.skip("every finite number may stand in a real pattern")
    with pytest.raises(BadInput, match="made for"):
        memory.fit([[0.5, 1.0]])


def test_cues_are_checked(memory: Memory, patterns: np.ndarray) -> None:
    with pytest.raises(BadInput, match="Nothing is stored"):
        memory.recall(patterns)
    with pytest.raises(BadInput, match="Nothing is stored"):
        memory.forget(patterns)
    memory.fit(patterns)
    for wrong in (patterns[:, :-1], np.concatenate([patterns, patterns], axis=1)):
        with pytest.raises(BadInput, match="long"):
            memory.recall(wrong)
        with pytest.raises(BadInput, match="long"):
            memory.partial_fit(wrong)
    with pytest.raises(BadInput, match="knows nothing"):
        memory.recall(np.full((1, FEATURES), np.nan))
