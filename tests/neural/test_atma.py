"""ATMA: answers that do not depend on how much else there is."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from mnesis.neural.recipes.atma import Polar, atma


def polar() -> Polar:
    torch.manual_seed(0)
    return Polar(width=8, heads=1, span=64)


def test_an_answer_is_a_direction_times_a_strength_below_one() -> None:
    layer, x = polar(), torch.randn(1, 20, 8)
    q, k, v = layer.asked(x, layer.begin(1, x))
    live = torch.ones(1, 20, dtype=torch.bool)
    one = layer._attend(q, k, 1000 * v, live, 0)
    assert float(one.detach().norm(dim=-1).max()) < 1.0
    assert torch.allclose(one, layer._attend(q, k, v, live, 0), atol=1e-4), "the size of values says nothing"


def test_the_direction_does_not_count() -> None:
    """Ten keys, or each of them five times: the same direction."""
    layer = polar()
    q, k, v = torch.randn(3, 1, 10, 1, 8).unbind(0)
    few = layer._attend(q[:, -1:], k, v, torch.ones(1, 10, dtype=torch.bool), 9)
    many = layer._attend(q[:, -1:], k.repeat(1, 5, 1, 1), v.repeat(1, 5, 1, 1), torch.ones(1, 50, dtype=torch.bool), 49)
    assert torch.allclose(*(each / each.norm() for each in (few, many)), atol=1e-5)


def test_strength_grows_with_matches_and_not_with_noise() -> None:
    layer = polar()
    quiet, loud = torch.zeros(1, 1, 1, 50), torch.zeros(1, 1, 1, 50)
    loud[..., :3] = 6.0
    allowed = torch.ones(1, 1, 1, 50, dtype=torch.bool)
    none, some = (float(layer.strength(each, allowed).detach()) for each in (quiet, loud))
    assert none < 0.05 < 0.6 < some < 1
    noise = torch.randn(1, 1, 300, 800, generator=torch.Generator().manual_seed(0))
    pale = [float(layer.strength(noise, torch.arange(800) < many).detach().mean()) for many in (50, 800)]
    assert 0.6 < pale[1] / pale[0] < 1.6, "with sixteen times the keys"


def test_a_needle_is_found_far_beyond_the_length_of_training(train: Any) -> None:
    torch.manual_seed(0)
    layer, embed, head = atma(width=16, heads=2, span=8), nn.Embedding(12, 16), nn.Linear(16, 4)
    source = torch.Generator().manual_seed(0)

    def right(steps: int, rows: int) -> tuple[Any, Any]:
        """Noise, somewhere a mark and a value, and the mark again at the end."""
        tokens = torch.randint(6, 12, (rows, steps), generator=source)
        place, value = (
            torch.randint(steps - 2, (rows, 1), generator=source),
            torch.randint(4, (rows, 1), generator=source),
        )
        tokens = tokens.scatter(1, place, 5).scatter(1, place + 1, value)
        tokens[:, -1] = 5
        logits = head(layer(embed(tokens))[0][:, -1])
        return cross_entropy(logits, value.squeeze(1)), (logits.argmax(-1) == value.squeeze(1)).float().mean()

    train([*layer.parameters(), *embed.parameters(), *head.parameters()], lambda step: right(24, 64)[0], 110, lr=2e-2)
    with torch.no_grad():
        assert float(right(24, 200)[1]) > 0.95
        assert float(right(192, 200)[1]) > 0.9, "eight times as long"
