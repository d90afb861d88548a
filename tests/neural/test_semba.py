"""Two camps that agree within and quarrel across: balance tells the signs of pairs that never met."""

from __future__ import annotations

import torch

from mnesis.neural.stream import Events
from mnesis.neural.stream.semba import semba

NODES, EVENTS, TOLD, BATCH = 40, 1600, 1200, 40


def camps(seed: int) -> tuple[Events, torch.Tensor]:
    """Events between nodes of two hidden camps; those of the last quarter are between pairs that never met before."""
    made = torch.Generator().manual_seed(seed)
    camp = (torch.rand(NODES, generator=made) < 0.65).long()
    pairs = torch.combinations(torch.arange(NODES))
    pairs = pairs[torch.randperm(len(pairs), generator=made)]
    old, new = pairs[:500], pairs[500:]
    picked = old[torch.randint(0, len(old), (TOLD,), generator=made)]
    fresh = new[torch.randint(0, len(new), (EVENTS - TOLD,), generator=made)]
    both = torch.cat([picked, fresh])
    source, target = both[:, 0], both[:, 1]
    sign = torch.where(camp[source] == camp[target], 1.0, -1.0)
    at = torch.arange(EVENTS, dtype=torch.float32) / EVENTS
    return Events(source, target, at, sign, torch.zeros(EVENTS, 2)), camp


def balanced_accuracy(balanced: bool, seed: int) -> float:
    """The mean of the shares of friendly and of hostile events between new pairs that were foretold."""
    torch.manual_seed(seed)
    stream = semba(balanced=balanced)
    events, _ = camps(seed)
    learner = torch.optim.Adam(stream.parameters(), 0.05)  # type: ignore[arg-type]
    for _ in range(3):
        state = stream.start(NODES)
        for begin in range(0, TOLD, BATCH):
            part = events.part(begin, begin + BATCH)
            scores, state = stream({name: each.detach() for name, each in state.items()}, part)
            loss = torch.nn.functional.binary_cross_entropy_with_logits(scores, (part.sign > 0).float())
            learner.zero_grad()
            loss.backward()
            learner.step()
    with torch.no_grad():
        state = stream.start(NODES)
        for begin in range(0, TOLD, BATCH):
            _, state = stream(state, events.part(begin, begin + BATCH))
        asked = events.part(TOLD, EVENTS)
        right = (stream(state, asked)[0] > 0) == (asked.sign > 0)
    shares = [right[asked.sign > 0].float().mean(), right[asked.sign < 0].float().mean()]
    return float(sum(shares) / 2)


def test_signs_between_strangers_are_foretold_by_balance() -> None:
    found = [balanced_accuracy(True, seed) for seed in range(3)]
    without = [balanced_accuracy(False, seed) for seed in range(3)]
    assert min(found) > 0.85
    assert max(without) < 0.65
