"""Folded context: the past lives on in the room of one segment and moves through the layers with the present."""

from __future__ import annotations

import torch

from mnesis.neural.recipes.folded_context import Folded, folded_context

SEGMENT, STEPS = 4, 40


def made(layers: int = 1) -> Folded:
    torch.manual_seed(0)
    layer = folded_context(width=16, heads=2, segment=SEGMENT, layers=layers)
    assert isinstance(layer, Folded)
    return layer


def x(steps: int = STEPS) -> torch.Tensor:
    return torch.randn(1, steps, 16, generator=torch.Generator().manual_seed(0))


def test_one_layer_reaches_ten_segments_back() -> None:
    """Attention of one layer over two segments ends 8 steps back; what is folded carries on from the first step."""
    given = x().requires_grad_()
    made()(given)[0][0, -1].square().sum().backward()
    assert given.grad is not None
    assert float(given.grad[0].abs().sum(-1).min()) > 1e-9


def test_without_the_folded_states_a_segment_stands_alone() -> None:
    layer, given = made(), x(2 * SEGMENT)
    _, state = layer(given[:, :SEGMENT])
    state["memory.live"] = torch.zeros_like(state["memory.live"])
    alone = layer(given[:, SEGMENT:])[0]
    assert torch.allclose(layer(given[:, SEGMENT:], state)[0], alone, atol=1e-6)
    assert not torch.allclose(layer(given)[0][:, SEGMENT:], alone, atol=1e-3)


def test_past_states_move_on_with_the_present_at_every_depth() -> None:
    """What the second layer sees of the past is no longer what was kept: the first has moved it."""
    layer, seen = made(layers=2), []
    hook = layer.layers[1].register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].detach()))
    _, state = layer(x(SEGMENT))
    layer(x(SEGMENT), state)
    hook.remove()
    past, kept = seen[-1][:, :SEGMENT], state["memory.past"].detach()
    assert past.shape == kept.shape
    assert float((past - kept).abs().mean()) > 0.05


def test_what_is_kept_is_no_larger_after_many_segments() -> None:
    _, state = made()(x())
    assert state["memory.past"].shape == (1, SEGMENT, 16)
    sizes = state["memory.past"].detach().square().mean(-1)
    assert torch.allclose(sizes, torch.ones_like(sizes), atol=1e-2)
