"""LongMem: the writer is frozen, so the bank never goes stale; the reader learns and reaches beyond its window."""

from __future__ import annotations

import torch

from mnesis.neural.layer import part
from mnesis.neural.recipes.longmem import LongMem, longmem

STEPS = 24


def made(bank: int = 32, chosen: int = 3) -> LongMem:
    torch.manual_seed(0)
    layer = longmem(width=16, heads=2, span=4, bank=bank, chosen=chosen)
    assert isinstance(layer, LongMem)
    return layer


def x(seed: int = 0) -> torch.Tensor:
    return torch.randn(1, STEPS, 16, generator=torch.Generator().manual_seed(seed))


def test_training_the_reader_leaves_the_bank_as_it_was() -> None:
    layer = made()
    y, state = layer(x())
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.5)
    y.square().sum().backward()
    optimizer.step()
    z, after = layer(x())
    assert not torch.allclose(y, z, atol=1e-2), "the reader has learned"
    for name, value in part(state, "bank").items():
        assert torch.equal(part(after, "bank")[name], value)
    assert not torch.equal(part(state, "side")["k"], part(after, "side")["k"])


def test_it_reads_what_left_the_window_and_nothing_that_left_the_bank() -> None:
    for bank in (32, 8):
        given = x().requires_grad_()
        made(bank, chosen=bank)(given)[0][0, -1].square().sum().backward()
        assert given.grad is not None
        reach = given.grad[0].abs().sum(-1)
        assert bool((reach > 0).all()) == (bank == 32)
        assert bool((reach[-8:] > 0).all())


def test_the_nearest_are_read_and_no_other() -> None:
    layer = made(chosen=3)
    bank = layer._with(x(), part(layer.begin(1, x()), "bank"), None)
    before = layer.recalled(x(1), bank).detach()
    q = layer.side.project(x(1))[0, -1, :16].reshape(2, 8)
    score = torch.einsum("hd,nhd->hn", q, bank["k"][0, 32 : 32 + STEPS - 4]).detach()
    best = score.topk(3, dim=-1).indices + 32
    rest = dict(bank)
    rest["v"] = bank["v"].clone()
    for head in range(2):
        others = [n for n in range(32, 32 + STEPS) if n not in best[head].tolist()]
        rest["v"][0, others, head] = 100.0
    assert torch.allclose(layer.recalled(x(1), rest)[0, -1], before[0, -1], atol=1e-5)


def test_a_gate_a_head_weighs_window_and_bank() -> None:
    layer = made()
    with torch.no_grad():
        layer.gate.copy_(torch.tensor([[30.0], [30.0]]))
    y = layer(x())[0]
    changed = x()
    changed[:, :8] += 1.0  # far beyond two windows of four
    assert torch.allclose(layer(changed)[0][:, -1], y[:, -1], atol=1e-5), "only the window is read"
    with torch.no_grad():
        layer.gate.copy_(torch.tensor([[30.0], [-30.0]]))
    assert not torch.allclose(layer(changed)[0][:, -1], layer(x())[0][:, -1], atol=1e-3)
