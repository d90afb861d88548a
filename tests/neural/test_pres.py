"""Nodes that drift: with large batches a plain memory lags behind, one that expects its own changes does not."""

from __future__ import annotations

import math

import torch

from mnesis.neural.stream import Events
from mnesis.neural.stream.pres import incoherence, pres

NODES, STEPS = 12, 96


def drifting(seed: int) -> tuple[Events, torch.Tensor]:
    """Every node walks steadily along a line of its own; half of the events show where it is, half somewhere else."""
    made = torch.Generator().manual_seed(seed)
    begin, angle = torch.randn(NODES, 2, generator=made), torch.rand(NODES, generator=made) * 2 * math.pi
    speed = torch.stack([angle.cos(), angle.sin()], 1) * 4.0
    source = torch.arange(NODES).repeat(STEPS)
    at = torch.arange(STEPS).repeat_interleave(NODES) / STEPS + torch.arange(NODES).repeat(STEPS) / (STEPS * NODES)
    place = begin[source] + speed[source] * at[:, None]
    true = torch.rand(len(source), generator=made) < 0.5
    wrong = place + torch.randn(len(source), 2, generator=made) * 0.5
    features = torch.where(true[:, None], place + 0.02 * torch.randn(len(source), 2, generator=made), wrong)
    sign = torch.where(true, 1.0, -1.0)
    return Events(source, source, at, sign, features), true


def missed(predicts: bool, steps: int, seed: int = 0) -> float:
    """How far from where the nodes are it expects them (mean squared), after training in batches of so many steps."""
    torch.manual_seed(seed)
    stream = pres(2, 8, predicts)
    learner = torch.optim.Adam(stream.parameters(), 0.02)  # type: ignore[arg-type]
    size, found = steps * NODES, 0.0
    for turn in range(50):
        events, true = drifting(seed * 100 + turn % 4)
        state, loss, left = stream.start(NODES), torch.zeros(()), []
        for begin in range(0, len(true), size):
            scores, after = stream(state, events.part(begin, begin + size))
            off = ((stream.bias - scores) / stream.sharp.exp())[true[begin : begin + size]]  # type: ignore[attr-defined]
            loss = loss + off.mean() + 0.01 * incoherence(state, after)
            state = after
            if begin >= len(true) // 2:
                left.append(off.mean().detach())
        learner.zero_grad()
        loss.backward()
        learner.step()
        found = float(torch.stack(left).mean())
    return found


def test_a_memory_that_expects_its_changes_bears_larger_batches() -> None:
    small, large, expects = missed(False, 3), missed(False, 12), missed(True, 12)
    assert large > 2 * small, "a plain memory loses by batches four times as large"
    assert expects < large / 2
    assert expects < 1.2 * small, "one that expects its changes does not"


def test_successive_memories_that_point_one_way_are_coherent() -> None:
    before = {"memory": torch.tensor([[1.0, 0.0], [0.0, 1.0]]), "seen": torch.tensor([1.0, 1.0])}
    same = {"memory": torch.tensor([[2.0, 0.0], [0.0, 1.0]]), "seen": torch.tensor([2.0, 1.0])}
    turned = {"memory": torch.tensor([[-1.0, 0.0], [0.0, 1.0]]), "seen": torch.tensor([2.0, 1.0])}
    assert float(incoherence(before, same)) < 1e-6
    assert abs(float(incoherence(before, turned)) - 2.0) < 1e-6
    assert float(incoherence(before, before)) == 0.0
