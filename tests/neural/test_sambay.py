"""SambaY: layers that gate one readout need no memory of their own."""

from __future__ import annotations

import torch

from mnesis.neural.recipes.sambay import GatedMemory, SambaY, sambay

STEPS = 24


def made(depth: int = 2, span: int = 4) -> SambaY:
    torch.manual_seed(0)
    layer = sambay(width=16, heads=2, span=span, depth=depth)
    assert isinstance(layer, SambaY)
    return layer


def test_depth_costs_no_state() -> None:
    assert made(depth=1).state_bytes() == made(depth=6).state_bytes()


def test_a_unit_reads_the_memory_and_only_gates_by_what_it_is_given() -> None:
    torch.manual_seed(0)
    unit = GatedMemory(8, 16)
    x, read, other = torch.randn(1, 5, 8), torch.randn(1, 5, 16), torch.randn(1, 5, 16)
    assert torch.allclose(unit(x, read + other), unit(x, read) + unit(x, other), atol=1e-5)
    assert float(unit(x, torch.zeros_like(read)).detach().abs().max()) == 0.0
    assert not torch.allclose(unit(2 * x, read), 2 * unit(x, read))


def test_units_alone_still_know_what_left_the_window() -> None:
    """Everything but the units is cut off; what they say depends on the first of 24 steps, the window holds 4."""
    layer = made(depth=1)
    with torch.no_grad():
        layer.space.out.weight.zero_()
        layer.window.out.weight.zero_()
        layer.outs[0].weight.zero_()
    x = torch.randn(1, STEPS, 16, generator=torch.Generator().manual_seed(0)).requires_grad_()
    layer(x)[0][0, -1].square().sum().backward()
    assert x.grad is not None
    assert float(x.grad[0].abs().sum(-1).min()) > 1e-9


def test_the_second_half_asks_the_keys_and_values_that_are_there() -> None:
    """With values of nothing, new queries find nothing, however the units are."""
    layer = made(depth=1)
    x = torch.randn(1, STEPS, 16, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        layer.window.project.weight[32:].zero_()
    y = layer(x)[0]
    with torch.no_grad():
        layer.queries[0].weight.mul_(3.0)
    assert torch.equal(layer(x)[0], y)
    fresh = made(depth=1)
    y = fresh(x)[0]
    with torch.no_grad():
        fresh.queries[0].weight.mul_(3.0)
    assert not torch.allclose(fresh(x)[0], y)
