"""SALM: the same silence lets a memory go where others are asked for often, and keeps it where nothing is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mnesis import Space

START = datetime(2026, 1, 1, tzinfo=UTC)
PLANTS = ("fern", "cactus", "orchid", "ivy", "basil", "mint", "lily", "rose")


@pytest.mark.parametrize("asked", [True, False])
def test_forgetting_follows_the_uses_of_this_memory(asked: bool) -> None:
    now = [START]
    with Space(recipe="salm", embedder="none", clock=lambda: now[0]) as space:
        space.remember([f"The {plant} stands by window number {n}." for n, plant in enumerate(PLANTS)])
        for _ in range(30):
            now[0] += timedelta(days=10)
            if asked:
                for plant in PLANTS[:3]:
                    space.recall(f"Where does the {plant} stand?", k=1)
        commits = space.tend()
        left = {plant for plant in PLANTS for cube in space.cubes() if plant in cube.text}
        assert left == (set(PLANTS[:3]) if asked else set(PLANTS))
        if asked:
            assert "expected uses" in space.explain(commits[-1])
            kinds = {cube.type for cube in space.cubes()}
            assert kinds == {"semantic"}  # storage adapts too: what is used again and again is carried up
        assert space.tend() == []


def test_a_new_state_takes_the_place_of_the_old_one(script: Any) -> None:
    mind = script()
    with Space(recipe="salm", embedder="none", mind=mind) as space:
        space.remember("I live in Porto.", speaker="Ana", at="2026-01-05", questions=3)
        space.remember("I live in Lisbon now.", speaker="Ana", at="2026-03-05", questions=3)
        assert [hit.text for hit in space.recall("Where does Ana live?")] == ["I live in Lisbon now."]
        assert [cube.text for cube in space.cubes(as_of=1)] == ["I live in Porto."]
        space.tend(questions=3)
        assert mind.asked == []
