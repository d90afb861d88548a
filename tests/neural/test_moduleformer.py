"""ModuleFormer: few modules a step, and new ones that do not disturb the old."""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch.nn.functional import cross_entropy

from mnesis.neural.recipes.moduleformer import Modules, moduleformer, stick_breaking

WIDTH = 16


def made() -> Modules:
    torch.manual_seed(0)
    layer = moduleformer(width=WIDTH, heads=2, modules=4, chosen=1)
    assert isinstance(layer, Modules)
    return layer


def test_the_stick_is_broken_from_the_latest_key_back() -> None:
    q, k = torch.full((1, 1, 1, 1), 100.0), torch.tensor([1.0, 1.0, -1.0]).reshape(1, 1, 3, 1)
    shares = stick_breaking(q, k, torch.ones(1, 3, dtype=torch.bool)).flatten()
    assert torch.allclose(shares, torch.tensor([0.0, 1.0, 0.0]), atol=1e-5), "the newest that fits takes all"
    some = stick_breaking(0.01 * q, k, torch.ones(1, 3, dtype=torch.bool))
    assert 0 < float(some.sum()) < 1, "and where nothing fits well, not all is given away"


def test_a_step_is_sent_to_the_chosen_and_losses_spread_or_gather() -> None:
    layer, x = made(), torch.randn(4, 30, WIDTH)
    assert int((layer.shares(x) > 0).sum(-1).max()) == 1
    for which in (0, 1):  # balance: each step is sure of its module, and all are used; concentration: few are used
        trained = copy.deepcopy(layer)
        optimizer = torch.optim.Adam(trained.router.parameters(), lr=0.05)
        for _ in range(80):
            optimizer.zero_grad()
            trained.losses(x)[which].backward()
            optimizer.step()
        balance, used = (float(each.detach()) for each in trained.losses(x))
        if which == 0:
            assert used > 1.2
            assert balance + used < 0.5, "what a step tells of its module"
        else:
            assert used < 0.9
            assert len(trained.shares(x).sum((0, 1)).nonzero()) < 4


def test_grown_modules_learn_a_new_domain_and_the_old_one_stays(train: Any) -> None:
    """Two domains that are facts about vectors of their own; the second comes when the first is learned."""
    source = torch.Generator().manual_seed(0)
    head = torch.randn(WIDTH, 8, generator=source)
    domains = []
    for shift in (1.0, -1.0):
        given = torch.randn(24, WIDTH, generator=source)
        given[:, :4] = 2 * shift
        domains.append((given.unsqueeze(1), torch.randint(8, (24,), generator=source)))

    def loss(layer: Any, domain: int) -> Any:
        given, answer = domains[domain]
        return cross_entropy(layer(given)[0][:, -1] @ head, answer)

    layer = made()
    train(layer.parameters(), lambda step: loss(layer, 0), 120)
    old = float(loss(layer, 0).detach())
    left = {}
    for name in ("all", "grown"):
        later = copy.deepcopy(layer)
        if name == "grown":
            later.grown(2)
        train([p for p in later.parameters() if p.requires_grad], lambda step: loss(later, 1), 120)  # noqa: B023
        assert float(loss(later, 1).detach()) < 0.3, name
        left[name] = float(loss(later, 0).detach())
    assert old < 0.2
    assert left["grown"] < 0.3 < 1.0 < left["all"], left
