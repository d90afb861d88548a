"""Meta-State: the token passes through what the text has written, and the state grows without training."""

from __future__ import annotations

import torch

from mnesis.neural.recipes.meta_state import MetaState, expanded, meta_state


def made() -> MetaState:
    torch.manual_seed(0)
    layer = meta_state(width=16, heads=2)
    assert isinstance(layer, MetaState)
    return layer


def test_the_token_is_multiplied_by_the_state() -> None:
    """With the reading by a query silenced, what is left is the token times the state, head by head."""
    layer, x = made().double(), torch.randn(1, 5, 16, dtype=torch.float64)
    with torch.no_grad():
        layer.maps[0].weight.zero_()
        layer.meta.fill_(1.0)
    y, state = layer(x)
    moved = x[:, -1] + (x[:, -2] - x[:, -1]) * layer.shift[5]
    token = torch.nn.functional.normalize(layer.maps[5](moved).reshape(2, 8), dim=-1)
    said = torch.einsum("hk,hkv->hv", token, state["rule.S"][0])
    assert torch.allclose(layer.out(layer.norm(said).flatten()), y[0, -1], atol=1e-8)


def test_a_state_is_expanded_without_a_change_and_then_learns() -> None:
    layer, x = made(), torch.randn(2, 9, 16)
    larger = expanded(layer, 2)
    assert larger.state_bytes() > layer.state_bytes()
    assert torch.allclose(larger(x)[0], layer(x)[0], atol=1e-5)
    larger(x)[0].square().sum().backward()
    assert larger.out.weight.grad is not None
    assert float(larger.out.weight.grad[:, 16:].abs().max()) > 0, "the new heads have something to learn from"
    state = layer(x)[1]["rule.S"]
    assert torch.allclose(larger(x)[1]["rule.S"][:, :2], state, atol=1e-5), "old heads keep what they kept"


def test_there_is_no_weight_for_what_goes_through_the_state_but_one_a_head() -> None:
    names = {name for name, _ in made().named_parameters()}
    assert {name for name in names if name.startswith("meta")} == {"meta"}
    assert made().meta.numel() == 2
