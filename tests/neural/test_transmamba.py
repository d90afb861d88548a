"""TransMamba: the state made at the switch is the one the state space would have had."""

from __future__ import annotations

import torch

from mnesis.neural.recipes.transmamba import TransMamba, converted, transmamba
from mnesis.neural.rule import Size, sequential
from mnesis.neural.rule.decayed import decayed

WIDTH, STEPS = 16, 20


def layer(segment: int) -> TransMamba:
    """The same weights whatever the segment."""
    torch.manual_seed(0)
    made = transmamba(width=WIDTH, heads=2, segment=segment)
    assert isinstance(made, TransMamba)
    return made.double()


def test_the_converter_is_exact() -> None:
    source = torch.Generator().manual_seed(0)
    k, v = torch.randn(2, 2, 11, 3, 4, generator=source, dtype=torch.float64)
    decay = -torch.rand(2, 11, 3, generator=source, dtype=torch.float64)
    x = {"q": k, "k": k, "v": v, "decay": decay}
    _, state = sequential(decayed(), decayed().init(Size(3, 4, 4), 2, x), x)
    assert torch.allclose(converted(k, v, decay), state["S"], atol=1e-13)


def test_after_the_switch_it_does_not_matter_when_it_was() -> None:
    x = torch.randn(2, STEPS, WIDTH, dtype=torch.float64)
    whole = {segment: layer(segment)(x)[0] for segment in (1, 7, 13)}
    assert torch.allclose(whole[7][:, 7:], whole[1][:, 7:], atol=1e-12)
    assert torch.allclose(whole[13][:, 13:], whole[1][:, 13:], atol=1e-12)


def test_before_the_switch_it_is_attention() -> None:
    x = torch.randn(2, STEPS, WIDTH, dtype=torch.float64)
    early, always = layer(7)(x)[0], layer(STEPS)(x)[0]
    assert torch.allclose(early[:, :7], always[:, :7], atol=1e-12)
    assert not torch.allclose(early[:, 7:], always[:, 7:], atol=1e-3)


def test_two_rows_may_switch_at_different_moments_of_one_batch() -> None:
    made, x = layer(7), torch.randn(2, STEPS, WIDTH, dtype=torch.float64)
    mask = torch.ones(2, STEPS, dtype=torch.bool)
    mask[0, :5] = False
    y, _ = made(x, mask=mask)
    assert torch.allclose(y[0, 5:], made(x[:1, 5:])[0][0], atol=1e-12)
    assert torch.allclose(y[1], made(x[1:])[0][0], atol=1e-12)
