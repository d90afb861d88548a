"""MoVE: one bank for all layers, which holds what the layers have no room for."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn.functional import cross_entropy

from mnesis.neural.recipes.move import move


def test_the_bank_is_one_for_all_layers() -> None:
    torch.manual_seed(0)
    counts = [sum(p.numel() for p in move(8, 1, slots=4, layers=layers).bank.unsqueeze(0)) for layers in (1, 3)]
    assert counts == [32, 32]
    layer, x = move(8, 1, slots=4, layers=2), torch.randn(1, 3, 8)
    before = [layer.known(x, n) for n in range(2)]
    with torch.no_grad():
        layer.bank += 1.0
    assert not any(torch.allclose(layer.known(x, n), each) for n, each in enumerate(before))


def test_the_gate_mixes_softly() -> None:
    torch.manual_seed(0)
    layer, x = move(8, 1, slots=4, layers=1), torch.randn(1, 3, 8)
    with torch.no_grad():
        layer.gates[0].weight.zero_()
        layer.gates[0].bias.copy_(torch.tensor([30.0, 0.0, -30.0, -30.0]))
    assert torch.allclose(layer.known(x, 0)[0, 0], layer.bank[0] + 0.5 * layer.bank[1], atol=1e-5)


def test_more_slots_hold_more_at_the_same_width_and_depth(train: Any) -> None:
    """Sixty-four facts between vectors of length 8 that do not learn: what is known by heart is in the layer."""
    given = torch.randn(64, 8, generator=torch.Generator().manual_seed(1))
    head = torch.randn(8, 64, generator=torch.Generator().manual_seed(2))
    answer = torch.randperm(64, generator=torch.Generator().manual_seed(3))
    found = {}

    def missed(y: torch.Tensor) -> torch.Tensor:
        return cross_entropy(y @ head, answer)

    for slots in (1, 16, 128):
        torch.manual_seed(0)
        layer = move(8, 1, slots=slots, layers=2)
        losses = train(layer.parameters(), lambda step, layer=layer: missed(layer(given[:, None])[0][:, -1]), 200)
        found[slots] = losses[-1]
    assert found[16] < 0.6 * found[1], found
    assert found[128] < found[16], found
