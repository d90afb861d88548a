"""Every layer of the slot neural.layer: one signature, split or whole, masked or not."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch

from mnesis import catalog
from mnesis.neural.layer import Layer
from mnesis.neural.layer.mixer import mixer
from mnesis.neural.layer.window import window
from mnesis.neural.learner import momentum
from mnesis.neural.rule.gated_delta import gated_delta
from mnesis.neural.rule.gradient import gradient

SUBJECTS = catalog.names("neural.layer")


def mixed(width: int, heads: int) -> Layer:
    return mixer(gated_delta(), width, heads)


# Options of makers that cannot be called without any, and other layers of the same file.
VARIANTS: dict[str, dict[str, dict[str, Any]]] = {
    "neural.layer.chain": {"two": {"makers": [mixed, partial(window, span=5)]}},
    "neural.layer.memory_as_context": {"momentum": {"rule": gradient(learner=momentum(), every=4)}},
    "neural.layer.memory_as_gate": {"gated delta": {"memory": mixed}},
    "neural.layer.mixer": {
        "gated delta": {"rule": gated_delta()},
        "gradient, no convolution": {"rule": gradient(every=4), "conv": 0},
    },
    "neural.layer.routed": {"gated delta": {"rule": gated_delta()}},
    "neural.layer.window": {"everything": {"span": None}, "learned tokens": {"persistent": 2}},
}
WITHOUT = {
    "neural.layer.chain": "a chain of nothing is nothing",
    "neural.layer.memory_as_context": "the memory of a context is a choice",
    "neural.layer.memory_as_gate": "the memory at a gate is a choice",
    "neural.layer.routed": "which memory is kept several times is a choice",
    "neural.layer.mixer": "a mixer mixes by a rule, and none is the usual one",
}
GROWS = {"neural.layer.window: everything": "keeping every key is what attention without a window is"}
CLOSE = 2e-5  # of the largest number compared, in float32: pieces of a sequence add in another order
CLOSE_BF16 = 0.1
ALL = [
    (each, name)
    for each in SUBJECTS
    for name in ("", *VARIANTS.get(each, {}))
    if name or each not in WITHOUT
]  # fmt: skip
IDS = [f"{address}: {name}" if name else address for address, name in ALL]


@pytest.fixture(params=ALL, ids=IDS)
def made(request: pytest.FixtureRequest, layer_checks: Any) -> Callable[[], Any]:
    """Makes the layer, the same each time."""
    address, name = request.param
    return lambda: layer_checks.small(catalog.maker(address), **(VARIANTS[address][name] if name else {}))


def test_the_tables_speak_of_subjects() -> None:
    assert set(VARIANTS) | set(WITHOUT) <= set(SUBJECTS)
    assert set(GROWS) <= set(IDS)
    for address in WITHOUT:
        with pytest.raises(TypeError):
            catalog.make(address)


def test_split_is_whole(made: Callable[[], Any], layer_checks: Any) -> None:
    layer_checks.split_is_whole(made(), CLOSE)


def test_masked_steps_leave_no_trace(made: Callable[[], Any], layer_checks: Any) -> None:
    layer_checks.masked_leave_no_trace(made(), CLOSE)


def test_the_future_is_not_read_and_the_past_is(made: Callable[[], Any], layer_checks: Any) -> None:
    layer_checks.future_is_not_read(made(), CLOSE)


def test_the_state_stays_its_size(made: Callable[[], Any], layer_checks: Any, request: pytest.FixtureRequest) -> None:
    layer_checks.state_stays_its_size(made(), grows=any(f"[{each}]" in request.node.name for each in GROWS))


def test_gradients_reach_everything(made: Callable[[], Any], layer_checks: Any) -> None:
    layer_checks.gradients_reach_everything(made())


def test_saved_is_loaded(made: Callable[[], Any], layer_checks: Any, tmp_path: Path) -> None:
    layer_checks.saved_is_loaded(made(), made(), tmp_path / "layer.pt")


def test_bfloat16_is_near(made: Callable[[], Any], layer_checks: Any) -> None:
    layer_checks.bfloat16_is_near(made(), CLOSE_BF16)


def test_inputs_are_not_changed(made: Callable[[], Any], layer_checks: Any) -> None:
    layer_checks.inputs_are_not_changed(made())


def test_a_width_that_cannot_be_shared_is_refused() -> None:
    for address, name in ALL:
        options = VARIANTS[address][name] if name else {}
        with pytest.raises(ValueError, match="width"):
            catalog.make(address, width=10, heads=3, **options)


def test_rows_do_not_know_each_other(made: Callable[[], Any], layer_checks: Any) -> None:
    layer, x = made(), layer_checks.x()
    y, state = layer(x)
    turned, other = layer(x.flip(0))
    layer_checks.close(turned.flip(0), y, "output", CLOSE)
    layer_checks.same_state({name: value.flip(0) for name, value in other.items()}, state, CLOSE)
    assert not torch.allclose(y[0], y[1])
