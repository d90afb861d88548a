"""Memory beside a window of attention: exact nearby, and something of everything before."""

from __future__ import annotations

import pytest
import torch

from mnesis import catalog
from mnesis.errors import BadInput, UnknownName
from mnesis.neural.layer import Layer
from mnesis.neural.layer.chain import chain
from mnesis.neural.layer.memory_as_context import memory_as_context
from mnesis.neural.layer.routed import Routed
from mnesis.neural.layer.window import window
from mnesis.neural.lm import tiny_lm
from mnesis.neural.recipes.mom import mom
from mnesis.neural.rule.gradient import gradient

SPAN, STEPS = 4, 24
HYBRIDS = {
    "based": {"span": SPAN},
    "griffin": {"span": SPAN},
    "samba": {"span": SPAN},
    "titans_mac": {"segment": SPAN},
    "titans_mag": {"span": SPAN},
    "titans_mal": {"span": SPAN},
}


def influence(layer: Layer) -> torch.Tensor:
    """How much the last output depends on each step: [STEPS]."""
    x = torch.randn(1, STEPS, 16, generator=torch.Generator().manual_seed(0)).requires_grad_()
    layer(x)[0][0, -1].square().sum().backward()
    assert x.grad is not None
    return x.grad[0].abs().sum(-1)


def test_a_window_forgets_completely_after_its_span() -> None:
    torch.manual_seed(0)
    reach = influence(window(width=16, heads=2, span=SPAN))
    assert float(reach[: STEPS - SPAN].max()) == 0.0
    assert float(reach[STEPS - SPAN :].min()) > 0.0


@pytest.mark.parametrize("name", HYBRIDS)
def test_a_hybrid_still_knows_what_left_its_window(name: str) -> None:
    """The first step lies five windows back; attention alone cannot reach it."""
    torch.manual_seed(0)
    layer = catalog.make(f"neural.recipes.{name}", width=16, heads=2, **HYBRIDS[name])
    reach = influence(layer)
    assert float(reach.min()) > 1e-9, "every step has left a trace"


def test_the_state_of_based_is_a_dial() -> None:
    sizes = [
        catalog.make("neural.recipes.based", feature=f, span=s).state_bytes() for f, s in ((4, 8), (8, 8), (8, 32))
    ]
    assert sizes == sorted(set(sizes))
    keys = [(1 + f + f * f) * 16 * 2 * 4 for f in (4, 8)]
    assert sizes[1] - sizes[0] == keys[1] - keys[0] + 3 * 2 * 2 * 4 * 4  # the matrix, and q and k in the convolution


def test_what_is_recalled_for_a_later_step_is_not_seen_earlier() -> None:
    torch.manual_seed(0)
    layer = catalog.make("neural.recipes.titans_mac", width=16, heads=2, segment=8)
    x = torch.randn(1, 16, 16, generator=torch.Generator().manual_seed(0))
    y, changed = layer(x)[0], x.clone()
    changed[0, 13] += 1.0  # within the second segment
    z = layer(changed)[0]
    assert torch.equal(z[0, :13], y[0, :13])
    assert not torch.allclose(z[0, 13:], y[0, 13:])


def test_a_memory_a_step_was_not_sent_to_is_left_as_it_was() -> None:
    torch.manual_seed(0)
    layer = mom(width=16, heads=2, memories=4, chosen=1)
    assert isinstance(layer, Routed)
    _, before = layer(torch.randn(1, 10, 16))
    x = torch.randn(1, 1, 16)
    _, after = layer(x, before)
    changed = (after["rule.S"] - before["rule.S"]).abs().reshape(5, -1).sum(1) > 0
    sent = layer.shares(x)[0, 0] > 0
    assert changed.tolist() == sent.tolist()
    assert changed.tolist().count(True) == 2, "one of four, and the shared one"
    assert float(layer.shares(x)[..., :4].detach().sum()) == pytest.approx(1.0)


def test_learned_tokens_are_seen_however_long_ago_the_sequence_began() -> None:
    torch.manual_seed(0)
    layer = window(width=16, heads=2, span=SPAN, persistent=3)
    layer(torch.randn(1, STEPS, 16))[0][0, -1].square().sum().backward()
    assert all(float(each.grad.abs().min()) > 0 for name, each in layer.named_parameters() if name == "always")


def test_a_decoder_may_have_another_memory_in_every_layer() -> None:
    torch.manual_seed(0)
    model = tiny_lm(["delta_net", "softmax", "neural.recipes.rg_lru"], vocab=11, width=16)
    tokens = torch.randint(11, (2, 9))
    logits, state = model(tokens[:, :4], return_state=True)
    rest, end = model(tokens[:, 4:], state, return_state=True)
    assert torch.allclose(torch.cat([logits, rest], dim=1), model(tokens), atol=1e-5)
    assert {name.split(".")[0] for name in end} == {"0", "1", "2"}
    mask = torch.ones(2, 9, dtype=torch.bool)
    mask[0, :3] = False
    assert torch.allclose(model(tokens, mask=mask)[0, 3:], model(tokens[:1, 3:])[0], atol=1e-5)
    assert model.state_bytes() == sum(block.memory.state_bytes() for block in model.blocks)


def test_what_makes_no_model_is_refused() -> None:
    with pytest.raises(UnknownName, match="delta_net"):
        tiny_lm("delta_nett")
    with pytest.raises(BadInput, match="at least one layer"):
        tiny_lm(layers=0)
    with pytest.raises(BadInput, match="at least one layer"):
        chain([])
    with pytest.raises(BadInput, match="every"):
        memory_as_context(gradient(every=8), segment=4)
    with pytest.raises(BadInput, match="span"):
        window(span=1)
