"""Just read twice: what was asked at the end of a prompt decides what of it is kept."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from mnesis.errors import BadInput
from mnesis.neural.recipes.jrt import jrt, repeated


def test_the_end_of_a_prompt_changes_how_its_beginning_is_kept() -> None:
    torch.manual_seed(0)
    layer, x = jrt(width=8, heads=1, segment=6), torch.randn(1, 7, 8)
    other = x.clone()
    other[:, 5] += 1.0
    kept = []
    for each in (x, other):
        whole = layer(each[:, :6])[1]
        alone = layer.first(each[:, 5:6])  # what the changed step itself leaves, by the first reading
        k, v = alone.chunk(2, dim=-1)
        kept.append(whole["memory.S"] - torch.einsum("btk,btv->bkv", layer.features(k), v).unsqueeze(1))
    assert not torch.allclose(kept[0], kept[1], atol=1e-3)


def test_a_prompt_read_twice_answers_what_reading_once_cannot(train: Any) -> None:
    """Four values of four kinds, then the kind that will matter, then a question that does not name it."""
    found = {}
    for segment in (5, 50):  # the whole prompt; or so long that no prompt is ever whole, and all is read once
        torch.manual_seed(0)
        layer, embed, head = jrt(width=16, heads=2, segment=segment), nn.Embedding(21, 16), nn.Linear(16, 4)
        source, right = torch.Generator().manual_seed(0), []

        def loss(step: int, layer: Any = layer, embed: Any = embed, head: Any = head, right: Any = right) -> Any:
            values = torch.randint(4, (64, 4), generator=source)  # noqa: B023
            order = torch.rand(64, 4, generator=source).argsort(1)  # noqa: B023
            asked = torch.randint(4, (64, 1), generator=source)  # noqa: B023
            tokens = torch.cat([4 * order + values, 16 + asked, torch.full_like(asked, 20)], dim=1)
            answer = (values * (order == asked)).sum(1)
            logits = head(layer(embed(tokens))[0][:, -1])
            right.append(float((logits.argmax(-1) == answer).float().mean()))
            return cross_entropy(logits, answer)

        train([*layer.parameters(), *embed.parameters(), *head.parameters()], loss, 120)
        found[segment] = sum(right[-10:]) / 10
    assert found[5] > 0.95, found
    assert found[50] < 0.8, found


def test_a_prompt_that_stands_twice_needs_one_place_where_once_needs_all() -> None:
    """A reader with room for one value: it keeps that of the key it has last been asked for."""

    def answer(tokens: list[int]) -> int:
        asked, kept = -1, -1
        for n, token in enumerate(tokens):
            if token >= 100:
                asked = token - 100
            elif token == asked:
                kept = tokens[n + 1]
        return kept

    source = torch.Generator().manual_seed(0)
    right = [0, 0]
    for _ in range(50):
        keys, values = torch.randperm(8, generator=source), torch.randint(50, 58, (8,), generator=source)
        asked = int(torch.randint(8, (1,), generator=source))
        prompt = [*torch.stack([keys, values], dim=1).flatten().tolist(), 100 + int(keys[asked])]
        for n, times in enumerate((1, 2)):
            read = repeated(torch.tensor([prompt]), len(prompt), times)[0].tolist()
            right[n] += answer(read) == int(values[asked])
    assert right == [0, 50]


def test_what_follows_the_prompt_stands_once() -> None:
    assert repeated(torch.tensor([[1, 2, 9]]), 2).tolist() == [[1, 2, 1, 2, 9]]
    with pytest.raises(BadInput, match="prompt=4"):
        repeated(torch.tensor([[1, 2, 9]]), 4)
