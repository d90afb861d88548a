"""What only each test-time-trained memory does: shown on its rule, with keys and gates chosen by hand."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from mnesis.neural import learner, objective, retention, structure
from mnesis.neural.pieces import Polynomial
from mnesis.neural.recipes.atlas import atlas
from mnesis.neural.recipes.memora import memora
from mnesis.neural.recipes.moneta import moneta
from mnesis.neural.recipes.titans_memory import titans_memory
from mnesis.neural.recipes.ttt_mlp import ttt_mlp
from mnesis.neural.recipes.yaad import yaad
from mnesis.neural.rule import Rule, Size, State, sequential
from mnesis.neural.rule.delta import delta
from mnesis.neural.rule.gradient import gradient

SIZE = Size(1, 8, 8)


def steps(rule: Rule, keys: Tensor, values: Tensor, size: Size = SIZE, **gates: float) -> dict[str, Tensor]:
    """Inputs of a rule for keys [T, K] and values [T, V], every step read at its own key."""
    x = {"q": keys[None, :, None], "k": keys[None, :, None], "v": values[None, :, None]}
    x |= {name: torch.full((1, len(keys), 1), value) for name, value in gates.items()}
    source = torch.Generator().manual_seed(0)
    for name, port in rule.ports.items():
        if port.once:
            start = torch.randn(port.shape(size), generator=source) * size.keys**-0.5
            x[name] = {"gain": torch.ones_like(start), "bias": torch.zeros_like(start)}.get(name, start)
    return x


def after(rule: Rule, x: dict[str, Tensor], size: Size = SIZE) -> tuple[Tensor, State]:
    return rule.chunked(rule.init(size, 1, x), x, chunk=4)


def unit(rows: int, columns: int = 8, seed: int = 1) -> Tensor:
    x = torch.randn(rows, columns, generator=torch.Generator().manual_seed(seed))
    return torch.nn.functional.normalize(x, dim=-1)


def moved(rule: Rule, x: dict[str, Tensor]) -> float:
    """How far the weights came from where they began."""
    begun = rule.init(SIZE, 1, x)
    state = rule.chunked(begun, x)[1]
    return float(sum((state[n] - begun[n]).square().sum() for n in state if n.startswith("A"))) ** 0.5


def test_a_matrix_learned_from_nothing_at_every_step_is_the_delta_rule() -> None:
    rule = gradient(structure.linear(), retention=retention.kept(), every=1)
    x = steps(rule, unit(9), unit(9, seed=2), lr=0.7)
    x["w0"] = torch.zeros_like(x["w0"])
    y, state = after(rule, x)
    other = {**{name: x[name] for name in ("q", "k", "v")}, "rate": x["lr"]}
    z, kept = sequential(delta(), delta().init(SIZE, 1, other), other)
    assert torch.allclose(y, z, atol=1e-5)
    assert torch.allclose(state["A0"], kept["S"], atol=1e-5)


def test_learning_an_inner_product_is_linear_attention() -> None:
    rule = gradient(objective=objective.inner_product(), retention=retention.kept(), every=5)
    x = steps(rule, unit(7), unit(7, seed=2), lr=1.0)
    x["w0"] = torch.zeros_like(x["w0"])
    keys, values = unit(7), unit(7, seed=2)
    assert torch.allclose(after(rule, x)[0][0, :, 0], (keys @ keys.T).tril() @ values, atol=1e-5)


@pytest.mark.parametrize("kind", ["linear", "mlp"])
def test_ttt_learns_its_sequence_while_it_reads(kind: str) -> None:
    """The same few pairs again and again: what is answered comes nearer to the values with every round."""
    rule = gradient(getattr(structure, kind)(residual=True), retention=retention.kept(), every=4)
    keys, values = unit(4), unit(4) + structure.normalised(unit(4, seed=2))
    x = steps(rule, keys.repeat(20, 1), values.repeat(20, 1), lr=0.3)
    y = after(rule, x)[0][0, :, 0].reshape(20, 4, 8)
    errors = (y - values).square().mean((1, 2))
    assert float(errors[-1]) < 0.25 * float(errors[0])


def test_gradients_of_a_block_are_taken_at_its_start() -> None:
    """Two equal pairs in one block learn the same twice over; in two blocks the second learns what is left."""
    for every, wanted in ((2, 1.0), (1, 0.75)):
        rule = gradient(structure.linear(), retention=retention.kept(), every=every)
        x = steps(rule, torch.eye(8)[[0, 0]], torch.eye(8)[[0, 0]], lr=0.5)
        x["w0"] = torch.zeros_like(x["w0"])
        assert float(after(rule, x)[0][0, -1, 0, 0]) == pytest.approx(wanted)


def test_titans_surprise_goes_on_after_the_surprising_step() -> None:
    """With momentum the memory keeps moving towards what surprised it, though nothing more is said."""
    keys, values = torch.eye(8)[[0] * 6], torch.eye(8)[[0] * 6]
    found = {}
    for name, kind in (("plain", learner.plain()), ("momentum", learner.momentum())):
        rule = gradient(structure.linear(), learner=kind, every=1)
        gates = {"lr": 0.1, "decay": 0.0} | ({"momentum": -0.3} if name == "momentum" else {})
        x = steps(rule, keys, values, **gates)
        x["lr"][:, 1:] = 0.0  # only the first step is learned
        x["w0"] = torch.zeros_like(x["w0"])
        found[name] = after(rule, x)[0][0, :, 0, 0]
    assert torch.allclose(found["plain"], torch.full((6,), 0.1))
    shares = torch.exp(torch.tensor(-0.3)) ** torch.arange(6)
    assert torch.allclose(found["momentum"], 0.1 * shares.cumsum(0), atol=1e-6)


def test_titans_forgets_by_its_gate() -> None:
    rule = gradient(structure.linear(), learner=learner.momentum(), every=4)
    x = steps(rule, unit(6), unit(6, seed=2), lr=0.5, decay=0.0, momentum=-50.0)
    x["decay"][0, 4] = -30.0
    x["lr"][0, 4:] = 0.0
    y, state = after(rule, x)
    assert float(y[0, 4:].abs().max()) < 1e-6
    assert float(state["A0"].abs().max()) < 1e-6
    assert float(y[0, 3].abs().max()) > 0.1


def test_more_surprise_moves_the_memory_more() -> None:
    rule = titans_memory(width=8, heads=1).rule
    x = steps(rule, unit(1), unit(1, seed=2), lr=0.1, decay=0.0, momentum=-1.0)
    calm = {
        **x,
        "v": rule.read(rule.init(SIZE, 1, x), {n: v[:, 0] if v.dim() > 3 else v for n, v in x.items()})[:, None],
    }
    assert moved(rule, calm) < 1e-5
    assert moved(rule, x) > 0.01


def test_yaad_is_not_moved_further_by_a_stranger_value() -> None:
    rule = yaad(width=8, heads=1).rule
    plain = gradient(structure.mlp(), every=16)
    far = {}
    for size in (10.0, 1000.0):
        for name, each, gates in (("yaad", rule, {"threshold": 0.5}), ("squared", plain, {})):
            far[name, size] = moved(each, steps(each, unit(1), size * unit(1, seed=2), lr=0.1, decay=0.0, **gates))
    assert far["yaad", 1000.0] == pytest.approx(far["yaad", 10.0], rel=0.1)
    assert far["squared", 1000.0] > 50 * far["squared", 10.0]


def test_moneta_pulls_a_large_error_more_than_in_proportion_and_stays_bounded() -> None:
    keys, small = unit(1), 0.5 * torch.ones(1, 8)
    pulls = []
    for factor in (10.0, 20.0):
        rule = gradient(objective=objective.power(3.0), every=1)
        pulls.append(moved(rule, steps(rule, keys, factor * small, lr=0.01, decay=0.0)))
    assert pulls[1] > 3.0 * pulls[0]
    rule = moneta(width=8, heads=1).rule
    x = steps(rule, unit(64), 100 * unit(64, seed=2), lr=0.5, decay=0.0)
    y, state = after(rule, x)
    assert float(state["A1"].abs().max()) > 100
    assert float(y[:, -1].abs().max()) < 1.0, "the weights are an image in a ball, whatever the sum has become"


def test_memora_answers_with_mixtures_of_its_inputs() -> None:
    rule = memora(width=8, heads=1).rule
    x = steps(rule, unit(12), 50 * unit(12, seed=2), lr=5.0, decay=-0.01)
    y, state = after(rule, x)
    hidden = torch.nn.functional.silu(unit(12) @ torch.softmax(state["A0"][0, 0], dim=0))[-1]
    assert float(hidden.min()) - 1e-6 <= float(y[0, -1].min()) <= float(y[0, -1].max()) <= float(hidden.max()) + 1e-6


def test_memora_forgets_towards_equal_shares() -> None:
    rule = gradient(retention=retention.simplex(), every=1)
    x = steps(rule, unit(3), unit(3, seed=2), lr=5.0, decay=0.0)
    x["decay"][0, 2], x["lr"][0, 2] = -30.0, 0.0
    state = after(rule, x)[1]
    assert torch.allclose(torch.softmax(state["A0"], dim=-2), torch.full((1, 1, 8, 8), 1 / 8), atol=1e-5)


def test_the_omega_rule_fits_the_last_steps_and_not_only_the_last() -> None:
    """Correlated keys: learning one undoes the others; learning the window together does so less."""
    keys, values = torch.nn.functional.normalize(unit(40) + unit(1, seed=3), dim=-1), unit(40, seed=2)
    best = {}
    for window, rates in ((1, (0.5, 0.7, 0.9, 1.0)), (4, (0.2, 0.35, 0.5))):
        rule, errors = gradient(structure.linear(), learner=learner.Learner(window=window), every=1), []
        for rate in rates:
            state = after(rule, steps(rule, keys, values, lr=rate, decay=0.0))[1]["A0"][0, 0]
            errors.append(float((keys[-4:] @ state - values[-4:]).square().mean()))
        best[window] = min(errors)
    assert best[4] < 0.75 * best[1]


def test_polynomial_features_hold_more_pairs_than_keys_have_coordinates() -> None:
    features, keys, values = Polynomial(4), unit(10, 4), unit(10, seed=2)
    errors = {}
    for name, mapped in (("keys", keys), ("features", torch.nn.functional.normalize(features(keys).detach(), dim=-1))):
        size = Size(1, mapped.shape[1], 8)
        rule = gradient(structure.linear(), retention=retention.kept(), every=10)
        x = steps(rule, mapped.repeat(300, 1), values.repeat(300, 1), size, lr=0.2)
        state = after(rule, x, size)[1]["A0"][0, 0]
        errors[name] = float((mapped @ state - values).square().mean())
    assert errors["keys"] > 0.03
    assert errors["features"] < 0.2 * errors["keys"]


def test_muon_learns_weak_directions_as_fast_as_strong_ones() -> None:
    """One pair ten times as large as another: plain steps learn it ten times as fast, turned ones about equally."""
    keys, values = torch.eye(8)[[0, 1]], torch.diag(torch.tensor([10.0, 1.0] + [0.0] * 6))[:2]
    ratio = {}
    for name, kind in (("omega", learner.omega(2)), ("muon", learner.muon(2))):
        rule = gradient(structure.linear(), learner=kind, every=2)
        x = steps(rule, keys, values, lr=0.1, decay=0.0, momentum=-50.0)
        x["w0"] = torch.zeros_like(x["w0"])
        state = after(rule, x)[1]["A0"][0, 0]
        ratio[name] = float(state[0, 0] / state[1, 1])
    assert ratio["omega"] >= 9.9
    assert ratio["muon"] < 2.0


def test_recipes_are_the_compositions_they_say() -> None:
    made = {name: maker(width=8, heads=1).rule for name, maker in RECIPES.items()}
    assert [made[n].learner.momentum for n in made] == [False, True, False, False, False, True]
    assert [made[n].structure.residual for n in made] == [True, True, False, False, False, False]
    assert made["ttt_mlp"].retention == retention.kept()
    assert set(made["yaad"].ports) - set(made["memora"].ports) == {"threshold"}
    assert made["atlas"].learner.window == 4
    assert made["atlas"].learner.turn is not None
    assert made["moneta"].retention.image is not None


RECIPES = {
    "ttt_mlp": ttt_mlp, "titans": titans_memory, "moneta": moneta, "yaad": yaad, "memora": memora, "atlas": atlas,
}  # fmt: skip
