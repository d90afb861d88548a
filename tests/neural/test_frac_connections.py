"""Frac-Connections: residual connections of learned strength between parts of the width, at no cost of state."""

from __future__ import annotations

import torch

from mnesis.neural.layer.chain import chain
from mnesis.neural.recipes.frac_connections import Connection, Frac, frac_connections
from mnesis.neural.recipes.gated_delta_net import gated_delta_net

X = torch.randn(2, 12, 16, generator=torch.Generator().manual_seed(1))


def made(parts: int = 2, layers: int = 2) -> Frac:
    torch.manual_seed(0)
    layer = frac_connections(width=16, heads=2, parts=parts, layers=layers)
    assert isinstance(layer, Frac)
    return layer


def test_it_begins_as_the_plain_residual_connection() -> None:
    for parts in (1, 2, 4):
        layer, y = made(parts), torch.zeros_like(X)
        for norm, each in zip(layer.norms, layer.layers, strict=True):
            y = y + each(norm(X + y))[0]
        assert torch.allclose(layer(X)[0], y, atol=1e-5)


def test_parts_are_crossed_on_the_way_in_and_past() -> None:
    connection = Connection(width=16, parts=2)
    h = X.unflatten(-1, (2, 8))
    crossed = torch.tensor([[0.0, 1.0], [1.0, 0.0]])
    with torch.no_grad():
        connection.fixed[:, :2] = crossed
        connection.fixed[:, 2:4] = crossed
        connection.fixed[:, 4] = torch.tensor([0.0, 3.0])
    into, past, out = connection(h)
    assert torch.equal(into, torch.cat([h[:, :, 1], h[:, :, 0]], dim=-1))
    assert torch.equal(past, h.flip(2))
    assert out[0, 0].flatten().tolist() == [0.0, 3.0]


def test_a_part_can_be_kept_from_a_layer_that_writes_over_the_other() -> None:
    layer = made(layers=1)
    with torch.no_grad():
        layer.connections[0].fixed[0, 4] = 0.0  # the first half takes nothing
    y = layer(X)[0].detach()
    assert float(y[..., :8].abs().max()) < 1e-6
    assert float(y[..., 8:].abs().max()) > 1e-2


def test_the_token_moves_the_strengths() -> None:
    connection = Connection(width=16, parts=2)
    with torch.no_grad():
        connection.moved.fill_(0.3)
    out = connection(X.unflatten(-1, (2, 8)))[2].detach()
    assert float(out.std(dim=1).min()) > 0.01


def test_the_hidden_state_is_not_widened() -> None:
    plain = chain([gated_delta_net] * 2, 16, 2)
    assert made(4).state_bytes() == plain.state_bytes()  # type: ignore[operator]
