"""text.pack.by_time: the best, told in order."""

from __future__ import annotations

from mnesis.text.lines import estimate
from mnesis.text.pack.by_time import by_time
from mnesis.words import Hit, MemCube, moment


def test_oldest_first_and_what_has_no_time_last() -> None:
    hits = [
        Hit(MemCube("none", "Tides are high."), 9.0),
        Hit(MemCube("late", "I live in Lisbon.", valid_from=moment("2026-03-02")), 8.0),
        Hit(MemCube("early", "I live in Porto.", valid_from=moment("2025-01-09")), 7.0),
    ]
    assert [line.cubes[0] for line in by_time()(hits, 100, estimate)] == ["early", "late", "none"]


def test_turns_of_one_moment_keep_their_order_in_the_session() -> None:
    turns = [
        Hit(MemCube(str(n), f"turn {n}", session="a", order=n, valid_from=moment("2026-03-02")), float(n))
        for n in (2, 0, 1)
    ]
    assert [line.cubes[0] for line in by_time()(turns, 100, estimate)] == ["0", "1", "2"]


def test_the_budget_is_spent_on_the_best_not_on_the_oldest() -> None:
    hits = [
        Hit(MemCube(str(year), f"It happened in {year}.", valid_from=moment(f"{year}-01-01")), float(year))
        for year in (2026, 2025, 2024, 2023)
    ]
    context = by_time()(hits, 35, estimate)
    assert [line.cubes[0] for line in context] == ["2025", "2026"]
    assert context.left_out == 2
