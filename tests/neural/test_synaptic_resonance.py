"""Synaptic resonance: what fits the context grows, and noise does not."""

from __future__ import annotations

import torch

from mnesis.neural.recipes.synaptic_resonance import Resonant, synaptic_resonance


def test_what_fits_the_context_is_written_more_strongly_than_what_does_not() -> None:
    layer = synaptic_resonance(width=4, heads=1, gain=2.0)
    assert isinstance(layer, Resonant)
    mark, context = torch.tensor([1.0, 0, 0, 0]).reshape(1, 1, 1, 4), torch.tensor([3.0, 0, 0, 0]).reshape(1, 1, 4)
    fits, against, none = (float(layer.resonance(mark, each * context).detach()) for each in (1, -1, 0))
    assert fits > 1.9
    assert against < 0.1
    assert abs(none - 1.0) < 1e-6, "where there is no context yet, as usual"


def test_the_context_is_made_of_what_was_relevant() -> None:
    torch.manual_seed(0)
    layer, x = synaptic_resonance(width=8, heads=1, segment=2), torch.randn(1, 2, 8)
    _, state = layer(x.repeat(1, 4, 1))
    _, other = layer(torch.cat([x.repeat(1, 3, 1), -x], dim=1))
    grown, turned = state["memory.c"].norm(), other["memory.c"].norm()
    assert float(grown.detach()) > float(turned.detach())


def test_noise_disturbs_what_it_remembers_less_than_without_resonance() -> None:
    """A theme, all of whose steps have something in common, among noise of the same size; maps as they come."""
    off = {}
    for resonant in (True, False):
        torch.manual_seed(0)
        layer = synaptic_resonance(width=16, heads=1, segment=2)
        assert isinstance(layer, Resonant)
        if not resonant:
            torch.nn.init.zeros_(layer.sharp)
        source = torch.Generator().manual_seed(0)
        theme = torch.randn(64, 12, 16, generator=source) + 3 * torch.randn(64, 1, 16, generator=source)
        noise = torch.randn(64, 36, 16, generator=source) * theme.std()
        x = torch.stack([theme, *noise.reshape(64, 12, 3, 16).unbind(2)], dim=2).flatten(1, 2)
        with torch.no_grad():
            clean, noisy = (torch.nn.functional.normalize(layer(each)[1]["memory.S"].flatten(1)) for each in (theme, x))
            off[resonant] = float((clean - noisy).norm(dim=1).mean())
    assert off[True] < 0.8 * off[False], off
