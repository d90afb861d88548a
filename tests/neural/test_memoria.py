"""What fired together is remembered together, whatever it looks like; what is used lives on."""

from __future__ import annotations

import numpy as np
import pytest

from mnesis.errors import BadInput
from mnesis.neural.assoc.memoria import LONG, SHORT, WORKING, memoria


def test_engrams_move_from_working_to_short_to_long() -> None:
    X = np.random.default_rng(0).standard_normal((9, 8))
    memory = memoria(working=2, short=3).fit(X)
    assert memory.state_["level"].tolist() == [LONG] * 4 + [SHORT] * 3 + [WORKING] * 2
    assert np.array_equal(memory.state_["E"], X)


def test_a_link_is_the_share_of_firing_together() -> None:
    """By hand: one in mind at a time and one reminded, the engrams so far apart that nothing else is."""
    X = np.eye(3) * 30
    memory = memoria(working=1, short=1, reminds=1, depth=0, gain=0.0).fit(X)
    # steps: {0}, {1, 0}, {2, 1}: 0 fired twice, once with 1; 1 twice, once with 0 and once with 2; 2 once, with 1
    assert memory.state_["together"].tolist() == [[2, 1, 0], [1, 2, 1], [0, 1, 1]]
    assert memory.links().tolist() == [[1, 0.5, 0], [0.5, 1, 0.5], [0, 1, 1]]


def test_long_memory_is_reached_by_association_and_by_nothing_else() -> None:
    """A pair that was in mind together: later its one half, in short-term memory, brings the other from long-term."""
    rng = np.random.default_rng(1)
    pair, others = 3 * rng.standard_normal((2, 16)), 3 * rng.standard_normal((12, 16))

    memory = memoria(working=2, short=3, reminds=1, depth=1).fit(pair)
    for _ in range(3):
        memory.partial_fit(pair)
    memory.partial_fit(others[:5])
    assert (memory.state_["level"][:2] == LONG).all()
    memory.partial_fit(pair[:1])  # the half is thought of again, and sinks to short-term memory
    memory.partial_fit(others[5:7])
    rows = memory.state_["E"]
    brought = [rows[row] for row in memory.reminded(pair[0])]
    assert np.array_equal(brought[0], pair[0])
    assert any(np.array_equal(each, pair[1]) for each in brought)

    cut = {**memory.state_, "together": np.diag(np.diag(memory.state_["together"]))}
    alone = memoria(working=2, short=3, reminds=1, depth=1).load(cut)
    assert [rows[row].tolist() for row in alone.reminded(pair[0])] == [pair[0].tolist()]
    assert not np.array_equal(alone.recall(pair[1:]), pair[1:])  # it is there, and nothing leads to it


def test_what_is_used_lives_on_and_the_rest_is_forgotten() -> None:
    rng = np.random.default_rng(2)
    used = rng.standard_normal((1, 16))
    memory = memoria(working=1, short=30, reminds=1, depth=0, lifetime=10.0).fit(used)
    unused = rng.standard_normal((1, 16)) + 4
    memory.partial_fit(unused)
    for _ in range(20):
        memory.partial_fit(used + 0.05 * rng.standard_normal((1, 16)))
    kept = memory.state_["E"]
    assert not (np.abs(kept - unused).max(1) < 1e-9).any()
    assert memory.capacity().stored > 9
    plain = memoria(working=1, short=30, reminds=1, depth=0, lifetime=10.0, gain=0.0).fit(rng.standard_normal((25, 16)))
    assert plain.capacity().stored == 9  # without gain nothing outlives its time
    assert memory.capacity().stored > plain.capacity().stored


def test_what_is_stored_again_returns_to_working_memory() -> None:
    X = np.random.default_rng(3).standard_normal((6, 8))
    memory = memoria(working=1, short=2).fit(X)
    memory.partial_fit(X[:1])
    assert np.array_equal(memory.state_["E"][-1], X[0])
    assert memory.state_["level"][-1] == WORKING
    assert memory.capacity().stored == 6


@pytest.mark.parametrize("options", [{"working": 0}, {"reminds": 0}, {"depth": -1}, {"lifetime": 0.0}, {"gain": -1.0}])
def test_options_are_checked(options: dict[str, float]) -> None:
    with pytest.raises(BadInput):
        memoria(**options)
