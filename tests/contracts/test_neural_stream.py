"""Every memory of a stream: asked before it is told, the same twice, untouched nodes stay, states can be kept."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from mnesis import catalog
from mnesis.neural.stream import Events

SUBJECTS = catalog.names("neural.stream")
NODES = 12


def events(n: int = 40, seed: int = 0, nodes: int = NODES) -> Events:
    made = torch.Generator().manual_seed(seed)
    source, target = (torch.randint(0, nodes, (n,), generator=made) for _ in range(2))
    at = torch.sort(torch.rand(n, generator=made)).values
    sign = torch.where(torch.rand(n, generator=made) < 0.7, 1.0, -1.0)
    return Events(source, target, at, sign, torch.randn(n, 2, generator=made))


@pytest.fixture(params=SUBJECTS)
def stream(request: pytest.FixtureRequest) -> Any:
    torch.manual_seed(0)
    return catalog.make(request.param)


def test_it_is_asked_before_it_is_told(stream: Any) -> None:
    told = events()
    scores, after = stream(stream.start(NODES), told)
    assert scores.shape == (40,)
    assert scores.isfinite().all()
    other = told._replace(sign=-told.sign)
    again, _ = stream(stream.start(NODES), other)
    torch.testing.assert_close(again, scores)
    assert set(after) == set(stream.start(NODES))


def test_a_state_has_the_nodes_first_and_keeps_its_shapes(stream: Any) -> None:
    begin = stream.start(NODES)
    _, after = stream(begin, events())
    assert all(len(each) == NODES for each in begin.values())
    assert {name: each.shape for name, each in begin.items()} == {name: each.shape for name, each in after.items()}
    assert all(each.isfinite().all() for each in after.values())


def test_who_met_nobody_stays_as_he_was(stream: Any) -> None:
    told = events(nodes=6)
    begin = stream.start(NODES)
    _, after = stream(begin, told)
    for name, each in after.items():
        torch.testing.assert_close(each[6:], begin[name][6:])
    assert any(not torch.equal(after[name][:6], begin[name][:6]) for name in after)


def test_the_same_events_give_the_same_state_and_a_gradient(stream: Any) -> None:
    one, state = stream(stream.start(NODES), events())
    two, same = stream(stream.start(NODES), events())
    torch.testing.assert_close(one, two)
    assert all(torch.equal(state[name], same[name]) for name in state)
    scores, _ = stream(state, events(seed=1))
    scores.square().mean().backward()
    assert any(each.grad is not None and each.grad.abs().sum() > 0 for each in stream.parameters())


def test_nothing_happened_changes_nothing(stream: Any) -> None:
    begin = stream.start(NODES)
    scores, after = stream(begin, events().part(0, 0))
    assert len(scores) == 0
    assert all(torch.equal(after[name], begin[name]) for name in begin)
