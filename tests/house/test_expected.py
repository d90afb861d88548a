"""The table of exceptions itself: every row says what, where and why, for a rule that a test knows."""

from __future__ import annotations

import re
from pathlib import Path


def test_every_exception_names_a_rule_a_subject_and_a_reason(exceptions: list[dict[str, str]], root: Path) -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in sorted((root / "tests/house").glob("test_*.py")))
    rules = set(re.findall(r'settle\(\s*"([^"]+)"', tests))
    for row in exceptions:
        assert set(row) == {"rule", "subject", "reason"}, row
        assert row["rule"] in rules, f"no test knows the rule {row['rule']!r}"
        assert len(row["reason"].split()) >= 5, f"{row['subject']}: say why in a sentence"


def test_no_exception_is_listed_twice(exceptions: list[dict[str, str]]) -> None:
    pairs = [(row["rule"], row["subject"]) for row in exceptions]
    assert len(pairs) == len(set(pairs))
