"""Contextual memory reweaving: a rare word is captured with all its layers, and found when it is needed."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from mnesis.neural.recipes.memory_reweaving import Reweaving, memory_reweaving


def made() -> Reweaving:
    torch.manual_seed(0)
    layer = memory_reweaving(width=8, heads=1, segment=4, slots=6, layers=2)
    assert isinstance(layer, Reweaving)
    return layer


def test_states_of_all_layers_are_kept_of_the_steps_that_stand_out() -> None:
    layer, x = made(), torch.randn(1, 4, 8)
    _, state = layer(x)
    assert state["memory.latents"].shape == (1, 6, 3, 8)
    assert state["memory.live"].sum() == 1, "a quarter of a segment"
    kept = state["memory.latents"][0, -1, 0]
    scale = kept / x[0]
    hit = [bool(torch.allclose(row, row[0].expand_as(row), atol=1e-4)) for row in scale]
    assert sum(hit) == 1, "the first layer of what was captured is the step as it came in, weighed by how it stands out"


def test_what_is_rebuilt_comes_from_all_layers_with_their_weights() -> None:
    layer, x = made(), torch.randn(1, 12, 8)
    _, state = layer(x)
    memory = {"latents": state["memory.latents"], "live": state["memory.live"]}
    before = layer.rewoven(x[:, -1:], memory)
    for n in range(3):
        other = memory["latents"].clone()
        other[:, :, n] += 1.0
        assert not torch.allclose(layer.rewoven(x[:, -1:], {**memory, "latents": other}), before, atol=1e-4)
    empty = layer.rewoven(x, {**memory, "live": torch.zeros_like(memory["live"])})
    assert float(empty.detach().abs().max()) == 0.0


def test_rare_words_are_recalled_that_the_layers_alone_have_lost(train: Any) -> None:
    """Sixteen common words, one rare one among the first eight; at the end: which was it?"""
    found = {}
    for woven in (True, False):
        torch.manual_seed(0)
        layer = memory_reweaving(width=16, heads=2, segment=4, slots=6, layers=2)
        assert isinstance(layer, Reweaving)
        embed, head, source, right = nn.Embedding(12, 16), nn.Linear(16, 6), torch.Generator().manual_seed(0), []
        if not woven:
            layer.gate.requires_grad_(False).weight.zero_()
            layer.gate.bias.fill_(-30.0)

        def loss(step: int, parts: Any = (layer, embed, head, right), source: Any = source) -> Any:
            layer, embed, head, right = parts
            rare = torch.randint(6, (64, 1), generator=source)
            tokens = torch.randint(6, 11, (64, 17), generator=source)
            tokens = tokens.scatter(1, torch.randint(8, (64, 1), generator=source), rare)
            tokens[:, -1] = 11
            logits = head(layer(embed(tokens))[0][:, -1])
            right.append(float((logits.argmax(-1) == rare.squeeze(1)).float().mean()))
            return cross_entropy(logits, rare.squeeze(1))

        parts = (layer, embed, head)
        given = [each for part in parts for each in part.parameters() if each.requires_grad]
        train(given, loss, 150, lr=1e-2)
        found[woven] = sum(right[-10:]) / 10
    assert found[True] > 0.9, found
    assert found[False] < 0.4, found
