"""What the tests about the house share: its files as syntax trees, and the one table of exceptions."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src/mnesis"

Trees = dict[str, ast.Module]
Settle = Callable[[str, Iterable[str]], None]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def trees() -> Trees:
    """Every source file of mnesis, parsed: path below src/mnesis -> syntax tree."""
    files = sorted(SOURCE.rglob("*.py"))
    return {path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in files}


@pytest.fixture(scope="session")
def exceptions() -> list[dict[str, str]]:
    """The table of expected exceptions."""
    table: list[dict[str, str]] = tomllib.loads((ROOT / "tests/house/expected.toml").read_text(encoding="utf-8")).get(
        "expected", []
    )
    return table


@pytest.fixture(scope="session")
def settle(exceptions: list[dict[str, str]]) -> Settle:
    """Compare what breaks a rule with what the table excuses; a stale excuse fails like an offence."""

    def compare(rule: str, offenders: Iterable[str]) -> None:
        found = set(offenders)
        excused = {each["subject"] for each in exceptions if each["rule"] == rule}
        lines = [f"{each} breaks the rule {rule!r}" for each in sorted(found - excused)]
        lines += [f"{each} no longer breaks {rule!r}; take it out of expected.toml" for each in sorted(excused - found)]
        assert not lines, "\n".join(lines)

    return compare
