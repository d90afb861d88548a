"""EfficientViM: channel mixing costs hidden states, not tokens, and is read by all that come after."""

from __future__ import annotations

import torch

from mnesis.neural.recipes.efficientvim import HiddenMixer, efficientvim


def made(segment: int = 16) -> HiddenMixer:
    torch.manual_seed(0)
    layer = efficientvim(width=16, heads=1, segment=segment, states=4)
    assert isinstance(layer, HiddenMixer)
    return layer


def x(steps: int) -> torch.Tensor:
    return torch.randn(1, steps, 16, generator=torch.Generator().manual_seed(0))


def test_channels_are_mixed_for_hidden_states_and_for_no_token() -> None:
    layer, rows = made(), []
    for linear in (layer.enter, layer.leave):
        linear.register_forward_hook(lambda _, inputs, __: rows.append(inputs[0].shape[:-1].numel()))
    layer(x(64))
    assert rows == [4] * 8, "four hidden states, twice, in each of four segments of 16 steps"


def test_mixing_before_reading_is_mixing_what_was_read() -> None:
    """The last map of the hidden states is the same map of every token's readout, at the cost of a few rows."""
    layer = made(segment=4).requires_grad_(False)
    given = x(8)
    _, state = layer(given[:, :4])
    memory = {"S": state["memory.S"]}
    weight = torch.randn(16, 16, generator=torch.Generator().manual_seed(2))
    read = []
    for channel_map in (torch.eye(16), weight):
        layer.leave.weight.copy_(channel_map)
        read.append(layer.through(given[:, 4:], memory)[0])
    alone, _ = layer.through(given[:, 4:], {"S": torch.zeros_like(memory["S"])})
    assert float((read[0] - alone).abs().max()) > 1e-4
    assert torch.allclose(read[1] - alone, (read[0] - alone) @ weight.T, atol=1e-5)


def test_a_segment_crosses_channels_only_through_the_hidden_states() -> None:
    """Within its first segment a channel speaks to itself alone; from the second on to all."""
    layer = made(segment=4)
    with torch.no_grad():
        layer.choose.weight.zero_()  # what is chosen does not depend on x here
        layer.choose.bias[:8] = 1.0
    for steps, crosses in ((4, False), (8, True)):
        given = x(steps).requires_grad_()
        layer(given)[0][0, -1, 3].backward()
        assert given.grad is not None
        others = given.grad[0, 0, torch.arange(16) != 3].abs()
        assert float(given.grad[0, 0, 3].abs()) > 0
        assert bool((others > 0).any()) == crosses
