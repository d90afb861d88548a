"""Waves keep the order of what was read; an identity in their place piles it up."""

from __future__ import annotations

import torch
from torch import Tensor

from mnesis.neural.recipes.wave_rnn import Waves, wave_rnn

WIDTH, CELLS = 4, 12


def ring(travels: bool) -> Waves:
    """One ring that takes in the first channel; a wave, or the identity recurrence."""
    torch.manual_seed(0)
    layer = wave_rnn(width=WIDTH, heads=1, cells=CELLS)
    assert isinstance(layer, Waves)
    with torch.no_grad():
        layer.enter[0] = torch.eye(WIDTH)[0]
        if not travels:
            layer.travel.copy_(torch.tensor([[0.0, 1.0, 0.0]]))
    return layer


def after(layer: Waves, signal: Tensor) -> Tensor:
    """The state after each signal [rows, T]: [rows, CELLS]."""
    x = torch.cat([signal.unsqueeze(-1), torch.zeros(*signal.shape, WIDTH - 1)], dim=-1)
    return layer(x)[1]["h"][:, 0].detach()


def copied(layer: Waves) -> float:
    """The share of the variance of the last CELLS inputs that a linear map reads off the state."""
    signal = torch.rand(200, CELLS, generator=torch.Generator().manual_seed(0))
    state = torch.cat([after(layer, signal), torch.ones(200, 1)], dim=1)
    read = torch.linalg.lstsq(state[:100], signal[:100], driver="gelsd").solution
    rest = (state[100:] @ read - signal[100:]).square().mean()
    return float(1 - rest / signal[100:].var())


def test_the_whole_recent_past_is_copied_from_a_wave_and_not_from_an_identity() -> None:
    assert copied(ring(travels=True)) > 0.999
    assert copied(ring(travels=False)) < 0.2


def test_how_long_ago_is_where_on_the_ring() -> None:
    signal = torch.zeros(1, CELLS - 1)
    signal[0, 0] = 1.0
    for steps in range(1, CELLS):
        assert after(ring(travels=True), signal[:, :steps])[0].argmax() == steps - 1


def test_an_identity_does_not_know_the_order() -> None:
    signal = torch.rand(1, 8, generator=torch.Generator().manual_seed(0))
    states = [[after(ring(travels), each) for each in (signal, signal.flip(1))] for travels in (True, False)]
    assert not torch.allclose(*states[0])
    assert torch.allclose(*states[1], atol=1e-6)
