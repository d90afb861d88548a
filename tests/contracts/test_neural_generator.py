"""Every generator of the slot neural.generator learns to draw, the same from the same seeds."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from mnesis import catalog
from mnesis.neural.generator._digits import digits

SUBJECTS = catalog.names("neural.generator")


@pytest.fixture(params=SUBJECTS)
def made(request: pytest.FixtureRequest) -> Any:
    torch.manual_seed(0)
    return catalog.make(request.param, size=64)


def test_it_learns_and_draws_what_is_nearer_to_the_examples_than_noise(made: Any) -> None:
    examples, _ = digits(512, seed=0)
    losses = made.fit(examples, steps=150)
    assert sum(losses[-20:]) < 0.7 * sum(losses[:20])
    drawn = made.sample(64)
    assert drawn.shape == (64, 64)
    far = [torch.cdist(each, examples).min(1).values.mean() for each in (drawn, torch.randn(64, 64))]
    assert float(far[0]) < 0.5 * float(far[1])


def test_a_seed_decides_everything(made: Any) -> None:
    examples, _ = digits(128, seed=0)
    made.fit(examples, steps=5)
    assert torch.equal(made.sample(4, seed=3), made.sample(4, seed=3))
    assert not torch.equal(made.sample(4, seed=3), made.sample(4, seed=4))


def test_saved_is_loaded(made: Any, request: pytest.FixtureRequest, tmp_path: Any) -> None:
    examples, _ = digits(512, seed=0)
    made.fit(examples, steps=5)
    torch.save(made.state_dict(), tmp_path / "generator.pt")
    other = catalog.make(request.node.callspec.params["made"], size=64)
    other.load_state_dict(torch.load(tmp_path / "generator.pt", weights_only=True))
    assert torch.equal(other.sample(4), made.sample(4))
