"""LMUFormer: a delay line between convolutions, smooth or in spikes."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from mnesis.neural.recipes.lmuformer import LmuFormer, fired, lmuformer, spikes

WIDTH, DELAY = 16, 8


def test_neurons_leak_fire_and_keep_what_is_over() -> None:
    x = torch.tensor([0.6, 0.6, 0.6, 2.5, 0.0, 0.0]).reshape(1, 6, 1)
    answer, charge = spikes(x, torch.zeros(1, 1), None)
    assert answer.flatten().tolist() == [0, 0, 1, 1, 0, 0]
    assert float(charge) == pytest.approx(((((0.6 / 2 + 0.6) / 2 + 0.6 - 1) / 2 + 2.5) - 1) / 4)
    full = torch.tensor([0.5, 0.99, 1.5], requires_grad=True)
    fired(full).sum().backward()
    assert full.grad is not None
    assert float(full.grad.min()) > 0, "a slope is learned through"
    assert full.grad.argmax() == 1, "and it is steepest at the threshold"


@pytest.mark.parametrize("live", [None, [True] * 3 + [False] * 4 + [True] * 5])
def test_spikes_go_on_where_they_stopped(live: list[bool] | None) -> None:
    torch.manual_seed(0)
    layer, x = lmuformer(width=WIDTH, window=6.0, spiking=True).double(), torch.randn(1, 12, WIDTH, dtype=torch.float64)
    assert layer.state_bytes() == sum(v.numel() * v.element_size() for v in layer(x)[1].values())
    if live is None:
        first, state = layer(x[:, :5])
        both = torch.cat([first, layer(x[:, 5:], state)[0]], dim=1)
        assert torch.allclose(both, layer(x)[0])
    else:
        mask = torch.tensor([live])
        y, state = layer(x, mask=mask)
        alone, last = layer(x[:, mask[0]])
        assert torch.allclose(y[:, mask[0]], alone)
        assert all(torch.allclose(state[name], last[name]) for name in last)


def test_what_is_handed_on_is_zeros_and_ones() -> None:
    torch.manual_seed(0)
    layer, seen = lmuformer(width=WIDTH, spiking=True), {}
    assert isinstance(layer, LmuFormer)
    for name, module in (("channels", layer.channels), ("out", layer.out)):
        module.register_forward_pre_hook(lambda _, given, name=name: seen.update({name: given[0].detach()}))
    layer(torch.randn(2, 30, WIDTH))
    assert {name: set(each.unique().tolist()) for name, each in seen.items()} == {
        "channels": {0.0, 1.0},
        "out": {0.0, 1.0},
    }


@pytest.mark.parametrize("spiking", [False, True])
def test_it_learns_a_delay_line(spiking: bool) -> None:
    """Bits come in, and eight steps later they are to be said: further back than both convolutions reach together."""
    torch.manual_seed(0)
    layer = lmuformer(width=WIDTH, order=12, window=12.0, spiking=spiking)
    embed, read = nn.Embedding(2, WIDTH), nn.Linear(WIDTH, 2)
    optimizer = torch.optim.Adam([*layer.parameters(), *embed.parameters(), *read.parameters()], lr=2e-2)
    source = torch.Generator().manual_seed(0)
    right = []
    for _ in range(50 if spiking else 25):
        bits = torch.randint(2, (16, 16), generator=source)
        logits, wanted = read(layer(embed(bits))[0])[:, DELAY:], bits[:, :-DELAY]
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), wanted.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        right.append(float((logits.argmax(-1) == wanted).float().mean()))
    assert sum(right[-5:]) / 5 > (0.85 if spiking else 0.97), right
