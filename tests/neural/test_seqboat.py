"""Sparse modular activation: attention sees activated steps, all of them and only them."""

from __future__ import annotations

import torch
from torch import Tensor

from mnesis.neural.recipes.seqboat import SeqBoat, seqboat

WIDTH, SPAN, STEPS = 16, 4, 80


def sparse() -> tuple[SeqBoat, Tensor, Tensor, Tensor]:
    """A layer that activates about one step in ten, x, what its attention is given, and which steps it activates."""
    torch.manual_seed(0)
    layer, x = seqboat(width=WIDTH, heads=2, span=SPAN), torch.randn(1, STEPS, WIDTH)
    assert isinstance(layer, SeqBoat)
    with torch.no_grad():
        h = layer.norm(x + layer.states(x)[0])
        raw = torch.special.logit(layer.share(h)[0, :, 0])
        layer.router.bias -= raw.sort().values[-STEPS // 10]
        return layer, x, h, layer.share(h)[0, :, 0] > 0.5


def test_a_step_that_is_not_activated_is_answered_by_the_recurrence_alone() -> None:
    layer, x, _, active = sparse()
    assert 0 < int(active.sum()) < STEPS // 8
    y, plain = layer(x)[0][0].detach(), layer.states(x)[0][0].detach()
    assert torch.equal(y[~active], plain[~active])
    assert float((y - plain)[active].abs().max(-1).values.min()) > 1e-4


def test_the_window_counts_activated_steps_only_so_it_reaches_far_beyond_its_span() -> None:
    layer, x, h, active = sparse()
    _, alone = layer.attention(h[:, active])
    after = layer(x)[1]
    for name in ("k", "v", "n"):
        assert torch.allclose(after[f"attention.{name}"], alone[name], atol=1e-6)
    kept = active.nonzero()[-(SPAN - 1)]
    assert STEPS - int(kept) > 2 * SPAN, "the oldest key lies more than twice the span back"


def test_which_steps_are_activated_is_learned() -> None:
    layer, x, _, active = sparse()
    layer(x)[0].square().sum().backward()
    assert layer.router.weight.grad is not None
    assert float(layer.router.weight.grad.abs().max()) > 0
    assert bool(active.any())
