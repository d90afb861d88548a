"""Kernels of another library: used where they say the same numbers, refused with words where they do not.

There is no GPU where this runs, so the library is a stand-in with its names and its way of being called, and the
processor counts as a device that has kernels.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="memory made of layers needs torch")

from mnesis import catalog  # noqa: E402
from mnesis.neural import kernels  # noqa: E402
from mnesis.neural.rule.delta import delta  # noqa: E402
from mnesis.neural.rule.vector import vector  # noqa: E402

CALLS: list[str] = []


def recurrence(name: str, wrong: float = 1.0) -> Any:
    """What such a kernel computes, step by step, called as the library calls it."""

    def kernel(
        q: Any,
        k: Any,
        v: Any,
        g: Any = None,
        beta: Any = None,
        scale: float | None = None,
        initial_state: Any = None,
        output_final_state: bool = False,
        normalize: bool = True,
    ) -> Any:
        assert scale == 1.0
        assert output_final_state
        CALLS.append(name)
        S, out = initial_state, []
        for t in range(q.shape[1]):
            if g is not None:
                factor = g[:, t].exp()
                S = S * (factor.unsqueeze(-1) if factor.dim() == 3 else factor[..., None, None])
            told = v[:, t]
            if beta is not None:
                told = beta[:, t].unsqueeze(-1) * (told - (k[:, t].unsqueeze(-1) * S).sum(-2))
            S = S + wrong * k[:, t].unsqueeze(-1) * told.unsqueeze(-2)
            out.append((q[:, t].unsqueeze(-1) * S).sum(-2))
        return torch.stack(out, 1), S

    return kernel


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    modules = {name: ModuleType(name) for name in ("fla", "fla.ops")}
    modules |= {twin.module: ModuleType(twin.module) for twin in kernels.TWINS.values()}
    for twin in kernels.TWINS.values():
        setattr(modules[twin.module], twin.name, recurrence(twin.name))
    for name, module in modules.items():
        module.__spec__ = ModuleSpec(name, None, is_package=True)
        module.__path__ = []
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(kernels, "DEVICES", ("cpu",))
    monkeypatch.setattr(kernels, "_trusted", {})
    CALLS.clear()
    return modules


RECIPES = ("linear_attention", "retnet", "gla", "delta_net", "gated_delta_net")


@pytest.mark.parametrize("name", RECIPES)
def test_a_layer_says_the_same_with_its_kernel(name: str, library: dict[str, ModuleType]) -> None:
    torch.manual_seed(0)
    layer = catalog.make(f"neural.recipes.{name}", width=16, heads=2)
    x, mask = torch.randn(2, 11, 16), torch.arange(11) < torch.tensor([[11], [6]])
    with kernels.without_kernels():
        plain, state = layer(x, None, mask)
    assert not CALLS
    with torch.no_grad():
        fast, after = layer(x, None, mask)
    assert len(set(CALLS)) == 1, "asked once to be trusted and once for the answer"
    assert len(CALLS) == 2
    assert torch.allclose(plain, fast, atol=1e-5)
    assert all(torch.allclose(state[each], after[each], atol=1e-5) for each in state)
    layer(x)
    assert len(CALLS) == 3, "trusted from then on"


def test_a_kernel_that_says_other_numbers_is_not_used(library: dict[str, ModuleType]) -> None:
    library["fla.ops.delta_rule"].chunk_delta_rule = recurrence("wrong", wrong=1.1)  # type: ignore[attr-defined]
    layer = catalog.make("neural.recipes.delta_net", width=16, heads=2)
    x = torch.randn(1, 5, 16)
    with pytest.warns(RuntimeWarning, match="chunk_delta_rule is .* away from the plain rule"):
        found, _ = layer(x)
    with kernels.without_kernels():
        assert torch.equal(found, layer(x)[0])
    layer(x)
    assert CALLS == ["wrong"], "asked once and left alone"


def test_rules_without_a_twin_and_doubles_keep_their_own_form(library: dict[str, ModuleType]) -> None:
    assert kernels.kernel_of(vector(), torch.zeros(1)) is None
    assert kernels.kernel_of(delta(), torch.zeros(1, dtype=torch.float64)) is None
    assert not CALLS


def test_on_a_processor_nothing_is_looked_for() -> None:
    assert kernels.kernel_of(delta(), torch.zeros(1)) is None


def test_the_names_are_those_of_the_library() -> None:
    pytest.importorskip("triton", reason="flash-linear-attention's kernels need triton, which is not installed here")
    pytest.importorskip("fla", reason="flash-linear-attention is not installed here")
    for twin in kernels.TWINS.values():
        assert callable(getattr(__import__(twin.module, fromlist=[twin.name]), twin.name))
