"""What a graph costs is measured on passages that are made up, and asks nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from mnesis.bench.graphcost import graphcost, passages
from mnesis.bench.run import run
from mnesis.errors import BadInput


def test_sizes_are_measured_and_a_line_is_written(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    line = graphcost((20, 40), results=tmp_path, progress=lambda *each: told.append(each))
    assert list(line["groups"]) == ["20", "40"]
    metrics = {name: each["value"] for name, each in line["metrics"].items()}
    assert metrics["questions"] == 0
    assert 0 < metrics["push_edges"] <= metrics["push_bound"]
    assert metrics["links_a_passage"] > 5
    assert min(metrics[name] for name in ("passages_per_second", "bytes_a_passage", "load_seconds", "growth")) > 0
    assert (tmp_path / "graphcost.jsonl").read_text(encoding="utf-8").count("\n") == 1
    assert told[-1][1:] == (1, 2)


def test_passages_are_the_same_for_the_same_seed() -> None:
    assert passages(30) == passages(30) != passages(30, seed=1)


def test_it_is_a_task_of_the_command(tmp_path: Path) -> None:
    (line,) = run(["graphcost:n=20"], None, results=tmp_path)
    assert (line["task"], line["recipe"], line["n"]) == ("graphcost", "hipporag", 20)
    with pytest.raises(BadInput, match="at least 10"):
        run(["graphcost:n=2"], None, results=tmp_path)
