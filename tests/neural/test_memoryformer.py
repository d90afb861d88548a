"""MemoryFormer: tables in place of the maps of attention."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from mnesis.neural.recipes.memoryformer import Lookup, memoryformer


def test_nothing_in_it_multiplies_by_a_matrix_of_weights() -> None:
    layer = memoryformer(width=16, heads=2)
    assert not [each for each in layer.modules() if isinstance(each, nn.Linear)]
    assert {name for name, _ in layer.named_parameters()} == {"project.tables", "out.tables"}


def test_signs_are_the_address_and_sureness_the_weight() -> None:
    tables = Lookup(width=4, out=1, bits=2)
    with torch.no_grad():
        tables.tables.copy_(torch.tensor([[0.0, 1.0, 2.0, 3.0], [0.0, 10.0, 20.0, 30.0]]).unsqueeze(-1))
    sure = torch.tensor([9.0, -9.0, 9.0, 9.0])
    assert abs(float(tables(sure).detach()) - 31.0) < 1e-3
    assert abs(float(tables(0.00001 * sure).detach()) - 31.0 / 4) < 1e-2, "four addresses are as likely as each other"
    for x in (sure, -sure):
        one, other = tables(x).detach(), tables(x + 0.5).detach()
        assert torch.allclose(one, other, atol=1e-2), "what does not change a sign changes little"


def test_tables_learn_what_a_matrix_does(train: Any) -> None:
    torch.manual_seed(0)
    matrix, tables = torch.randn(16, 16) / 4, Lookup(16, 16, 4)
    source = torch.Generator().manual_seed(0)

    def error(step: int) -> Any:
        x = torch.randn(256, 16, generator=source)
        return (tables(x) - x @ matrix).square().mean()

    left = train(tables.parameters(), error, 150, lr=3e-2)[-1]
    assert left < 0.4, "of a variance of 1"
