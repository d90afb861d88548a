"""Concept-Centric Transformers: slots compete to write, and the answer says how much of each it holds."""

from __future__ import annotations

import pytest
import torch

from mnesis.neural.recipes.concept_centric import Workspace, concept_centric


def made(slots: int = 4) -> Workspace:
    torch.manual_seed(0)
    layer = concept_centric(width=8, heads=1, slots=slots)
    assert isinstance(layer, Workspace)
    return layer.requires_grad_(False)


def sharp(slots: int = 2) -> Workspace:
    """Slots that begin as the first coordinates and win what is like them."""
    layer = made(slots)
    layer.begun.copy_(torch.eye(slots, 8))
    layer.bid.weight.copy_(10 * torch.eye(8))
    for linear in (layer.offer, layer.say, layer.out):
        linear.weight.copy_(torch.eye(8))
    return layer


def test_slots_compete_for_every_step() -> None:
    layer = sharp(4)
    slots, offer = torch.eye(8)[:4].unsqueeze(0), torch.eye(8)[:1]
    won = layer.won(slots, offer)[0]
    assert float(won.sum()) == pytest.approx(1.0, abs=1e-5)
    assert float(won[0]) > 0.9
    rival = slots.clone()
    rival[0, 1] = slots[0, 0]
    shared = layer.won(rival, offer)[0]
    assert float(shared[0]) == pytest.approx(float(shared[1]))
    assert float(shared[0]) < 0.5 < float(won[0]), "what one wins another loses"


def test_two_kinds_of_things_end_in_two_slots() -> None:
    """Each kind has a mark in one coordinate and content in another; no label says which is which."""
    layer = sharp()
    one, two = 2 * torch.eye(8)[0] + torch.eye(8)[5], 2 * torch.eye(8)[1] + torch.eye(8)[6]
    steps = torch.stack([one, two, one, one, two, two, one, two]).unsqueeze(0)
    slots = layer(steps)[1]["slots"][0]
    assert float(slots[0, 5]) > 0.8
    assert float(slots[1, 6]) > 0.8
    assert float(slots[0, 6]) < 0.05
    assert float(slots[1, 5]) < 0.05


def test_the_answer_is_the_concepts_by_the_shares_that_explain_it() -> None:
    layer = made()
    x = torch.randn(1, 1, 8)
    y, state = layer(x)
    shares = layer.explained(x, state["slots"].unsqueeze(1))[0, 0, 0]
    assert torch.allclose(shares.sum(), torch.tensor(1.0))
    assert torch.allclose(y[0, 0], layer.out(shares @ state["slots"][0]), atol=1e-5)


def test_the_workspace_is_a_bottleneck() -> None:
    assert made(2).state_bytes() * 4 == made(8).state_bytes() == 8 * 8 * 4
