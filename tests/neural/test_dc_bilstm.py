"""DC-Bi-LSTM: both sides of every step, and a short way from the first layer to the last."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from mnesis.neural.recipes.dc_bilstm import Dense, dc_bilstm


def made(layers: int = 3) -> Dense:
    torch.manual_seed(0)
    layer = dc_bilstm(width=8, heads=2, segment=4, layers=layers)
    assert isinstance(layer, Dense)
    return layer


def test_a_sentence_is_read_from_both_ends_and_padding_is_not() -> None:
    layer, x = made(), torch.randn(2, 9, 8)
    changed = x.clone()
    changed[:, -1] += 1.0
    assert not torch.allclose(layer.sentence(x)[:, 0], layer.sentence(changed)[:, 0], atol=1e-6)
    mask = torch.arange(9) < torch.tensor([[9], [6]])
    y = layer.sentence(x, mask)
    assert torch.allclose(y[1, :6], layer.sentence(x[1:, :6])[0], atol=1e-6)
    assert float(y[1, 6:].detach().abs().max()) == 0.0


def test_every_layer_reads_all_below_it() -> None:
    layer = made(layers=4)
    assert [each.input_size for each in layer.on] == [8, 16, 24, 32]
    with torch.no_grad():
        for each in (*list(layer.on)[1:], *list(layer.back)[1:]):  # nothing but the first layer says anything
            for weight in each.parameters():
                weight.zero_()
    x = torch.randn(1, 6, 8)
    changed = x.clone()
    changed[:, 0] += 1.0
    assert not torch.allclose(layer.sentence(x)[:, -1], layer.sentence(changed)[:, -1], atol=1e-6)


def test_in_a_stream_the_way_back_is_told_once_its_segment_is_whole() -> None:
    layer, x = made(), torch.randn(1, 8, 8)
    changed = x.clone()
    changed[:, 3] += 1.0
    state, other = (layer(each[:, :4])[1] for each in (x, changed))
    assert not torch.allclose(state["memory.back0"], other["memory.back0"], atol=1e-4)
    assert torch.allclose(layer(x)[0][:, :3], layer(changed)[0][:, :3], atol=1e-6)


def test_a_deep_stack_learns_which_kind_of_sentence_it_is(train: Any) -> None:
    """Is the first word the last? Ten layers deep, where a stack without the short way does not come off the ground."""
    found = {}
    for dense in (True, False):
        torch.manual_seed(0)
        embed, head = nn.Embedding(4, 8), nn.Linear(8, 2)
        stack: Any = dc_bilstm(8, 2, layers=10) if dense else nn.LSTM(8, 4, 10, batch_first=True, bidirectional=True)
        source, right = torch.Generator().manual_seed(0), []

        def loss(step: int, parts: Any = (stack, embed, head, dense, right), source: Any = source) -> Any:
            stack, embed, head, dense, right = parts
            words = torch.randint(4, (64, 6), generator=source)
            same = torch.rand(64, generator=source) < 0.5
            words[:, -1] = torch.where(same, words[:, 0], words[:, -1])
            kind = (words[:, 0] == words[:, -1]).long()
            y = stack.sentence(embed(words)) if dense else stack(embed(words))[0]
            logits = head(y.mean(1))
            right.append(float((logits.argmax(-1) == kind).float().mean()))
            return cross_entropy(logits, kind)

        train([*stack.parameters(), *embed.parameters(), *head.parameters()], loss, 120)
        found[dense] = sum(right[-10:]) / 10
    assert found[True] > 0.75, found
    assert found[True] > found[False] + 0.1, found
