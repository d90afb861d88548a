"""HMT: what is like the topic is recalled from the store, beside the last steps as they were."""

from __future__ import annotations

import torch

from mnesis.neural.layer import part
from mnesis.neural.recipes.hmt import Hierarchy, hmt

SEGMENT = 4


def made(slots: int = 6) -> Hierarchy:
    torch.manual_seed(0)
    layer = hmt(width=16, heads=2, segment=SEGMENT, slots=slots)
    assert isinstance(layer, Hierarchy)
    return layer.requires_grad_(False)


def x(segments: int) -> torch.Tensor:
    return torch.randn(1, segments * SEGMENT, 16, generator=torch.Generator().manual_seed(0))


def test_recall_filters_by_the_topic() -> None:
    layer = made()
    layer.ask.weight.copy_(8 * torch.eye(16))
    layer.key.weight.copy_(8 * torch.eye(16))
    stored = torch.eye(16)[:6].unsqueeze(0)
    memory = {"long": stored, "live": torch.tensor([[False, True, True, True, True, True]])}
    for place in range(1, 6):
        assert torch.allclose(layer.recalled(stored[:, place : place + 1], memory)[0, 0], stored[0, place], atol=1e-4)
    forgotten = layer.recalled(stored[:, :1], memory)
    assert torch.allclose(forgotten[0, 0], stored[0, 1:].mean(0), atol=1e-4), "an empty slot is not recalled"


def test_a_segment_leaves_one_embedding_and_the_oldest_goes_first() -> None:
    layer = made()
    seen, state = [], None
    for segment in x(8).split(SEGMENT, dim=1):
        _, state = layer(segment, state)
        seen.append(part(state, "memory")["long"][0, -1])
    assert state is not None
    memory = part(state, "memory")
    assert torch.equal(memory["long"][0], torch.stack(seen[-6:]))
    assert bool(memory["live"].all())


def test_the_last_half_segment_is_kept_as_it_was() -> None:
    given = x(3)
    _, state = made()(given)
    assert torch.equal(part(state, "memory")["sensory"], given[:, -SEGMENT // 2 :])


def test_all_three_memories_are_read() -> None:
    layer, given = made(), x(5)
    _, state = layer(given[:, : 4 * SEGMENT])
    rest = given[:, 4 * SEGMENT :]
    y, _ = layer(rest, state)
    long, sensory = dict(state), dict(state)
    long["memory.long"] = state["memory.long"].roll(1, dims=-1)
    sensory["memory.sensory"] = state["memory.sensory"].roll(1, dims=-1)
    for other in (long, sensory):
        assert float((layer(rest, other)[0] - y).abs().max()) > 1e-4
    assert bool((layer(rest, None)[0] - y).abs().max() > 1e-4)
