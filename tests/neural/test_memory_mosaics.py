"""Memory Mosaics: recall predicts what followed the last time, by likeness of leaky averages alone."""

from __future__ import annotations

import torch
from torch import Tensor

from mnesis.neural.recipes.memory_mosaics import Mosaic, memory_mosaics

WIDTH = 8


def bare(leak: float = -30.0, ahead: float = 2.0) -> Mosaic:
    """One memory whose keys and values are the tokens, as sharp as it needs to be; what it reads is what it says."""
    layer = memory_mosaics(width=WIDTH, heads=1, span=32)
    assert isinstance(layer, Mosaic)
    with torch.no_grad():
        for linear in (layer.keys, layer.values, layer.out):
            linear.weight.copy_(torch.eye(WIDTH))
        layer.leak.fill_(leak)
        layer.ahead.fill_(ahead)
        layer.sharp.fill_(4.0)
    return layer.requires_grad_(False)


def told(letters: str) -> Tensor:
    return torch.eye(WIDTH)[["abcdefgh".index(each) for each in letters]].unsqueeze(0)


def best(layer: Mosaic, letters: str) -> str:
    return "abcdefgh"[int(layer(told(letters))[0][0, -1].argmax())]


def test_it_says_what_followed_without_having_been_trained() -> None:
    layer = bare()
    assert best(layer, "abcdea") == "b"
    assert best(layer, "abcdec") == "d"
    assert best(layer, "hgafcbh") == "g"


def test_without_the_look_ahead_it_says_what_it_is_asked() -> None:
    assert best(bare(ahead=0.0), "abcdea") == "a"


def test_a_leaky_key_tells_two_contexts_of_one_token_apart() -> None:
    """After c, x leads to a; after d, to b: one token is no key for that, the average of two is."""
    layer = bare(leak=0.0)
    assert best(layer, "cgafdgbfcg") == "a"
    assert best(layer, "cgafdgbfdg") == "b"


def test_a_pair_is_stored_once_its_successor_has_come() -> None:
    layer = bare()
    first, state = layer(told("a"))
    assert float(first.abs().max()) == 0.0
    y, _ = layer(told("a"), state)
    assert "abcdefgh"[int(y[0, -1].argmax())] == "a"


def test_likeness_knows_no_distance() -> None:
    layer = bare()
    near, far = layer(told("abca"))[0][0, -1], layer(told("abcdefghdefghdefga"))[0][0, -1]
    assert torch.allclose(near, far, atol=1e-4)
