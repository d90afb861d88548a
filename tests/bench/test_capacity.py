"""The curves of associative memories: every memory a line, more is never easier, and a figure that shows them."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mnesis import catalog
from mnesis.bench.capacity import capacity, figure
from mnesis.bench.run import run
from mnesis.errors import BadInput, UnknownName


def test_a_line_for_each_memory(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    lines = capacity(32, 2, loads=(2, 16), results=tmp_path, progress=lambda *each: told.append(each))
    assert [each["recipe"] for each in lines] == [each.rpartition(".")[2] for each in catalog.names("neural.assoc")]
    assert len(told) == len(lines)
    written = (tmp_path / "capacity.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(each) for each in written] == json.loads(json.dumps(lines))
    for line in lines:
        assert set(line["groups"]) == {"2", "16"}
        few, many = line["groups"]["2"], line["groups"]["16"]
        assert few["whole"]["value"] == 1.0
        for name in ("whole", "half", "noisy"):
            assert 0 <= many[name]["low"] <= many[name]["value"] <= many[name]["high"] <= 1
        assert few["bytes"]["value"] <= many["bytes"]["value"]
        assert line["metrics"]["holds"]["value"] in (0.0, 2.0, 16.0)


def test_memories_of_fixed_size_fill_up_and_the_same_seeds_say_the_same() -> None:
    options = {"seeds": 2, "memories": ["clique", "sparsey"], "loads": (4, 128), "results": None}
    lines = capacity(**options)  # type: ignore[arg-type]
    for line in lines:
        few, many = line["groups"]["4"], line["groups"]["128"]
        assert many["half"]["value"] < few["half"]["value"] == 1.0
        assert few["bytes"] == many["bytes"]
        assert line["metrics"]["holds"]["value"] == 4.0
        assert 4 < line["metrics"]["told"]["value"] < 128
    again = capacity(**options)  # type: ignore[arg-type]
    assert [each["groups"] for each in again] == [each["groups"] for each in lines]


def test_the_figure_has_a_curve_and_a_name_for_each() -> None:
    lines = capacity(16, 1, memories=["hopfield", "ca3"], loads=(2, 4, 8), results=None)
    root = ElementTree.fromstring(figure(lines))
    named = {each.text for each in root.iter("{http://www.w3.org/2000/svg}text")}
    curves = list(root.iter("{http://www.w3.org/2000/svg}polyline"))
    assert {"hopfield", "ca3", "2", "4", "8"} <= named
    assert [len(each.attrib["points"].split()) for each in curves] == [3, 3]


def test_it_is_a_task_of_the_bench(tmp_path: Path) -> None:
    lines = run(["capacity:features=16,seeds=1"], None, results=tmp_path)
    assert {each["task"] for each in lines} == {"capacity"}
    assert (tmp_path / "capacity.jsonl").exists()
    with pytest.raises(UnknownName, match="option"):
        run(["capacity:size=3"], None, results=tmp_path)
    with pytest.raises(BadInput, match="capacity:features"):
        run(["capacity:features=many"], None, results=tmp_path)


def test_sizes_are_checked() -> None:
    for wrong in ({"features": 4}, {"seeds": 0}, {"loads": ()}):
        with pytest.raises(BadInput):
            capacity(**wrong, results=None)  # type: ignore[arg-type]
    with pytest.raises(UnknownName):
        capacity(memories=["hopfeld"], results=None)
