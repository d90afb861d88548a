"""Forgetting measured: the tenders keep to their formulas, and the bench keeps what it says it keeps."""

from __future__ import annotations

import math
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from mnesis import catalog
from mnesis.bench.forgetting import CLAIMS, SHARES, WAYS, curve, figure, fits, forgetting, rates
from mnesis.bench.run import run
from mnesis.bench.tending import tending
from mnesis.errors import BadInput, UnknownName

# (uses, threshold) -> days after the last use, worked out by hand from the formulas.
EBBINGHAUS = {
    (0, 0.5): 30 * math.log(2),
    (1, 0.5): 60 * math.log(2),
    (3, 0.1): 120 * math.log(10),
    (0, 0.05): 89.8719682,
}
ACTIVATION = {(0, -0.5): math.e, (0, -1.0): math.e**2, (0, 0.0): 1.0, (1, 0.0): 3.5464554}


@pytest.mark.parametrize(("way", "golden"), [("ebbinghaus", EBBINGHAUS), ("activation", ACTIVATION)])
def test_a_tender_lets_go_when_its_formula_says(way: str, golden: dict[tuple[int, float], float]) -> None:
    points = curve(way)
    assert all(abs(least - said) < 1e-6 for _, _, least, said in points)
    found = {(uses, least): days for uses, days, least, _ in points}
    for asked, days in golden.items():
        assert found[asked] == pytest.approx(days, rel=1e-6)


def test_every_way_keeps_as_many_as_it_was_told() -> None:
    mind = catalog.make("models.none")
    lines = forgetting(None, mind, "none", results=None)
    assert [each["recipe"] for each in lines] == ["access", *WAYS]
    for line in lines[1:]:
        metrics = line["metrics"]
        assert {f"recall@10 of {share} %" for share in SHARES} <= metrics.keys()
        for share in SHARES:
            assert 0 <= metrics[f"recall@10 of {share} %"]["value"] <= metrics[f"gold kept at {share} %"]["value"] <= 1
        assert ("worst error" in metrics) == (line["recipe"] in CLAIMS)
        assert metrics.get("worst error", {"value": 0})["value"] < 1e-6
    assert lines[1]["metrics"]["gold kept at 50 %"]["value"] < 1


def test_rates_and_fits_find_what_was_put_in() -> None:
    rng = np.random.default_rng(0)
    lived = np.full(4_000, 112.0)
    counts = rng.poisson(2.0, len(lived))
    uses = np.concatenate([rng.exponential(20 / math.log(2), n) for n in counts])
    found = fits(rates([(uses[uses < 112], lived)]))
    assert found["half-life in days"] == pytest.approx(20, rel=0.15)
    assert found["explained by half-life"] > 0.98 > found["explained by exponent"]
    powers = [(float(t), float(t) ** -0.7, 1.0) for t in (1, 3, 9, 27)]
    assert fits(powers)["exponent"] == pytest.approx(0.7)
    assert fits(powers[:2]) == {}


def test_the_figure_has_a_curve_and_dots_for_each() -> None:
    root = ElementTree.fromstring(figure())
    space = "{http://www.w3.org/2000/svg}"
    assert len(list(root.iter(f"{space}polyline"))) == 3
    assert len(list(root.iter(f"{space}circle"))) == 3 * 6 + 3


def test_tending_a_hundred_more_costs_less_than_everything(tmp_path: Path) -> None:
    line = tending([100, 2_000], results=tmp_path)
    of = line["groups"]["2000"]
    assert line["groups"].keys() == {"100", "2000"}
    assert of["hundred s"]["value"] < of["everything s"]["value"] / 2
    assert of["nothing s"]["value"] < of["hundred s"]["value"]
    assert (tmp_path / "tending.jsonl").exists()
    with pytest.raises(BadInput, match="at least 1"):
        tending([0], results=None)


def test_both_are_tasks_of_the_bench(tmp_path: Path) -> None:
    lines = run(["tending:n=60"], None, results=tmp_path)
    assert [each["task"] for each in lines] == ["tending"]
    assert {each["task"] for each in run(["forgetting"], "sample", embedder="none", results=tmp_path)} == {"forgetting"}
    assert not (tmp_path / "forgetting.jsonl").exists()  # the sample's numbers mean nothing
    with pytest.raises(UnknownName, match="option"):
        run(["forgetting:shares=3"], None, results=tmp_path)
