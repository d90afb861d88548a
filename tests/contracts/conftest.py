"""Checks that several contracts share."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

SMALL = {"span": 5, "every": 4, "segment": 4, "window": 6.0}  # so that a few steps reach beyond a window or a block
ROWS, STEPS, WIDTH, HEADS = 2, 18, 16, 2


class LayerChecks:
    """What every layer owes, whatever is inside; a check is a promise and fails with what was off."""

    def __init__(self) -> None:
        import torch

        self.torch = torch

    def small(self, maker: Callable[..., Any], **options: Any) -> Any:
        """The layer with windows so small that the steps below run through several; the same numbers each time."""
        known = inspect.signature(maker).parameters
        small = {name: type(known[name].default)(n) for name, n in SMALL.items() if name in known}
        with self.torch.random.fork_rng():
            self.torch.manual_seed(0)
            return maker(width=WIDTH, heads=HEADS, **{**small, **options})

    def x(self, seed: int = 1, steps: int = STEPS) -> Any:
        return self.torch.randn(ROWS, steps, WIDTH, generator=self.torch.Generator().manual_seed(seed))

    def close(self, one: Any, other: Any, what: str, tolerance: float) -> None:
        assert one.shape == other.shape, what
        one, other = one.detach().double(), other.detach().double()
        worst = float((one - other).abs().max()) / max(float(other.abs().max()), 1.0) if one.numel() else 0.0
        assert worst <= tolerance, f"{what} is off by {worst:.1e}"

    def same_state(self, one: Any, other: Any, tolerance: float) -> None:
        assert one.keys() == other.keys()
        for name, value in other.items():
            assert one[name].dtype == value.dtype
            self.close(one[name], value, f"state {name}", tolerance)

    def split_is_whole(self, layer: Any, tolerance: float) -> None:
        """Step by step, or cut anywhere: the same outputs and the same state."""
        x = self.x().to(next(layer.parameters()).dtype)
        whole, last = layer(x)
        for sizes in ([1] * STEPS, [5, 13], [4, 1, 7, 6]):
            state, out = None, []
            for piece in x.split(sizes, dim=1):
                y, state = layer(piece, state)
                out.append(y)
            self.close(self.torch.cat(out, dim=1), whole, f"output in pieces of {sizes[:4]}", tolerance)
            self.same_state(state, last, tolerance)

    def masked_leave_no_trace(self, layer: Any, tolerance: float) -> None:
        """Left padding, right padding and holes."""
        x, mask = self.x(), self.torch.ones(ROWS, STEPS, dtype=self.torch.bool)
        _, before = layer(self.x(seed=3, steps=7))
        for dead in (slice(0, 6), slice(11, None), [2, 3, 9, 17]):
            mask[:] = True
            mask[0, dead] = False
            y, after = layer(x, before, mask)
            assert float(y[~mask].detach().abs().max()) == 0.0
            alone, last = layer(x[:1, mask[0]], {name: value[:1] for name, value in before.items()})
            self.close(y[0, mask[0]], alone[0], "output of the live steps", tolerance)
            other, full = layer(x[1:], {name: value[1:] for name, value in before.items()})
            self.close(y[1], other[0], "output of the row beside it", tolerance)
            junk = x.clone()
            junk[~mask] = 1e3
            self.close(layer(junk, before, mask)[0], y, "output with other numbers under the mask", tolerance)
            more = self.x(seed=4, steps=6)
            y, _ = layer(more, after)
            self.close(y[0], layer(more[:1], last)[0][0], "what follows the masked row", tolerance)
            self.close(y[1], layer(more[1:], full)[0][0], "what follows the other row", tolerance)

    def future_is_not_read(self, layer: Any, tolerance: float) -> None:
        one, other = self.x(), self.x(seed=2)
        mixed = self.torch.cat([one[:, :7], other[:, 7:]], dim=1)
        y, z = layer(one)[0], layer(mixed)[0]
        self.close(z[:, :7], y[:, :7], "what was said before the change", tolerance)
        assert float((z[:, 7:] - y[:, 7:]).detach().abs().max()) > 1e-4

    def the_past_matters(self, layer: Any) -> None:
        x, other = self.x(), self.x(seed=2)
        mixed = self.torch.cat([other[:, :4], x[:, 4:]], dim=1)
        change = layer(mixed)[0][:, -1] - layer(x)[0][:, -1]
        assert float(change.detach().abs().max()) > 1e-7

    def state_stays_its_size(self, layer: Any, grows: bool) -> None:
        start = layer.begin(ROWS, self.x())
        _, short = layer(self.x(steps=3))
        _, long = layer(self.x(steps=STEPS))
        sizes = [sum(v.numel() * v.element_size() for v in each.values()) for each in (start, short, long)]
        assert all(value.shape[0] == ROWS for value in long.values())
        assert layer.state_bytes(ROWS) == sizes[0]
        if grows:
            assert sizes[0] < sizes[1] < sizes[2], "its state does not grow: take it out of the table"
        else:
            assert len(set(sizes)) == 1, sizes
            assert {n: v.shape for n, v in start.items()} == {n: v.shape for n, v in long.items()}

    def gradients_reach_everything(self, layer: Any) -> None:
        y, state = layer(self.x())
        y, _ = layer(self.x(seed=5), state)
        y.square().sum().backward()
        for name, value in layer.named_parameters():
            if value.requires_grad:
                assert value.grad is not None, f"{name} is not used"
                assert bool(self.torch.isfinite(value.grad).all()), name
                assert float(value.grad.abs().max()) > 0, f"{name} changes nothing"

    def saved_is_loaded(self, layer: Any, fresh: Any, path: Any) -> None:
        x = self.x()
        y, state = layer(x)
        self.torch.save({"layer": layer.state_dict(), "state": state}, path)
        loaded = self.torch.load(path, weights_only=True)
        with self.torch.no_grad():
            for value in fresh.parameters():
                value.add_(1.0)
        fresh.load_state_dict(loaded["layer"])
        self.close(fresh(x)[0], y, "output of the loaded layer", 0.0)
        self.close(fresh(x, loaded["state"])[0], layer(x, state)[0], "what the loaded state goes on with", 0.0)

    def bfloat16_is_near(self, layer: Any, tolerance: float) -> None:
        x = self.x()
        y, state = layer(x)
        z, kept = layer.bfloat16()(x.bfloat16())
        assert z.dtype == self.torch.bfloat16
        self.close(z, y, "output in bfloat16", tolerance)
        again, _ = layer(x.bfloat16(), kept)
        assert bool(self.torch.isfinite(again).all())
        assert kept.keys() == state.keys()

    def inputs_are_not_changed(self, layer: Any) -> None:
        x = self.x()
        _, state = layer(x)
        kept, before = {name: value.clone() for name, value in state.items()}, x.clone()
        layer(x, state)
        assert self.torch.equal(x, before)
        assert all(self.torch.equal(state[name], value) for name, value in kept.items())


@pytest.fixture(scope="session")
def layer_checks() -> LayerChecks:
    return LayerChecks()
