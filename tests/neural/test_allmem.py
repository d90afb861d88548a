"""AllMem: a trained attention layer becomes a window with a memory, and loses little."""

from __future__ import annotations

from typing import Any

import torch

from mnesis.neural.layer.window import Window
from mnesis.neural.recipes.allmem import from_attention

WIDTH, SPAN = 16, 4


def attention() -> Window:
    torch.manual_seed(0)
    return Window(WIDTH, 2, None, 0)


def topics(source: torch.Generator) -> torch.Tensor:
    """Sequences with a topic that is told in the first half only, beyond the window of the second."""
    topic = 2 * torch.randn(16, 1, WIDTH, generator=source).expand(-1, 8, -1)
    x = torch.cat([topic, torch.zeros_like(topic)], dim=1) + 0.3 * torch.randn(16, 16, WIDTH, generator=source)
    x[..., :4] = 1.0  # what all steps have in common
    return x


def test_within_the_window_it_answers_as_before() -> None:
    teacher, x = attention(), torch.randn(2, 12, WIDTH)
    layer = from_attention(teacher, SPAN, every=4)
    assert torch.allclose(layer(x[:, :SPAN])[0], teacher(x[:, :SPAN])[0], atol=1e-6)
    assert not torch.allclose(layer(x)[0][:, -1], teacher(x)[0][:, -1], atol=1e-3)


def test_training_the_memory_alone_brings_back_what_the_window_lost(train: Any) -> None:
    teacher, source = attention(), torch.Generator().manual_seed(0)
    layer = from_attention(teacher, SPAN, every=4)
    before = {name: value.clone() for name, value in layer.near.state_dict().items()}

    def error(x: torch.Tensor) -> Any:
        with torch.no_grad():
            wanted = teacher(x)[0]
        return (layer(x)[0] - wanted)[:, SPAN:].square().mean()

    unseen = topics(torch.Generator().manual_seed(1))
    with torch.no_grad():
        window = float(error(unseen))
    train([p for p in layer.parameters() if p.requires_grad], lambda step: error(topics(source)), 80, lr=2e-2)
    with torch.no_grad():
        both = float(error(unseen))
    assert both < 0.8 * window, (both, window)
    assert all(torch.equal(value, before[name]) for name, value in layer.near.state_dict().items())
