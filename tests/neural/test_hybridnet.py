"""HybridNet: history says where to look."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from mnesis.neural.layer import part
from mnesis.neural.recipes.hybridnet import hybridnet


def test_history_moves_the_map_of_attention_and_not_what_is_there_to_see() -> None:
    torch.manual_seed(0)
    layer, x = hybridnet(width=8, heads=1, span=4), torch.randn(1, 12, 8)
    other = x.clone()
    other[:, 0] += 2.0  # long out of sight of the last step
    ends = [layer(each)[1] for each in (x, other)]
    for name in ("k", "v"):
        assert torch.equal(*(part(end, "window")[name] for end in ends))
    assert not torch.allclose(layer(x)[0][:, -1], layer(other)[0][:, -1], atol=1e-6)
    with torch.no_grad():
        layer.route.weight.zero_()
    assert torch.allclose(layer(x)[0][:, -1], layer(other)[0][:, -1], atol=1e-6)


def test_a_cue_beyond_the_window_decides_which_of_the_last_steps_is_answered(train: Any) -> None:
    found = {}
    for routed in (True, False):
        torch.manual_seed(0)
        layer, embed, head = hybridnet(width=16, heads=2, span=4), nn.Embedding(12, 16), nn.Linear(16, 4)
        source, right = torch.Generator().manual_seed(0), []
        if not routed:
            layer.route.requires_grad_(False).weight.zero_()

        def loss(step: int, parts: Any = (layer, embed, head, right), source: Any = source) -> Any:
            layer, embed, head, right = parts
            cue, values = torch.randint(2, (64, 1), generator=source), torch.randint(4, (64, 2), generator=source)
            still = torch.full((64, 5), 11)
            tokens = torch.cat([8 + cue, still, values[:, :1], 4 + values[:, 1:], torch.full((64, 1), 10)], dim=1)
            answer = values.gather(1, cue).squeeze(1)
            logits = head(layer(embed(tokens))[0][:, -1])
            right.append(float((logits.argmax(-1) == answer).float().mean()))
            return cross_entropy(logits, answer)

        given = [*layer.parameters(), *embed.parameters(), *head.parameters()]
        train([each for each in given if each.requires_grad], loss, 150, lr=2e-2)
        found[routed] = sum(right[-10:]) / 10
    assert found[True] > 0.95, found
    assert found[False] < 0.8, found
