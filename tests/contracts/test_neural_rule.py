"""Every rule of the slot neural.rule: chunks are the steps, in output, final state and gradients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor

from mnesis import catalog
from mnesis.neural import learner, objective, retention, structure
from mnesis.neural.rule import Inputs, Port, Rule, Size, State, sequential, state_bytes

SUBJECTS = catalog.names("neural.rule")
# Options that make another rule of the same file; every subject is also checked with none.
VARIANTS: dict[str, dict[str, dict[str, Any]]] = {
    "neural.rule.gated_delta": {"each key": {"each_key": True}},
    "neural.rule.gradient": {
        "anew at every step": {"every": 1},
        "momentum": {"learner": learner.momentum(), "every": 4},
        "network with momentum": {"structure": structure.mlp(), "learner": learner.momentum(), "every": 4},
        "residual": {"structure": structure.mlp(residual=True), "retention": retention.kept(), "every": 5},
        "inner product": {"objective": objective.inner_product(), "retention": retention.kept()},
        "power and bounded": {"objective": objective.power(3.0), "retention": retention.bounded(4.0), "every": 4},
        "huber": {"structure": structure.mlp(), "objective": objective.huber(), "every": 4},
        "simplex": {"retention": retention.simplex(), "every": 3},
        "window": {"learner": learner.omega(3), "every": 4},
        "window, huber": {"learner": learner.omega(3), "objective": objective.huber(), "every": 1},
        "window, turned": {"structure": structure.mlp(), "learner": learner.muon(3), "every": 4},
    },
}
SIZE = Size(heads=2, keys=4, values=4, hidden=6)
ROWS, STEPS = 2, 13
CLOSE = 1e-5  # of the largest number compared, in float32
CLOSE_BF16 = 2e-2  # inputs rounded to bfloat16, the state kept in float32
# Rules that magnify rounding itself, and by how much.
CONDITION = {"neural.rule.gradient: window, turned": 100.0}  # singular values near zero grow 485-fold in five rounds
WORST = 0.25


ALL = [(address, name) for address in SUBJECTS for name in ("", *VARIANTS.get(address, {}))]


IDS = [f"{address}: {name}" if name else address for address, name in ALL]


@pytest.fixture(params=ALL, ids=IDS)
def rule(request: pytest.FixtureRequest) -> Rule:
    address, name = request.param
    made: Rule = catalog.make(address, **(VARIANTS[address][name] if name else {}))
    return made


@pytest.fixture
def close(request: pytest.FixtureRequest) -> float:
    """How near numbers in float32 must be, of the largest compared."""
    return CLOSE * next((each for name, each in CONDITION.items() if f"[{name}" in request.node.name), 1.0)


def test_variants_belong_to_subjects() -> None:
    assert set(VARIANTS) <= set(SUBJECTS)
    assert set(CONDITION) <= set(IDS)


def drawn(port: Port, shape: tuple[int, ...], seed: torch.Generator) -> Tensor:
    """Numbers in the range of a port."""
    x = torch.randn(shape, generator=seed)
    if port.range == "sphere":
        return torch.nn.functional.normalize(x, dim=-1)
    if port.range == "unit":
        return x.sigmoid()
    if port.range == "positive":
        return torch.nn.functional.softplus(x) * 0.3
    if port.range == "log":
        return -torch.nn.functional.softplus(x)
    return x if not port.once else x / 2


def inputs(rule: Rule, steps: int = STEPS, seed: int = 0) -> dict[str, Tensor]:
    source = torch.Generator().manual_seed(seed)
    return {name: drawn(port, port.shape(SIZE, ROWS, steps), source) for name, port in rule.ports.items()}


def part(rule: Rule, x: Inputs, start: int, stop: int) -> dict[str, Tensor]:
    return {name: v if rule.ports[name].once else v[:, start:stop] for name, v in x.items()}


def check_close(one: Tensor, other: Tensor, what: str, tolerance: float) -> None:
    assert one.shape == other.shape, what
    scale = max(float(other.detach().abs().max()), 1.0)
    worst = float((one - other).detach().abs().max()) / scale
    assert worst <= tolerance, f"{what}: off by {worst:.1e} of {scale:.1e}"


def check_same(one: tuple[Tensor, State], other: tuple[Tensor, State], tolerance: float) -> None:
    check_close(one[0], other[0], "output", tolerance)
    assert one[1].keys() == other[1].keys()
    for name in other[1]:
        check_close(one[1][name], other[1][name], f"state {name}", tolerance)


def begun(rule: Rule, x: Inputs, steps: int = 7) -> State:
    """A state that is not empty."""
    before = {**inputs(rule, steps, seed=1), **{n: v for n, v in x.items() if rule.ports[n].once}}
    return sequential(rule, rule.init(SIZE, ROWS, before), before)[1]


@pytest.mark.parametrize("chunk", [1, 3, 4, 64])
def test_chunks_are_the_steps(rule: Rule, close: float, chunk: int) -> None:
    x = inputs(rule)
    state = begun(rule, x)
    check_same(rule.chunked(state, x, chunk=chunk), sequential(rule, state, x), close)


def test_gradients_are_those_of_the_steps(rule: Rule, close: float) -> None:
    def gradients(chunked: bool) -> Iterator[tuple[str, Tensor]]:
        x = {name: value.requires_grad_() for name, value in inputs(rule).items()}
        leaves = {n: v.detach() for n, v in begun(rule, x).items()}
        leaves = {n: v.requires_grad_() if v.is_floating_point() else v for n, v in leaves.items()}
        fresh = rule.init(SIZE, ROWS, x)  # what is handed over once enters here
        state = {n: v + fresh[n] if v.is_floating_point() else v for n, v in leaves.items()}
        y, after = rule.chunked(state, x, chunk=4) if chunked else sequential(rule, state, x)
        weight = torch.linspace(-1, 1, y.numel()).reshape(y.shape)
        (y * weight).sum().add(sum(each.square().sum() for each in after.values())).backward()
        for name, value in {**x, **leaves}.items():
            if value.is_floating_point():
                assert value.grad is not None, name
                yield name, value.grad

    found = dict(gradients(True))
    for name, value in gradients(False):
        check_close(found[name], value, f"gradient of {name}", close)
    assert all(float(found[name].abs().max()) > 0 for name in rule.ports)


def test_a_sequence_may_be_split_anywhere(rule: Rule, close: float) -> None:
    x = inputs(rule)
    state = rule.init(SIZE, ROWS, x)
    whole = rule.chunked(state, x, chunk=4)
    for cut in (1, 4, 7):
        first, middle = rule.chunked(state, part(rule, x, 0, cut), chunk=4)
        second, last = rule.chunked(middle, part(rule, x, cut, STEPS), chunk=4)
        check_same((torch.cat([first, second], dim=1), last), whole, close)


def test_the_future_is_not_read(rule: Rule, close: float) -> None:
    x, other = inputs(rule), inputs(rule, seed=2)
    mixed = {
        name: v if rule.ports[name].once else torch.cat([v[:, :6], other[name][:, 6:]], dim=1) for name, v in x.items()
    }
    state = rule.init(SIZE, ROWS, x)
    one, changed = rule.chunked(state, x, chunk=4)[0], rule.chunked(state, mixed, chunk=4)[0]
    check_close(changed[:, :6], one[:, :6], "what was read before", close)
    assert not torch.allclose(changed[:, 6:], one[:, 6:])


@pytest.mark.parametrize("live", [[1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 1, 1, 0], [0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]])
def test_masked_steps_are_as_if_they_were_not_there(rule: Rule, close: float, live: list[int]) -> None:
    x = inputs(rule)
    state = begun(rule, x)
    mask = torch.ones(ROWS, STEPS, dtype=torch.bool)
    mask[0] = torch.tensor(live, dtype=torch.bool)
    y, after = rule.chunked(state, x, mask, chunk=4)
    check_same((y, after), sequential(rule, state, x, mask), close)
    assert float(y[~mask].abs().max()) == 0.0
    kept = {name: v if rule.ports[name].once else v[:, mask[0]] for name, v in x.items()}
    alone, last = rule.chunked(state, kept, chunk=4)
    check_close(y[0, mask[0]], alone[0], "output of the live steps", close)
    for name, value in last.items():
        check_close(after[name][0], value[0], f"state {name}", close)


def test_rows_do_not_know_each_other(rule: Rule, close: float) -> None:
    x = inputs(rule)
    state = begun(rule, x)
    y, after = rule.chunked(state, x, chunk=4)
    turned = {name: v if rule.ports[name].once else v.flip(0) for name, v in x.items()}
    other, last = rule.chunked({name: v.flip(0) for name, v in state.items()}, turned, chunk=4)
    check_same((other.flip(0), {name: v.flip(0) for name, v in last.items()}), (y, after), close)


def test_the_state_never_grows_and_the_one_given_is_not_changed(rule: Rule) -> None:
    x = inputs(rule)
    state = rule.init(SIZE, ROWS, x)
    before = {name: value.clone() for name, value in state.items()}
    _, after = rule.chunked(state, x)
    assert state_bytes(after) == state_bytes(state) > 0
    assert {n: (v.shape, v.dtype) for n, v in after.items()} == {n: (v.shape, v.dtype) for n, v in state.items()}
    assert all(v.shape[0] == ROWS for v in state.values())
    assert all(torch.equal(state[name], value) for name, value in before.items())


def test_strong_gates_stay_finite(rule: Rule, close: float) -> None:
    x = {n: v * (60 if rule.ports[n].range == "log" else 1) for n, v in inputs(rule).items()}
    x = {name: value.requires_grad_() for name, value in x.items()}
    y, after = rule.chunked(rule.init(SIZE, ROWS, x), x, chunk=8)
    check_same((y, after), sequential(rule, rule.init(SIZE, ROWS, x), x), close)
    y.sum().backward()
    assert all(bool(torch.isfinite(value.grad).all()) for value in x.values() if value.grad is not None)


def test_double_precision_agrees_further(rule: Rule) -> None:
    x = {name: value.double() for name, value in inputs(rule).items()}
    state = rule.init(SIZE, ROWS, x)
    assert all(value.dtype == torch.float64 for value in state.values() if value.is_floating_point())
    check_same(rule.chunked(state, x, chunk=5), sequential(rule, state, x), 1e-11)


def test_inputs_in_bfloat16_change_little(rule: Rule, close: float) -> None:
    x = inputs(rule)
    rounded = {name: value.bfloat16().float() for name, value in x.items()}
    state = rule.init(SIZE, ROWS, x)
    bound = min(CLOSE_BF16 * close / CLOSE, WORST)
    check_close(rule.chunked(state, rounded, chunk=4)[0], rule.chunked(state, x, chunk=4)[0], "output", bound)


def test_a_state_survives_being_saved(rule: Rule, tmp_path) -> None:
    x = inputs(rule)
    state = begun(rule, x)
    torch.save(state, tmp_path / "state.pt")
    loaded = torch.load(tmp_path / "state.pt", weights_only=True)
    check_same(rule.chunked(loaded, x), rule.chunked(state, x), 0.0)
