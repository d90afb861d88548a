"""The page of promises names tests that are there and figures that are measured."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from mnesis.bench import crash, promises

MEASURED = {"crash": crash.__doc__ or "", "promises": promises.__doc__ or ""}


@pytest.fixture
def told(root: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((root / "scripts/promises.toml").read_text("utf-8"))["promise"]
    return found


def test_every_promise_is_there(told: list[dict[str, Any]]) -> None:
    assert len(told) == 14
    assert all(each["title"] and each["says"].strip() for each in told)
    assert all(each["how"].strip() for each in told if each["tests"])


def test_the_tests_of_a_promise_are_there(told: list[dict[str, Any]], root: Path) -> None:
    assert [name for each in told for name in each["tests"] if not (root / name).is_file()] == []


def test_every_figure_is_one_a_bench_measures(told: list[dict[str, Any]]) -> None:
    figures = [name.split(".") for each in told for name in each.get("figures", {})]
    assert figures
    assert [f"{task}.{metric}" for task, metric in figures if metric not in MEASURED[task]] == []
