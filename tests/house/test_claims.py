"""What papers say of themselves: every recipe has a claim, what a test shows exists, and verdicts are fair."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from mnesis import catalog
from mnesis.bench import claims as bench
from mnesis.bench.claims import Claim, claims, verdicts
from mnesis.bench.neural import PRESETS

ROOT = Path(__file__).parents[2]
NAMES = {each.rpartition(".")[2] for each in catalog.names("neural.recipes")}


def test_every_recipe_has_its_claim_and_no_claim_is_of_nothing() -> None:
    claimed = {each.memory for each in claims()}
    assert claimed == NAMES, f"src/mnesis/bench/claims.toml lacks {NAMES - claimed} or has too many: {claimed - NAMES}"
    drills = {each.partition(":")[0] for name in ("cpu", "drills") for each in PRESETS[name].drills}
    for each in claims():
        assert set(each.than) <= NAMES - {each.memory}, each
        assert each.drill in drills or not each.drill, each
        ways = (bool(each.drill and (each.than or each.at_least)), bool(each.exponent), bool(each.test))
        assert sum(ways) == 1, f"{each.memory} must be looked at in one way"
        assert each.says.endswith("."), each


@pytest.mark.parametrize("shown", sorted({each.test for each in claims() if each.test}))
def test_what_a_test_shows_is_a_test(shown: str) -> None:
    path, _, name = shown.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def line(memory: str, low: float, high: float) -> dict[str, object]:
    accuracy = {"value": (low + high) / 2, "low": low, "high": high}
    return {"task": "mqar", "memory": f"neural.recipes.{memory}", "metrics": {"accuracy": accuracy}}


@pytest.mark.parametrize(
    ("mine", "other", "held"),
    [((0.8, 0.9), (0.5, 0.6), "held"), ((0.5, 0.7), (0.6, 0.8), "level"), ((0.1, 0.2), (0.5, 0.6), "not held")],
)
def test_a_claim_holds_where_intervals_are_apart(
    mine: tuple[float, float], other: tuple[float, float], held: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "claims", lambda: (Claim("gla", "More.", "mqar", ("retnet",)),))
    (found,) = verdicts([line("gla", *mine), line("retnet", *other)], [])
    assert found.held == held
    assert "(retnet)" in found.measured
    assert verdicts([line("gla", *mine)], [])[0].held == "not measured"


def test_growth_and_ceilings(monkeypatch: pytest.MonkeyPatch) -> None:
    both = (Claim("gla", "Linear.", exponent=1.1), Claim("softmax", "All.", "mqar", at_least=0.95))
    monkeypatch.setattr(bench, "claims", lambda: both)
    paced = [{"recipe": "neural.recipes.gla", "metrics": {"exponent": {"value": 1.3}}}]
    grown, ceiling = verdicts([line("softmax", 0.97, 0.99)], paced)
    assert (grown.held, ceiling.held) == ("not held", "held")
