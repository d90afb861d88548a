"""Lattice: a slot takes in only what it does not hold."""

from __future__ import annotations

import torch
from torch import Tensor

from mnesis.neural.rule import Rule, Size
from mnesis.neural.rule.additive import additive
from mnesis.neural.rule.orthogonal import orthogonal

SLOTS, VALUES = 4, 8


def state(rule: Rule, k: Tensor, v: Tensor) -> Tensor:
    """What is stored after writing v [T, V] at k [T, K], with rate 1 and nothing fading."""
    x = {"q": k, "k": k, "v": v, "rate": torch.ones(len(k)), "decay": torch.zeros(len(k))}
    inputs = {name: x[name].unsqueeze(0).unsqueeze(2) for name in rule.ports}
    return rule.chunked(rule.init(Size(1, SLOTS, VALUES), 1, inputs), inputs)[1]["S"][0, 0]


def test_every_write_is_orthogonal_to_what_the_slot_holds() -> None:
    source = torch.Generator().manual_seed(0)
    k, v = 5 * torch.randn(9, SLOTS, generator=source), 5 * torch.randn(9, VALUES, generator=source)
    before, after = state(orthogonal(), k[:8], v[:8]), state(orthogonal(), k, v)
    change = after - before
    along = (change * before).sum(-1) / (change.norm(dim=-1) * before.norm(dim=-1))
    assert float(along.abs().max()) < 1e-3
    assert float(change.norm(dim=-1).min()) > 0.1
    plain = state(additive(), k, v) - state(additive(), k[:8], v[:8])
    assert float((plain * state(additive(), k[:8], v[:8])).sum(-1).abs().max()) > 1.0, "a plain sum does not look"


def test_saying_something_a_hundred_times_does_not_drown_what_was_said_once() -> None:
    """One value once, then another a hundred times, at keys that overlap: is the first still what its key reads?"""
    once, often = torch.eye(VALUES)[:2]
    keys = torch.tensor([[1.0, 0.0, 0.0, 0.3], [0.0, 1.0, 0.0, 0.3]])
    v, k = torch.stack([once, *[often] * 100]), torch.stack([keys[0], *[keys[1]] * 100])
    shares = []
    for rule in (orthogonal(), additive()):
        x = {name: each[None, -1:, None] for name, each in (("q", keys[:1]), ("k", k), ("v", v))}
        read = rule.read({"S": state(rule, k, v)[None, None]}, {"q": x["q"][:, 0]})[0, 0]
        shares.append(float(torch.nn.functional.normalize(read, dim=-1) @ once))
    assert shares[1] < 0.2, "in a plain sum the overlap of the keys, a hundred times, is all that is read"
    assert shares[0] > 0.9, shares
