"""Slow memories carry a bit over a delay that a plain recurrent network of the same size cannot bridge."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.recipes.elm import Elm, elm

DELAY, WIDTH = 40, 4


def delayed_bits(seed: int, n: int = 32) -> tuple[Tensor, Tensor]:
    """One of two signs at the first step, then noise on another channel for a long time; which was it?"""
    rng = torch.Generator().manual_seed(seed)
    bits = torch.randint(2, (n,), generator=rng)
    x = torch.zeros(n, DELAY, WIDTH)
    x[:, 0, 0] = 2.0 * bits - 1
    x[:, 1:, 1] = torch.randn(n, DELAY - 1, generator=rng)
    return x, bits


class Plain(nn.Module):
    """A tanh network with at least as many numbers to learn and as many to remember."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.RNN(WIDTH, 24, batch_first=True)
        self.out = nn.Linear(24, WIDTH)

    def forward(self, x: Tensor) -> tuple[Tensor, None]:
        return self.out(self.rnn(x)[0]), None


def accuracy_after_training(model: nn.Module) -> float:
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-2)
    for step in range(30):
        x, bits = delayed_bits(step)
        loss = torch.nn.functional.cross_entropy(model(x)[0][:, -1, :2], bits)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    x, bits = delayed_bits(10_000, n=200)
    return float((model(x)[0][:, -1, :2].argmax(-1) == bits).float().mean())


def numbers(model: nn.Module) -> int:
    return sum(each.numel() for each in model.parameters())


def test_a_long_delay_is_bridged_where_a_plain_network_fails() -> None:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        neuron, plain = elm(WIDTH, heads=1, memories=12, slowest=150.0), Plain()
        assert numbers(neuron) <= numbers(plain)
        assert accuracy_after_training(neuron) > 0.95
        assert accuracy_after_training(plain) < 0.7


def test_timescales_lie_between_one_step_and_the_slowest() -> None:
    neuron = elm(8, heads=2, memories=10, slowest=100.0)
    assert isinstance(neuron, Elm)
    scales = neuron.timescales().detach()
    assert 1 < float(scales.min()) < 2
    assert 50 < float(scales.max()) < 100
    with torch.no_grad():
        neuron.place.fill_(50.0)
    assert float(neuron.timescales().detach().max()) == pytest.approx(100.0)


def test_by_hand() -> None:
    """One memory, one synapse: what a single input leaves, one and two steps later."""
    neuron = elm(1, heads=1, memories=1, slowest=9.0, trace=1.0).double()
    assert isinstance(neuron, Elm)
    with torch.no_grad():
        neuron.place.zero_()  # timescale 3
        neuron.synapse.fill_(1.0)
        neuron.dendrite.copy_(torch.tensor([[[1.0, 0.0], [0.0, 0.0]]]))
        neuron.answer.copy_(torch.tensor([[[1.0], [0.0]]]))
        neuron.out.fill_(1.0)
    y, _ = neuron(torch.tensor([[[0.5], [0.0]]], dtype=torch.double))
    k = torch.exp(torch.tensor(-1 / 3, dtype=torch.double))
    first = (1 - k**5) * torch.tanh(torch.tensor(0.5, dtype=torch.double))
    second = k * first + (1 - k**5) * torch.tanh(0.5 * torch.exp(torch.tensor(-1.0, dtype=torch.double)))
    assert torch.allclose(y.flatten(), torch.stack([first, second]))


@pytest.mark.parametrize("options", [{"heads": 3}, {"memories": 0}, {"slowest": 1.0}, {"trace": 0.0}])
def test_options_are_checked(options: dict[str, float]) -> None:
    with pytest.raises(BadInput):
        elm(**options)
