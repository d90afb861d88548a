"""CHELA: two convolutions in training, one in use, and linear attention beyond their reach."""

from __future__ import annotations

import torch

from mnesis.neural.recipes.chela import SHORT, Chela, chela

SPAN = 9


def layer() -> Chela:
    torch.manual_seed(0)
    made = chela(width=16, heads=2, span=SPAN)
    assert isinstance(made, Chela)
    return made


def test_short_and_long_fold_into_one_convolution() -> None:
    made, x = layer(), torch.randn(2, 30, 16)
    before = made(x)[0]
    near = made.short.weight.detach().abs().max()
    made.fold()
    assert float(near) > 0
    assert float(made.short.weight.detach().abs().max()) == 0.0
    assert torch.allclose(made(x)[0], before, atol=1e-5)


def test_what_a_step_looks_for_depends_on_the_steps_in_its_span_and_on_the_near_ones_most() -> None:
    made = layer()
    x = torch.randn(1, 30, 16, requires_grad=True)
    near, _ = made.short(x, made.short.begin(1, x), None)
    far, _ = made.long(x, made.long.begin(1, x), None)
    (pull,) = torch.autograd.grad((near + far)[0, -1].square().sum(), x)
    reach = pull[0].abs().sum(-1)
    assert float(reach[: 30 - SPAN].max()) == 0.0
    assert float(reach[30 - SPAN :].min()) > 0.0
    assert float(reach[30 - SHORT :].mean()) > 2 * float(reach[30 - SPAN : 30 - SHORT].mean())


def test_linear_attention_reaches_what_no_convolution_does() -> None:
    made = layer()
    x = torch.randn(1, 60, 16, requires_grad=True)
    made(x)[0][0, -1].square().sum().backward()
    assert x.grad is not None
    assert float(x.grad[0].abs().sum(-1).min()) > 1e-7
