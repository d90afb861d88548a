"""QKAN-LSTM: more uploads, more frequencies; a wave with fewer numbers than a plain cell needs."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from mnesis.neural.recipes.qkan_lstm import Curves, qkan_lstm


@pytest.mark.parametrize("uploads", [1, 3])
def test_every_upload_adds_a_frequency_and_none_beyond(uploads: int) -> None:
    torch.manual_seed(0)
    curves = Curves(1, 1, uploads).double()
    x = 2 * torch.pi * torch.arange(64, dtype=torch.float64) / 64
    strength = torch.fft.rfft(curves.each(x.unsqueeze(-1)).detach().flatten()).abs()
    assert float(strength[1 : uploads + 1].min()) > 1e-2
    assert float(strength[uploads + 1 :].max()) < 1e-9


def test_what_is_shown_lies_between_minus_one_and_one() -> None:
    torch.manual_seed(0)
    assert float(Curves(3, 5, 4).each(10 * torch.randn(50, 3)).detach().abs().max()) <= 1 + 1e-5


def test_gates_are_sums_of_curves_in_single_numbers() -> None:
    torch.manual_seed(0)
    curves = Curves(2, 1, 2)
    one, other, none = (curves(torch.tensor(each)) for each in ([0.4, 0.0], [0.0, -0.9], [0.0, 0.0]))
    assert torch.allclose(curves(torch.tensor([0.4, -0.9])), one + other - none, atol=1e-6)


def test_it_learns_a_damped_wave_with_few_numbers(train: Any) -> None:
    torch.manual_seed(0)
    time = torch.arange(30) * 0.5
    wave = torch.stack([torch.exp(-0.1 * time) * torch.cos(time + phase) for phase in (0.0, 0.8, 1.6)]).unsqueeze(-1)
    cell, leave = qkan_lstm(1, heads=1, latent=2, uploads=3), nn.Linear(1, 1)
    parameters = [*cell.parameters(), *leave.parameters()]
    losses = train(parameters, lambda step: (leave(cell(wave[:, :-1])[0]) - wave[:, 1:]).square().mean(), 100, lr=2e-2)
    assert losses[-1] < 0.05 * float(wave.var()), losses[::10]
    assert sum(each.numel() for each in parameters) < 200
