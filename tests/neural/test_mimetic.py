"""Mimetic initialisation: a state space that can recall learns to."""

from __future__ import annotations

import math

import torch

from mnesis import catalog
from mnesis.neural.lm import tiny_lm
from mnesis.neural.recipes.mamba import Selective


def attention(name: str) -> torch.Tensor:
    """How a fresh layer weighs an earlier step at a later one, were each a token of its own: [tokens, tokens]."""
    torch.manual_seed(0)
    layer = catalog.make(f"neural.recipes.{name}", width=32, states=32)
    assert isinstance(layer, Selective)
    tokens = torch.randn(20, 64)
    _, k, q = layer.choose(tokens).split([layer.rank, 32, 32], dim=-1)
    return (q @ k.T).detach()


def left(name: str, steps: int) -> float:
    """What the decays leave of the state after so many steps."""
    torch.manual_seed(0)
    layer = catalog.make(f"neural.recipes.{name}", width=32)
    assert isinstance(layer, Selective)
    step = torch.nn.functional.softplus(layer.step.bias.detach())
    return float((-steps * step * layer.speed.detach()[0].exp()).exp().mean())


def test_it_begins_as_an_attention_to_equal_tokens_that_does_not_fade() -> None:
    found = [int((attention(n).argmax(1) == torch.arange(20)).sum()) for n in ("mimetic", "mamba")]
    assert found[0] >= 19
    assert found[1] < 6
    assert left("mimetic", 100) > 0.85
    assert left("mamba", 100) < 0.5


def test_it_learns_to_recall_in_fewer_steps() -> None:
    """Five pairs drawn anew at every step of training, so nothing can be learned by heart; a guess costs log 16."""

    def loss_after(name: str) -> float:
        torch.manual_seed(1)
        model = tiny_lm(name, vocab=32, width=32, layers=1, heads=1)
        optimizer, losses = torch.optim.AdamW(model.parameters(), lr=1e-2), []
        source = torch.Generator().manual_seed(1)
        for _ in range(80):
            keys = torch.argsort(torch.rand(16, 16, generator=source), dim=1)[:, :5]
            values = torch.randint(16, 32, (16, 5), generator=source)
            pairs = torch.stack([keys, values], dim=2).flatten(1)
            logits = model(torch.cat([pairs, keys], dim=1))[:, 10:]
            loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), values.flatten())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(float(loss.detach()))
        return sum(losses[-10:]) / 10

    assert loss_after("mamba") > 0.95 * math.log(16), "it has not begun to recall"
    assert loss_after("mimetic") < 0.92 * math.log(16)
