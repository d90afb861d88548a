"""Rules and layers give the numbers of the authors' or of widely used code, recorded once in neural_rules.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from mnesis.neural.recipes.mamba import mamba
from mnesis.neural.rule import Rule, Size
from mnesis.neural.rule.additive import additive
from mnesis.neural.rule.decayed import decayed
from mnesis.neural.rule.delta import delta
from mnesis.neural.rule.gated import gated
from mnesis.neural.rule.gated_delta import gated_delta
from mnesis.neural.rule.transition import transition

RECORDED: dict[str, Any] = json.loads((Path(__file__).parent / "neural_rules.json").read_text(encoding="utf-8"))
RULES: dict[str, Rule] = {
    "additive": additive(),
    "gated": gated(),
    "delta": delta(),
    "transition": transition(),
    "gated_delta": gated_delta(),
    "gated_delta each_key": gated_delta(each_key=True),
}
CLOSE = 5e-6  # the numbers are written with six digits


def inputs(name: str) -> dict[str, Tensor]:
    of = RECORDED[name]
    return {key: torch.tensor(value).reshape(of["shapes"][key]) for key, value in of["inputs"].items()}


def check(found: Tensor, name: str, what: str = "output") -> None:
    worst = float((found.detach().flatten() - torch.tensor(RECORDED[name][what])).abs().max())
    assert worst < CLOSE, f"{what} of {name} is off by {worst:.1e} from {RECORDED[name]['source']}"


@pytest.mark.parametrize("name", RULES)
def test_rules(name: str) -> None:
    x, rule = inputs(name), RULES[name]
    size = Size(x["v"].shape[2], x["k"].shape[3], x["v"].shape[3])
    y, state = rule.chunked(rule.init(size, 1, x), x, chunk=4)
    check(y, name)
    check(state["S"], name, "state")


def test_retention() -> None:
    x = inputs("retention")
    x["decay"] = (1 - 2.0 ** (-5.0 - torch.arange(2))).log().expand(x["v"].shape[:3])
    rule = decayed()
    check(rule.chunked(rule.init(Size(2, 3, 2), 1, x), x, chunk=4)[0], "retention")


def test_mamba() -> None:
    layer = mamba(width=4, heads=1, states=3)
    shapes = {name: value.shape for name, value in layer.state_dict().items()}
    weights = RECORDED["mamba"]["weights"]
    layer.load_state_dict({name: torch.tensor(weights[name]).reshape(shape) for name, shape in shapes.items()})
    check(layer(inputs("mamba")["x"])[0], "mamba")
