"""Few elements are thought of, only they are heard, and everything else hears them."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from mnesis.errors import BadInput
from mnesis.neural.recipes.consciousness_prior import ConsciousnessPrior, consciousness_prior

BATCH, WIDTH, HEADS, ELEMENTS, FEW = 3, 16, 2, 10, 2


@pytest.fixture
def layer() -> ConsciousnessPrior:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        made = consciousness_prior(WIDTH, HEADS, ELEMENTS, FEW)
    assert isinstance(made, ConsciousnessPrior)
    return made


def test_a_thought_holds_a_few_elements(layer: ConsciousnessPrior) -> None:
    rng = torch.Generator().manual_seed(1)
    pool, query = torch.randn(BATCH, HEADS, ELEMENTS, 8, generator=rng), torch.randn(BATCH, HEADS, 8, generator=rng)
    shares = layer.attention(pool, query)
    assert ((shares > 0).sum(-1) == FEW).all()
    everything = consciousness_prior(WIDTH, HEADS, ELEMENTS, ELEMENTS)
    assert isinstance(everything, ConsciousnessPrior)
    everything.load_state_dict(layer.state_dict())
    whole = everything.attention(pool, query)
    assert torch.allclose(shares.sum(-1), torch.ones(BATCH, HEADS))
    highest = whole >= whole.topk(FEW, dim=-1).values[..., -1:]
    assert torch.equal(shares > 0, highest)
    assert torch.allclose(shares, whole * highest / (whole * highest).sum(-1, keepdim=True), atol=1e-6)


def test_what_is_not_thought_of_changes_nothing_that_is_said_now_but_may_later(layer: ConsciousnessPrior) -> None:
    x = torch.randn(1, 12, WIDTH, generator=torch.Generator().manual_seed(2))
    _, state = layer(x[:, :6])
    said, _ = layer(x[:, 6:7], state)
    silent = []
    for element in range(ELEMENTS):
        nudged = state["h"].clone()
        nudged[0, 0, element] -= 1e-4
        silent.append(bool(torch.equal(layer(x[:, 6:7], {**state, "h": nudged})[0], said)))
    assert sum(silent) == ELEMENTS - FEW, silent
    later, _ = layer(x[:, 6:], state)
    changed = state["h"].clone()
    changed[0, 0, torch.tensor(silent)] += 3.0
    assert not torch.equal(layer(x[:, 6:], {**state, "h": changed})[0][:, -1], later[:, -1])


def test_a_thought_is_broadcast_to_every_element(layer: ConsciousnessPrior) -> None:
    x = torch.randn(1, 5, WIDTH, generator=torch.Generator().manual_seed(3))
    _, state = layer(x[:, :4])
    _, after = layer(x[:, 4:], state)
    _, other = layer(x[:, 4:], {**state, "c": state["c"] + 1.0})
    assert ((after["h"] - other["h"]).abs().amax(-1) > 1e-4).all()


def test_it_learns_what_to_think_of() -> None:
    """One of many signals is asked for at the end: two elements are enough to say it, and better than chance by far."""
    with torch.random.fork_rng():
        torch.manual_seed(4)
        layer, head = consciousness_prior(WIDTH, 1, ELEMENTS, FEW), torch.nn.Linear(WIDTH, 2)
        optimizer = torch.optim.Adam([*layer.parameters(), *head.parameters()], lr=1e-2)
        for step in range(120):
            x, bits = asked(step)
            loss = torch.nn.functional.cross_entropy(head(layer(x)[0][:, -1]), bits)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        x, bits = asked(10_000, 400)
        right = float((head(layer(x)[0][:, -1]).argmax(-1) == bits).float().mean())
    assert right > 0.9


def asked(seed: int, n: int = 64) -> tuple[Tensor, Tensor]:
    """Four signs on four channels, one after the other; then one channel is named. [n, 5, W] and the sign of it."""
    rng = torch.Generator().manual_seed(seed)
    signs, which = torch.randint(2, (n, 4), generator=rng), torch.randint(4, (n,), generator=rng)
    x = torch.zeros(n, 5, WIDTH)
    for channel in range(4):
        x[:, channel, channel] = 1.0
        x[:, channel, 4] = 2.0 * signs[:, channel] - 1
    x[torch.arange(n), 4, 5 + which] = 1.0
    return x, signs[torch.arange(n), which]


@pytest.mark.parametrize("options", [{"heads": 3}, {"conscious": 0}, {"conscious": 9}])
def test_options_are_checked(options: dict[str, int]) -> None:
    with pytest.raises(BadInput):
        consciousness_prior(**options)
