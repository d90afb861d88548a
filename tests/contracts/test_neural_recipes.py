"""Every paper of the slot neural.recipes drops into a decoder, keeps its state, and can learn to recall."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest
import torch

from mnesis import catalog
from mnesis.neural.lm import tiny_lm

SUBJECTS = catalog.names("neural.recipes")
GROWS = {
    "neural.recipes.softmax": "it is the ceiling: it keeps every key and value",
    "neural.recipes.lime": "it is attention over everything, in every layer",
    "neural.recipes.memoryformer": "it is attention over everything; what it replaces are the maps before and after",
    "neural.recipes.moduleformer": "its modules are attention over everything",
    "neural.recipes.move": "it is attention over everything; what it adds is beside the sequence",
}
CLOSE = 2e-5  # of the largest number compared, in float32: pieces of a sequence add in another order
CLOSE_BF16 = 0.1
# Recipes that magnify rounding itself: what they are held to, and why.
LOOSE: dict[str, tuple[float, float, str]] = {
    "neural.recipes.atlas": (5e-3, 0.5, "five Newton-Schulz rounds make singular values near zero 485 times larger"),
}
CLOSE_DOUBLE = 1e-10
OPTIONS_AT_MOST = 6


@pytest.fixture(params=SUBJECTS)
def address(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def layer(address: str, layer_checks: Any) -> Any:
    return layer_checks.small(catalog.maker(address))


@pytest.fixture
def close(address: str) -> float:
    return LOOSE[address][0] if address in LOOSE else CLOSE


def test_the_tables_speak_of_subjects() -> None:
    assert set(GROWS) | set(LOOSE) <= set(SUBJECTS)


def test_few_options_each_with_a_default(address: str) -> None:
    options = inspect.signature(catalog.maker(address)).parameters
    assert list(options)[:2] == ["width", "heads"]
    assert len(options) <= OPTIONS_AT_MOST
    assert all(each.default is not inspect.Parameter.empty for each in options.values())


def test_split_is_whole(layer: Any, layer_checks: Any, close: float) -> None:
    layer_checks.split_is_whole(layer, close)


def test_split_is_whole_in_double_precision(layer: Any, layer_checks: Any) -> None:
    layer_checks.split_is_whole(layer.double(), CLOSE_DOUBLE)


def test_masked_steps_leave_no_trace(layer: Any, layer_checks: Any, close: float) -> None:
    layer_checks.masked_leave_no_trace(layer, close)


def test_the_future_is_not_read_and_the_past_is(layer: Any, layer_checks: Any, close: float) -> None:
    layer_checks.future_is_not_read(layer, close)
    layer_checks.the_past_matters(layer)


def test_the_state_stays_its_size(address: str, layer: Any, layer_checks: Any) -> None:
    layer_checks.state_stays_its_size(layer, grows=address in GROWS)


def test_gradients_reach_everything(layer: Any, layer_checks: Any) -> None:
    layer_checks.gradients_reach_everything(layer)


def test_saved_is_loaded(address: str, layer: Any, layer_checks: Any, tmp_path: Path) -> None:
    layer_checks.saved_is_loaded(layer, layer_checks.small(catalog.maker(address)), tmp_path / "layer.pt")


def test_bfloat16_is_near(address: str, layer: Any, layer_checks: Any) -> None:
    layer_checks.bfloat16_is_near(layer, LOOSE[address][1] if address in LOOSE else CLOSE_BF16)


def test_inputs_are_not_changed(layer: Any, layer_checks: Any) -> None:
    layer_checks.inputs_are_not_changed(layer)


def test_other_widths_and_heads_work(address: str) -> None:
    for width, heads in ((24, 3), (8, 1)):
        y, _ = catalog.make(address, width=width, heads=heads)(torch.randn(1, 5, width))
        assert y.shape == (1, 5, width)


def test_it_drops_into_a_decoder_and_learns_a_few_sequences(address: str) -> None:
    """The same key brings another value in every sequence, so that only what was read earlier tells the answer."""
    torch.manual_seed(0)
    model = tiny_lm(address, vocab=12, width=16, layers=1, heads=2)
    keys, values = torch.tensor([[1, 2], [2, 1]]).repeat(4, 1), torch.randint(4, 12, (8, 2))
    tokens = torch.stack([keys[:, 0], values[:, 0], keys[:, 1], values[:, 1], keys[:, 0], keys[:, 1]], dim=1)
    optimizer, losses = torch.optim.AdamW(model.parameters(), lr=1e-2), []
    for _ in range(60):
        logits = model(tokens)[:, 4:]
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), values.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.5 * losses[0], losses[::10]
    logits, state = model(tokens[:, :3], return_state=True)
    rest = model(tokens[:, 3:], state)
    assert torch.allclose(torch.cat([logits, rest], dim=1), model(tokens), atol=1e-3)
