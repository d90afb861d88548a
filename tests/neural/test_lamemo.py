"""LaMemo: a state in memory learns what came after it."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from mnesis.neural.recipes.lamemo import lamemo


def test_memory_knows_what_followed_it_and_without_look_ahead_it_does_not() -> None:
    torch.manual_seed(0)
    x = torch.randn(1, 8, 8)
    other = x.clone()
    other[:, 6] += 1.0
    for ahead in (True, False):
        layer = lamemo(width=8, heads=1, segment=4, memory=8, ahead=ahead)
        one, two = (layer(each)[1]["memory.states"][0] for each in (x, other))
        changed = (one - two).abs().sum(-1) > 1e-6
        assert changed[:4].all() == ahead
        assert changed[4:].tolist() == [False, False, True, False], "the last segment has not been looked ahead of yet"


def test_old_states_are_not_renewed_again() -> None:
    torch.manual_seed(0)
    layer, x = lamemo(width=8, heads=1, segment=2, memory=8), torch.randn(1, 6, 8)
    before = layer(x[:, :4])[1]["memory.states"][:, -4:-2]
    after = layer(x)[1]["memory.states"][:, -6:-4]
    assert torch.equal(before, after)


def test_characters_are_guessed_better_than_from_states_that_were_never_looked_at_again(train: Any) -> None:
    """Texts of three made-up words each: the same length of memory, with look-ahead and as Transformer-XL keeps it."""
    found = {}
    for ahead in (True, False):
        torch.manual_seed(0)
        layer, embed, head = lamemo(16, 2, 2, 16, ahead), nn.Embedding(8, 16), nn.Linear(16, 8)
        norm, source = nn.LayerNorm(16), torch.Generator().manual_seed(0)

        def loss(step: int, parts: Any = (layer, embed, head, norm), source: Any = source) -> Any:
            layer, embed, head, norm = parts
            words = torch.rand(32, 8, generator=source).argsort(1)[:, :6].reshape(32, 3, 2)
            text = words[torch.arange(32).unsqueeze(1), torch.randint(3, (32, 8), generator=source)].flatten(1)
            x = embed(text[:, :-1])
            logits = head(norm(x + layer(x)[0]))
            return cross_entropy(logits[:, 8::2].flatten(0, 1), text[:, 9::2].flatten())

        losses = train([*layer.parameters(), *embed.parameters(), *head.parameters(), *norm.parameters()], loss, 120)
        found[ahead] = sum(losses[-10:]) / 10
    assert found[True] < found[False] - 0.1, found
