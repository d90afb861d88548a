"""GMem: with a bank beside it the same network learns faster, and draws what it was never trained on."""

from __future__ import annotations

import pytest
import torch

from mnesis.errors import BadInput
from mnesis.neural.generator._digits import digits
from mnesis.neural.generator.gmem import Memory, gmem

STEPS = 600


def made(bank: int) -> Memory:
    torch.manual_seed(0)
    model = gmem(size=64, bank=bank)
    assert isinstance(model, Memory)
    return model


def held_out(model: Memory) -> float:
    with torch.no_grad():
        return float(model.loss(digits(512, seed=1)[0], torch.Generator().manual_seed(0)))


def test_with_a_bank_it_learns_in_a_quarter_of_the_steps_what_it_does_not_without() -> None:
    examples, _ = digits(2048, seed=0)
    plain, with_bank = made(bank=0), made(bank=256)
    plain.fit(examples, steps=STEPS)
    with_bank.fit(examples, steps=STEPS // 4)
    assert held_out(with_bank) < held_out(plain)


def test_a_snippet_says_what_is_drawn_and_new_ones_need_no_training() -> None:
    """The network has never seen an 8; its snippets draw it all the same."""
    examples, which = digits(2048, seed=0)
    model = made(bank=256)
    model.fit(examples[which != 8], steps=STEPS // 2)
    eights = examples[which == 8][:64]
    size = len(model.bank)
    model.remember(eights)
    assert len(model.bank) == size + 64
    drawn = model.sample(64, snippets=model.bank[-64:])
    own = (drawn - eights).square().mean(1)
    other = (drawn - eights.roll(1, 0)).square().mean(1)
    assert float((own < other).float().mean()) > 0.9


def test_a_plain_model_has_nothing_to_add_to() -> None:
    with pytest.raises(BadInput, match="bank"):
        made(bank=0).remember(torch.zeros(1, 64))
