"""Co4: context from the other two of question, clue and hypothesis decides what is said and what is written."""

from __future__ import annotations

import torch

from mnesis.neural.recipes.co4 import Triadic, co4, modulated


def made(rounds: int = 1) -> Triadic:
    torch.manual_seed(0)
    layer = co4(width=16, heads=2, rounds=rounds)
    assert isinstance(layer, Triadic)
    return layer


def test_context_that_agrees_amplifies_and_context_that_disagrees_silences() -> None:
    drive = torch.tensor([0.2, 0.5, 1.0])
    alone = modulated(drive, torch.zeros(3))
    assert torch.allclose(alone, drive.square() + 2 * drive)
    assert bool((modulated(drive, torch.ones(3)) > alone).all())
    assert modulated(drive, torch.full((3,), -2.0)).tolist() == [0.0, 0.0, 0.0]
    assert float(modulated(torch.tensor(3.0), torch.tensor(3.0))) == 6.0


def test_the_same_clue_is_written_where_it_is_supported_and_not_where_it_is_not() -> None:
    layer = made()
    with torch.no_grad():
        layer.conv.weight.fill_(0.0)
        layer.conv.weight[:, -1] = 1.0
        layer.trust.fill_(2.0)
        for name, start in (("q", 0), ("k", 16), ("v", 32)):
            weight = torch.zeros(16, 16)
            weight[:, {"q": 0, "k": 1, "v": 2}[name]] = 1.0
            layer.project.weight[start : start + 16] = weight
    x = torch.zeros(1, 1, 16)
    x[..., :3] = torch.tensor([3.0, 3.0, 3.0])
    _, supported = layer(x)
    assert float(supported["rule.S"].detach().abs().min()) > 0.0
    with torch.no_grad():  # question and hypothesis turn against the clue
        layer.norms["q"].weight.fill_(-1.0)
        layer.norms["v"].weight.fill_(-1.0)
    _, against = layer(x)
    assert float(against["rule.S"].detach().abs().max()) == 0.0


def test_each_of_the_three_is_tuned_by_the_other_two() -> None:
    x = torch.randn(1, 6, 16, generator=torch.Generator().manual_seed(0))
    for changed in "qkv":
        layer = made()
        before, _ = layer.inputs(x, layer.begin(1, x), None)
        with torch.no_grad():
            layer.norms[changed].weight.mul_(0.5)
        after, _ = layer.inputs(x, layer.begin(1, x), None)
        assert all(not torch.allclose(before[name], after[name]) for name in "qkv")


def test_more_rounds_tune_further() -> None:
    x = torch.randn(1, 6, 16, generator=torch.Generator().manual_seed(0))
    one, two = made(), made(rounds=2)
    two.load_state_dict({**one.state_dict(), "trust": one.trust.detach().repeat(2, 1, 1, 1)})
    assert not torch.allclose(one(x)[0], two(x)[0])
    assert one.state_bytes() == two.state_bytes()
