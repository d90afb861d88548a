"""StableSSM: slow memory that survives training, where a plain weight runs off its cliff."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from mnesis.neural.recipes.stable_ssm import FASTEST, kept, stable_ssm

STEPS = 1000


def response(decay: Tensor) -> Tensor:
    """How much of an impulse is left after each step."""
    return torch.exp(decay * torch.arange(STEPS, dtype=torch.float64))


def test_the_pull_on_a_weight_stays_in_proportion_however_slow_the_memory() -> None:
    """f'/f² = 2 w: what the paper asks of a reparameterisation, at every length of memory."""
    w = torch.linspace(0.5, 50, 60, dtype=torch.float64).requires_grad_()
    decay = kept(w)
    (slope,) = torch.autograd.grad(decay.sum(), w)
    assert torch.allclose(slope / decay.square(), 2 * w.detach())
    found = decay.detach()
    assert float(found.max()) < 0
    assert float(found.min()) >= -1 / FASTEST
    assert float(-1 / found[-1]) > 2000, "and memories of thousands of steps are within reach"


def test_no_step_of_training_can_make_it_unstable() -> None:
    torch.manual_seed(0)
    layer, x = stable_ssm(width=8, heads=1), torch.randn(1, 2000, 8)
    decay = layer.get_submodule("gates.decay")
    for step in (0.0, -3.0, 1e3, -1e6):
        with torch.no_grad():
            decay.weight += step * torch.randn_like(decay.weight)
        _, state = layer(x)
        assert float(state["rule.S"].detach().abs().max()) < 2000 * float(x.abs().max()) * 10
    plain = 1 - 1e-3 + 0.01  # the same memory of a thousand steps as a bare factor, after a small step too far
    assert plain**2000 > 1e7


def test_it_learns_a_slow_memory_that_a_plain_weight_cannot() -> None:
    """Gradient descent from a memory of five steps to one of five hundred, each with the best of many step sizes."""
    target = torch.exp(-torch.arange(STEPS, dtype=torch.float64) / 500)

    def trained(plain: bool, rate: float) -> float:
        start = torch.tensor([2.0], dtype=torch.float64)
        raw = (kept(start) if plain else start).clone().requires_grad_()

        def error() -> Tensor:
            return (response(raw if plain else kept(raw)) - target).square().mean()

        for _ in range(300):
            (pull,) = torch.autograd.grad(error(), raw)
            with torch.no_grad():
                raw -= rate * pull
        final = float(error().detach())
        return final if math.isfinite(final) else math.inf

    plain = min(trained(True, 10.0**-power) for power in range(-1, 7))
    stable = min(trained(False, 10.0**power) for power in range(-1, 4))
    assert stable < 1e-3, stable
    assert plain > 20 * stable, (stable, plain)
