"""SMR: a state space that stays right when its samples lie closer or farther apart."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from mnesis.neural.recipes.smr import smr

FINE = 8


def waves(source: torch.Generator, apart: list[float], rows: int, steps: int = 40) -> tuple[Tensor, Tensor]:
    """Waves and what a slow filter in continuous time makes of them, both sampled `apart`."""
    distance = torch.tensor(apart)[torch.randint(len(apart), (rows,), generator=source)]
    phase, size = 6.28 * torch.rand(rows, 1, generator=source), 0.5 + torch.rand(rows, 1, generator=source)
    wave = size * torch.sin(0.3 * torch.arange(steps * FINE) * distance[:, None] / FINE + phase)
    kept, y, out = torch.exp(-0.2 * distance / FINE), torch.zeros(rows), []
    for n in range(steps * FINE):
        y = kept * y + (1 - kept) * wave[:, n]
        out.append(y)
    return wave[:, ::FINE].unsqueeze(-1), torch.stack(out[::FINE], dim=1).unsqueeze(-1)


def test_it_is_stable_under_samples_it_was_not_trained_on(train: Any) -> None:
    worst = {}
    for replay in (0, 4):
        torch.manual_seed(0)
        layer, enter, leave = smr(width=8, heads=1, replay=replay), nn.Linear(1, 8), nn.Linear(8, 1)
        source = torch.Generator().manual_seed(0)

        def error(apart: list[float], rows: int = 32, parts: Any = (layer, enter, leave)) -> Tensor:
            layer, enter, leave = parts
            x, y = waves(source, apart, rows)  # noqa: B023
            answer = leave(layer(enter(x))[0])
            return (answer - y)[:, 8:].square().mean()

        parameters = [*layer.parameters(), *enter.parameters(), *leave.parameters()]
        train(parameters, lambda step: error([1.0, 2.0]), 120)
        with torch.no_grad():
            worst[replay] = max(float(error([apart], 128)) for apart in (1.25, 1.5, 2.5))
    assert worst[4] < 0.5 * worst[0], worst


def test_only_the_last_inputs_are_replayed() -> None:
    torch.manual_seed(0)
    layer, x = smr(width=8, heads=1, replay=3), torch.randn(1, 9, 8, requires_grad=True)
    value, _ = layer.replayed(x, layer.begin(1, x), None)
    value[0, -1].sum().backward()
    assert x.grad is not None
    assert (x.grad[0].abs().sum(-1) > 0).tolist() == [False] * 6 + [True] * 3
