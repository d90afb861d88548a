"""How fast memories made of layers are: what is measured, what is written, and the peers at hand."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from mnesis.bench.run import run
from mnesis.errors import BadInput, UnknownName

torch = pytest.importorskip("torch", reason="memory made of layers needs torch")


def test_a_line_a_recipe(tmp_path: Path) -> None:
    told: list[str] = []
    lines = run(
        ["pace:width=8,length=64,longest=2048"],
        None,
        recipe="linear_attention,softmax",
        embedder="none",
        results=tmp_path,
        progress=lambda what, done, total: told.append(what),
    )
    assert [each["recipe"] for each in lines] == ["neural.recipes.linear_attention", "neural.recipes.softmax"]
    for each in lines:
        found = {name: metric["value"] for name, metric in each["metrics"].items()}
        assert min(found[name] for name in ("forward", "both", "stepwise")) > 0
        assert found["forward"] > found["stepwise"]  # one call for all tokens against one call a token
        assert found["longest"] == 2048
        assert math.isfinite(found["exponent"])
    written = (tmp_path / "pace.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(each)["recipe"] for each in written] == [each["recipe"] for each in lines]
    assert any("softmax" in each for each in told)


def test_sizes_are_checked(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="longest=10"):
        run(["pace:longest=10"], None, embedder="none", results=tmp_path)
    with pytest.raises(UnknownName, match="width"):
        run(["pace:witdh=10"], None, embedder="none", results=tmp_path)
    with pytest.raises(BadInput, match="width=64"):
        run(["pace:width=big"], None, embedder="none", results=tmp_path)


def test_the_exponent_is_of_the_first_and_the_last() -> None:
    from mnesis.neural.pace import Growth

    assert Growth((10, 20, 40), (1.0, 3.0, 16.0)).exponent == pytest.approx(2.0)
    assert math.isnan(Growth((10,), (1.0,)).exponent)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # theirs
def test_peers_say_the_same_numbers() -> None:
    pytest.importorskip(
        "einops", reason="flash-linear-attention's plain forms need einops, which is not installed here"
    )
    from mnesis.neural.pace import peers

    found = list(peers(heads=2, size=8, batch=1, length=64, steps=4))
    if not found:
        pytest.skip("neither flash-linear-attention nor titans-pytorch is installed here")
    for each in found:
        assert each.apart != each.apart or each.apart < 1e-5, each
        assert min(each.theirs.forward, each.mine.forward, each.theirs.both, each.mine.both) > 0
