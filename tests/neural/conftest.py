"""Training, small enough for a second."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest


@pytest.fixture(scope="session")
def train() -> Callable[..., list[float]]:
    """``train(parameters, loss, steps, lr)``: Adam on what `loss(step)` gives; the losses."""
    import torch

    def run(parameters: Iterable[Any], loss: Callable[[int], Any], steps: int, lr: float = 1e-2) -> list[float]:
        optimizer, losses = torch.optim.Adam(list(parameters), lr=lr), []
        for step in range(steps):
            now = loss(step)
            optimizer.zero_grad()
            now.backward()
            optimizer.step()
            losses.append(float(now.detach()))
        return losses

    return run
