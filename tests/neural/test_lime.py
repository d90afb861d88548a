"""LIMe: a layer reads keys and values of every layer before it, and nothing more is kept for that."""

from __future__ import annotations

import torch

from mnesis.neural.layer import part
from mnesis.neural.layer.chain import chain
from mnesis.neural.layer.window import window
from mnesis.neural.recipes.lime import Lime, lime

X = torch.randn(2, 12, 16, generator=torch.Generator().manual_seed(1))


def made(layers: int = 2) -> Lime:
    torch.manual_seed(0)
    layer = lime(width=16, heads=2, layers=layers)
    assert isinstance(layer, Lime)
    return layer


def plain(layers: int) -> torch.nn.Module:
    return chain([lambda width, heads: window(width, heads, span=None)] * layers, 16, 2)


def test_it_begins_as_layers_of_attention() -> None:
    layer, other = made(3), plain(3)
    other.load_state_dict(
        {name.replace("windows", "layers"): value for name, value in layer.state_dict().items() if "routes" not in name}
    )
    assert torch.allclose(layer(X)[0], other(X)[0], atol=1e-6)


def test_a_head_may_read_what_an_earlier_layer_kept() -> None:
    layer = made()
    with torch.no_grad():
        layer.routes[0].zero_()
        layer.routes[0][0, 0, 1] = 1.0  # the first head of the second layer takes the second head of the first
    _, state = layer(X)
    for name in ("k", "v"):
        early, late = part(state, "0")[name].detach(), part(state, "1")[name].detach()
        assert torch.equal(late[:, :, 0], early[:, :, 1])
        assert float(late[:, :, 1].abs().max()) == 0.0


def test_routes_cost_no_state() -> None:
    _, state = made(3)(X)
    _, other = plain(3)(X)
    assert {name: value.shape for name, value in state.items()} == {n: value.shape for n, value in other.items()}


def test_the_answer_can_come_from_a_layer_whose_successor_has_lost_it() -> None:
    """The second layer's own keys and values are nothing; through its routes it learns from the first layer's."""
    layer = made()
    with torch.no_grad():
        layer.windows[1].project.weight[16:].zero_()  # keys and values
    state = layer(X)[1]
    assert float(state["1.v"].detach().abs().max()) == 0.0
    layer(X)[0].square().sum().backward()
    assert layer.routes[0].grad is not None
    assert float(layer.routes[0].grad[:, 0].abs().min()) > 0.0
