"""The results page and the README's table say what the lines of results/ say, and show a missed target in red."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from mnesis.bench import measure

Record = Callable[..., None]


@pytest.fixture
def docs(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """scripts/docs.py, looking at an empty results folder."""
    spec = importlib.util.spec_from_file_location("scripts_docs", root / "scripts/docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "results").mkdir()
    monkeypatch.setattr(module, "ROOT", tmp_path)
    return module


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """Append one line of results."""

    def append(task: str, metric: str, value: float, when: str = "2026-01-01", **more: Any) -> None:
        line = {
            "task": task,
            "recipe": "default",
            "embedder": "none",
            "metrics": {metric: {"value": value, "low": value - 0.01, "high": value + 0.01}},
            "groups": {},
            "references": {},
            "n": 10,
            "commit": "0123456789abcdef",
            "machine": {"cpus": 2, "system": "Linux"},
            "when": when,
            **more,
        }
        with (tmp_path / "results" / f"{task}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    return append


def test_without_runs_the_page_says_how_to_make_one(docs: ModuleType) -> None:
    assert "make bench" in docs.results_page()
    assert "make bench" in docs.readme_numbers()


def test_the_newest_line_of_a_kind_is_shown(docs: ModuleType, record: Record) -> None:
    record("nq", "recall@5", 0.4, when="2026-02-02")
    record("nq", "recall@5", 0.3, when="2026-02-01")
    record("nq", "recall@5", 0.2, when="2026-02-03", recipe="verbatim")
    page = docs.results_page()
    assert "0.400 (0.390–0.410) | 0.200 (0.190–0.210)" in page
    assert "0.300" not in page
    assert "commit 0123456789, 2026-02-02, 2 cpus, Linux" in page
    assert "| nq | recall@5 | 0.400 (0.390–0.410) |  |  |" in docs.readme_numbers()


def test_a_target_is_met_missed_or_not_measured(docs: ModuleType, record: Record) -> None:
    aim = next(each for each in measure.targets() if each["tier"] == "none" and each["relation"] == ">=")
    rows = [line for line in _rows(docs, record, aim, aim["target"]) if f"| {aim['metric']} | none |" in line]
    assert [row for row in rows if 'class="met"' in row]
    rows = [line for line in _rows(docs, record, aim, aim["target"] - 0.001) if f"| {aim['metric']} | none |" in line]
    assert [row for row in rows if 'class="missed"' in row]
    assert "not measured" in docs.results_page()


def _rows(docs: ModuleType, record: Record, aim: dict[str, Any], value: float) -> list[str]:
    record(aim["task"], aim["metric"], value, when=f"2026-03-0{1 if value == aim['target'] else 2}")
    return [line for line in docs.results_page().splitlines() if line.startswith(f"| {aim['task']} |")]


def test_groups_and_references_stand_beside_the_recipe(docs: ModuleType, record: Record) -> None:
    record(
        "nq",
        "recall@5",
        0.5,
        groups={"what": {"recall@5": {"value": 0.25}}},
        references={"bm25": {"recall@5": {"value": 0.1}}},
    )
    page = docs.results_page()
    assert "| n = 10 | default | bm25 |" in page
    assert "| what | 0.250 |" in page


def test_sizes_show_every_measure(docs: ModuleType, record: Record) -> None:
    record(
        "speed", "recall_p50_ms", 5.0, groups={"10000": {"recall_p50_ms": {"value": 4.0}, "disk_mb": {"value": 1234.0}}}
    )
    page = docs.results_page()
    assert "at 10,000 memories" in page
    assert "| disk_mb | 1,234 |" in page
    assert "speed" not in docs.readme_numbers()


def test_memories_made_of_layers_have_a_table_of_their_own(docs: ModuleType, tmp_path: Path) -> None:
    line = {"task": "stale", "drill": "stale:pairs=2", "preset": "cpu", "layers": 2, "width": 32, "steps": 400}
    line |= {"batch": 64, "commit": "0123456789abcdef", "when": "2026-01-01"}
    rows = [("large", 900, 0.5), ("small", 100, 0.25), ("large", 900, 0.75)]
    with (tmp_path / "results" / "neural.jsonl").open("a", encoding="utf-8") as file:
        for name, size, value in rows:
            metrics = {"accuracy": {"value": value}, "stale": {"value": 0.125}}
            each = {**line, "memory": f"neural.recipes.{name}", "state_bytes": size, "metrics": metrics}
            file.write(json.dumps(each) + "\n")
    page = docs.results_page()
    assert "## neural, cpu" in page
    assert page.index("| small | 100 | 0.250, 0.125 stale |") < page.index("| large | 900 | 0.750, 0.125 stale |")
    assert "0.500" not in page
    assert docs.results() == []


def test_recipes_beside_verbatim_are_told_in_numbers_and_words(docs: ModuleType, tmp_path: Path) -> None:
    names = ("evidence", "tokens", "write_ms", "write_times", "tend_ms", "bytes", "cubes")

    def line(recipe: str, value: float, low: float, high: float, questions: int = 0) -> dict[str, Any]:
        against = {"value": value - 0.5, "low": low, "high": high}
        metrics = {"recall@10": {"value": value}, "against": against, **{name: {"value": 2.0} for name in names}}
        told = {"benchmark": "locomo", "recipe": recipe, "embedder": "static", "mind": "m", "questions": questions}
        sizes = {"cases": 3, "events": 1234, "n": 50, "budget": 1200, "commit": "0123456789ab", "when": "2026-01-01"}
        return {"task": "recipes", "headline": "recall@10", "metrics": metrics, **told, **sizes}

    lines = [line("verbatim", 0.5, 0, 0), line("good", 0.1, -0.4, -0.3), line("good", 0.7, 0.1, 0.3)]
    lines += [line("worse", 0.4, -0.2, -0.05), line("same", 0.51, -0.1, 0.1), line("good", 0.9, 0.3, 0.5, questions=5)]
    text = "".join(json.dumps(each) + "\n" for each in lines)
    (tmp_path / "results/recipes.jsonl").write_text(text, encoding="utf-8")
    page = docs.results_page()
    offline, asked = page.split("## Recipes beside verbatim: locomo, static, ")[1:]
    assert offline.startswith("no language model\n")
    assert "3 cases, 1,234 events, 50 questions" in offline
    assert [row.split("`")[1] for row in offline.splitlines() if row.startswith("| `")] == [
        "good",
        "same",
        "verbatim",
        "worse",
    ]
    assert "| `good` | 0.700 | +0.200 (+0.100 to +0.300) | 2.000 | 2 | 2.00 | 2.0× | 2.00 | 2 | 2.00 |" in offline
    assert "Without a language model `good` find more than `verbatim`." in offline
    assert "`same` gain nothing on" in offline
    assert "`worse` find less than" in offline
    assert asked.startswith("m, 5 questions a call")
    assert "+0.400" in asked
