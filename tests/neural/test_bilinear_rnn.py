"""A bilinear recurrence follows a machine where one that only fades cannot."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from mnesis import catalog
from mnesis.neural.recipes.bilinear_rnn import Bilinear, bilinear_rnn, turned_by

WIDTH = 8


def parity(rows: int, steps: int, seed: int) -> tuple[Tensor, Tensor]:
    bits = torch.randint(2, (rows, steps), generator=torch.Generator().manual_seed(seed))
    return bits, bits.cumsum(1) % 2


def far(name: str) -> float:
    """Trained on sequences of 10 bits: how often is the parity of 60 right, over their last 20 steps?"""
    torch.manual_seed(0)
    layer = catalog.make(f"neural.recipes.{name}", width=WIDTH, heads=1)
    embed, read = nn.Embedding(2, WIDTH), nn.Linear(WIDTH, 2)
    everything = [*layer.parameters(), *embed.parameters(), *read.parameters()]
    optimizer = torch.optim.Adam(everything, lr=2e-2)
    for seed in range(120):
        bits, wanted = parity(64, 10, seed)
        loss = nn.functional.cross_entropy(read(layer(embed(bits))[0]).flatten(0, 1), wanted.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    bits, wanted = parity(64, 60, 1000)
    return float((read(layer(embed(bits))[0]).argmax(-1) == wanted)[:, -20:].float().mean())


def test_it_counts_modulo_two_far_beyond_the_length_it_was_trained_on() -> None:
    assert far("bilinear_rnn") > 0.99


@pytest.mark.parametrize("name", ["rg_lru", "mamba"])
def test_factors_that_only_fade_do_not(name: str) -> None:
    assert far(name) < 0.65


def test_chunks_are_the_products_one_after_the_other() -> None:
    torch.manual_seed(0)
    h, moves = torch.randn(2, 3, 4, dtype=torch.float64), torch.randn(2, 11, 3, 4, 4, dtype=torch.float64)
    found, now = turned_by(h, moves), h
    for t in range(11):
        now = nn.functional.normalize((moves[:, t] @ now.unsqueeze(-1)).squeeze(-1), dim=-1)
        assert torch.allclose(found[:, t], now)


def test_the_state_is_linear_in_the_token_and_in_the_state_and_nothing_is_added() -> None:
    """Order matters: two swaps that share a place do not commute, and the state knows which came first."""
    layer = bilinear_rnn(width=4, heads=1, states=3)
    assert isinstance(layer, Bilinear)
    swaps = torch.eye(3)[torch.tensor([[1, 0, 2], [0, 2, 1]])]
    with torch.no_grad():
        layer.move.weight.zero_()
        layer.move.weight[:, :2] = swaps.flatten(1).T
        layer.first.copy_(torch.tensor([[3.0, 2.0, 1.0]]))
    ends = [layer(torch.eye(4)[None, order])[1]["h"][0, 0] for order in ([0, 1], [1, 0], [0, 0, 0, 1])]
    first = nn.functional.normalize(torch.tensor([3.0, 2.0, 1.0]), dim=0)
    assert torch.allclose(ends[0], first[[1, 2, 0]], atol=1e-6)
    assert torch.allclose(ends[1], first[[2, 0, 1]], atol=1e-6)
    assert torch.allclose(ends[2], ends[0], atol=1e-6)
