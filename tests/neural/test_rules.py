"""What each rule is for: shown on the rule itself, with keys and gates chosen by hand."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from mnesis import catalog
from mnesis.neural.rule import Rule, Size, State
from mnesis.neural.rule.legendre import delayed

KEYS, VALUES = 8, 4


def begun(rule: Rule, x: dict[str, Tensor], size: Size | None = None) -> State:
    return rule.init(size or Size(1, KEYS, VALUES), 1, x)


def told(keys: Tensor, values: Tensor, **gates: float) -> dict[str, Tensor]:
    """Keys [T, K] with values [T, V]; the last key is asked for and brings nothing new."""
    x = {"q": keys, "k": keys.clone(), "v": values.clone()}
    x["k"][-1] = 0
    x["v"][-1] = 0
    x |= {name: torch.full((len(keys),), value) for name, value in gates.items()}
    return {name: value[None, :, None] for name, value in x.items()}


def read(rule: Rule, x: dict[str, Tensor]) -> Tensor:
    return rule.chunked(begun(rule, x), x, chunk=4)[0][0, -1, 0]


@pytest.fixture
def rewritten() -> tuple[Tensor, Tensor]:
    """One key with an old value, others, the same key with a new value; asked for at the end."""
    keys, values = torch.eye(KEYS)[[0, 1, 2, 0, 0]], torch.randn(5, VALUES, generator=torch.Generator().manual_seed(0))
    return keys, values


def test_the_additive_rule_mixes_old_and_new(rewritten: tuple[Tensor, Tensor]) -> None:
    keys, values = rewritten
    assert torch.allclose(read(catalog.make("neural.rule.additive"), told(keys, values)), values[0] + values[3])


@pytest.mark.parametrize("address", ["neural.rule.delta", "neural.rule.gated_delta"])
def test_the_delta_rule_replaces_the_old_value(address: str, rewritten: tuple[Tensor, Tensor]) -> None:
    keys, values = rewritten
    gates = {"rate": 1.0} | ({"decay": 0.0} if "gated" in address else {})
    assert torch.allclose(read(catalog.make(address), told(keys, values, **gates)), values[3], atol=1e-6)


def test_a_gate_empties_the_whole_memory_and_the_delta_rule_one_key() -> None:
    keys, values = torch.eye(KEYS)[[0, 1, 2, 1]], torch.ones(4, VALUES)
    x = told(keys, values, rate=1.0, decay=0.0)
    x["decay"][0, 2] = -30.0  # the third step closes the gate
    assert float(read(catalog.make("neural.rule.gated_delta"), x).abs().max()) < 1e-6
    assert torch.allclose(read(catalog.make("neural.rule.delta"), told(keys, values, rate=1.0)), torch.ones(VALUES))


def test_a_gate_for_each_row_forgets_one_coordinate_and_keeps_the_rest() -> None:
    keys, values = torch.eye(KEYS)[[0, 1, 2, 0]], torch.ones(4, VALUES)
    x = told(keys, values)
    x["decay"] = torch.zeros(1, 4, 1, KEYS)
    x["decay"][0, 2, 0, 0] = -30.0
    rule = catalog.make("neural.rule.gated")
    assert float(read(rule, x).abs().max()) < 1e-6
    x["q"] = x["q"].clone()
    x["q"][0, -1, 0] = torch.eye(KEYS)[1]
    assert torch.allclose(read(rule, x), torch.ones(VALUES))


def test_a_fixed_decay_halves_with_its_half_life_and_a_gate_can_wait() -> None:
    keys = torch.eye(KEYS)[[0] * 11]
    x = told(keys, torch.cat([torch.ones(1, VALUES), torch.zeros(10, VALUES)]), decay=0.0)
    x["k"][0, 1:] = 0
    rule = catalog.make("neural.rule.decayed")
    assert torch.allclose(read(rule, x), torch.ones(VALUES))
    x["decay"][:] = torch.tensor(0.5).log() / 5
    assert torch.allclose(read(rule, x), torch.full((VALUES,), 0.25))


def test_what_is_stale_elsewhere_can_be_erased_while_something_else_is_written() -> None:
    """The delta rule corrects only where it writes; the second address is what erase-then-delta adds."""
    keys, values = torch.eye(KEYS)[[0, 1, 2, 0]], torch.ones(4, VALUES)
    x = told(keys, values, rate=1.0, decay=0.0, erase=0.0)
    x["e"] = torch.eye(KEYS)[[0, 0, 0, 0]][None, :, None]
    rule = catalog.make("neural.rule.erase_delta")
    assert torch.allclose(read(rule, x), torch.ones(VALUES))
    x["erase"][0, 2] = 1.0  # while the third key is written, the first is erased
    assert float(read(rule, x).abs().max()) < 1e-6
    x["q"] = torch.eye(KEYS)[[2, 2, 2, 2]][None, :, None]
    assert torch.allclose(read(rule, x), torch.ones(VALUES))
    assert torch.allclose(read(catalog.make("neural.rule.delta"), told(keys, values, rate=1.0)), torch.ones(VALUES))


@pytest.mark.parametrize("flips", [[1, 0, 1, 1], [1, 1, 0, 0], [0, 0, 0, 0]])
def test_a_rate_of_two_reflects_so_parity_can_be_followed(flips: list[int]) -> None:
    """A key written with rate 2 and value 0 turns the sign of what is stored; a decay between 0 and 1 never does."""
    steps = len(flips) + 2
    x = told(torch.ones(steps, 1), torch.zeros(steps, 1), rate=0.0)
    x["k"][:] = 1.0
    x["v"][0, 0], x["rate"][0, :, 0] = 1.0, torch.tensor([1.0, *(2.0 * f for f in flips), 0.0])
    rule = catalog.make("neural.rule.delta")
    found = rule.chunked(begun(rule, x, Size(1, 1, 1)), x, chunk=4)[0][0, -1, 0, 0]
    assert float(found) == pytest.approx((-1.0) ** sum(flips))


def test_a_transition_swaps_what_two_keys_hold() -> None:
    """I - u u with u of length sqrt 2 along the difference is a permutation: the state follows who holds what."""
    values = torch.tensor([[1.0], [2.0], [0.0], [0.0]])
    x = told(torch.eye(KEYS)[[0, 1, 0, 0]], values)
    across = (torch.eye(KEYS)[0] - torch.eye(KEYS)[1])[None, :]
    x["k"][0, 2] = 0
    x["b"] = torch.cat([torch.zeros(2, KEYS), across, torch.zeros(1, KEYS)])[None, :, None]
    x |= {"a": -x["b"], "decay": torch.zeros(1, 4, 1, KEYS)}
    rule = catalog.make("neural.rule.transition")
    found = rule.chunked(begun(rule, x, Size(1, KEYS, 1)), x, chunk=3)[0][0, :, 0, 0]
    assert found.tolist() == [1.0, 2.0, 2.0, 2.0]


def test_a_step_of_nothing_keeps_everything_and_a_long_one_starts_anew() -> None:
    """Selectivity: input and decay scale together, so noise with a step of zero leaves no trace."""
    step = torch.tensor([5.0, 0.0, 0.0, 0.0])
    x = {"q": torch.ones(1, 4, 1, 2), "k": torch.ones(1, 4, 1, 2), "v": torch.randn(1, 4, 1, 3)}
    x["v"], x["decay"] = x["v"] * step[None, :, None, None], -step[None, :, None, None, None].expand(1, 4, 1, 2, 3)
    rule = catalog.make("neural.rule.elementwise")
    y = rule.chunked(begun(rule, x, Size(1, 2, 3)), x)[0]
    assert torch.allclose(y[0, -1], y[0, 0])
    again = {**x, "decay": x["decay"].clone(), "v": x["v"].clone()}
    again["decay"][0, 3], again["v"][0, 3] = -40.0, 7.0
    assert torch.allclose(rule.chunked(begun(rule, x, Size(1, 2, 3)), again)[0][0, -1], torch.full((1, 3), 14.0))


@pytest.mark.parametrize("share", [0.25, 0.5, 1.0])
def test_a_legendre_memory_is_a_delay_line_within_its_window_and_nothing_beyond(share: float) -> None:
    window, order, steps = 40, 12, 120
    rule = catalog.make("neural.rule.legendre", window=float(window))
    signal = torch.sin(torch.arange(steps) / 6.0) + 0.5 * torch.sin(torch.arange(steps) / 3.3)
    x = {"v": signal.reshape(1, steps, 1, 1)}
    x["q"] = delayed(order, share).reshape(1, 1, 1, order, 1).expand(1, steps, 1, order, 1)
    heard = rule.chunked(rule.init(Size(1, order, 1), 1, x), x, chunk=16)[0][0, :, 0, 0]
    back = round(share * window)
    error = (heard[2 * window :] - signal[2 * window - back : steps - back]).abs().max()
    assert float(error) < 0.2  # half a step of this signal is 0.16
    x["v"] = torch.cat([10 * torch.ones(1, 20, 1, 1), torch.zeros(1, steps - 20, 1, 1)], dim=1)
    assert float(rule.chunked(rule.init(Size(1, order, 1), 1, x), x)[0][0, -20:].abs().max()) < 0.05
