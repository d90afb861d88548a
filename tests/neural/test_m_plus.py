"""M+ and MemoryLLM: what gives way in the pool is gone in the one, and found again in the other."""

from __future__ import annotations

import torch

from mnesis.neural.layer import part
from mnesis.neural.recipes.m_plus import Plus, m_plus
from mnesis.neural.recipes.memory_llm import Pool, memory_llm
from mnesis.neural.rule import State

SEGMENT, SEGMENTS = 4, 24


def small(long: bool) -> Pool:
    torch.manual_seed(0)
    options = {"width": 16, "heads": 2, "segment": SEGMENT, "pool": 8}
    layer = m_plus(**options, long=64, chosen=2) if long else memory_llm(**options)
    assert isinstance(layer, Pool)
    return layer.requires_grad_(False)


def through(layer: Pool) -> tuple[torch.Tensor, State]:
    """The tokens the first segment left, and the memory many segments later."""
    x = torch.randn(1, SEGMENTS * SEGMENT, 16, generator=torch.Generator().manual_seed(0))
    _, state = layer(x[:, :SEGMENT])
    first = part(state, "memory")["pool"][0, -layer.fresh :]
    return first, part(layer(x[:, SEGMENT:], state)[1], "memory")


def found(token: torch.Tensor, among: torch.Tensor) -> bool:
    return bool((among == token).all(-1).any())


def test_a_full_pool_forgets_and_the_long_term_memory_has_it() -> None:
    first, memory = through(small(long=False))
    assert not any(found(token, memory["pool"][0]) for token in first)
    assert set(memory) == {"pool", "live", "count"}
    first, memory = through(small(long=True))
    assert all(found(token, memory["long"][0]) for token in first)
    assert not any(found(token, memory["pool"][0]) for token in first)


def test_a_pool_fades_by_a_share_and_not_by_age_alone() -> None:
    """Of tokens that came together some stay long after others went: who gives way is left to chance."""
    layer = small(long=False)
    x = torch.randn(1, SEGMENTS * SEGMENT, 16, generator=torch.Generator().manual_seed(0))
    born: list[torch.Tensor] = []
    lives, state = [], None
    for n, segment in enumerate(x.split(SEGMENT, dim=1)):
        _, state = layer(segment, state)
        pool = part(state, "memory")["pool"][0]
        born += list(pool[-layer.fresh :])
        lives.append([n - k // layer.fresh for k, token in enumerate(born) if found(token, pool)])
    ages = {max(each) for each in lives[6:]}
    assert max(ages) > 8 // layer.fresh, "some live longer than a queue would let them"
    assert all(len(each) == 8 for each in lives[6:])


def test_nothing_gives_way_while_there_is_room() -> None:
    layer = small(long=True)
    x = torch.randn(1, 4 * SEGMENT, 16, generator=torch.Generator().manual_seed(0))
    memory = part(layer(x)[1], "memory")
    assert bool(memory["live"].all())
    assert not bool(memory["kept"].any())


def test_a_step_reads_the_tokens_nearest_to_it_and_no_other() -> None:
    layer = small(long=True)
    assert isinstance(layer, Plus)
    _, memory = through(layer)
    with torch.no_grad():
        layer.ask.weight.copy_(9 * torch.eye(8, 16))
        layer.key.weight.copy_(9 * torch.eye(8, 16))
    held = memory["long"][0, memory["kept"][0]]
    shares = layer.shares(held[:3].unsqueeze(0), memory)[0]
    assert all(int((each > 0).sum()) <= 2 for each in shares)
    score = held[:3, :8] @ memory["long"][0, :, :8].T
    score[:, ~memory["kept"][0]] = -torch.inf
    assert shares.argmax(-1).tolist() == score.argmax(-1).tolist()
    assert torch.allclose(shares.sum(-1), torch.ones(3))


def test_what_was_dropped_still_speaks() -> None:
    """Far beyond the pool's reach, another long-term memory gives another answer."""
    layer = small(long=True)
    _, memory = through(layer)
    x = torch.randn(1, SEGMENT, 16, generator=torch.Generator().manual_seed(5))
    other = memory | {"long": memory["long"].flip(-1)}
    assert float((layer.through(x, memory)[0] - layer.through(x, other)[0]).abs().max()) > 1e-3
