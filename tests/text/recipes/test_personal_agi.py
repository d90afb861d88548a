"""Personalised AGI: what is used together is tied, sparsely; unused ties are pruned; the slow module sums up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from mnesis import Space
from mnesis.text.tend.hebbian import TOGETHER

START = datetime(2026, 1, 1, tzinfo=UTC)
BOAT, CAFE, KEY = "The boat is moored in Horta.", "Horta has a blue cafe.", "The spare key hangs in the hall."


def ties(space: Space) -> dict[frozenset[str], float]:
    view = space._view("default")
    told = {cube.id: cube.text for cube in space.cubes() if not cube.parents}
    links = {link for id in told for link in view.links(id, TOGETHER) if {link.head, link.tail} <= told.keys()}
    return {frozenset((told[link.head], told[link.tail])): round(link.weight, 1) for link in links}


def test_ties_grow_by_use_and_are_pruned_without() -> None:
    now = [START]
    with Space(recipe="personal_agi", embedder="none", clock=lambda: now[0]) as space:
        space.remember([BOAT, CAFE, KEY])
        space.tend()
        assert ties(space) == {}
        for _ in range(2):
            now[0] += timedelta(hours=1)
            found = [hit.text for hit in space.recall("Where in Horta is the boat?", k=5)]
            assert KEY not in found
        space.tend()
        assert ties(space) == {frozenset((BOAT, CAFE)): 2.0}
        assert CAFE in [hit.text for hit in space.recall("Where is the boat moored?", k=5, touch=False)]  # by its tie
        assert space.tend() == []
        now[0] += timedelta(days=30)
        space.tend()
        assert ties(space) == {frozenset((BOAT, CAFE)): 1.0}
        now[0] += timedelta(days=70)
        (commit, *_) = [each for each in space.tend() if any("link" in change for change in each.changes)]
        assert ties(space) == {}
        assert "disconnected" in space.explain(commit)


def test_the_slow_module_consolidates_what_the_fast_one_took_in(script: Any) -> None:
    mind = script(summary="A day in Horta: boat, cafe, key.")
    now = [START]
    with Space(recipe="personal_agi", embedder="none", mind=mind, clock=lambda: now[0]) as space:
        space.remember([BOAT, CAFE, KEY], at=START)
        assert {cube.type for cube in space.cubes()} == {"working"}
        now[0] += timedelta(days=3)
        space.tend(questions=3)
        assert mind.purposes() == ["summary"]
        (slow,) = (cube for cube in space.cubes() if cube.type == "semantic")
        assert (slow.text, len(slow.parents)) == ("A day in Horta: boat, cafe, key.", 3)
        assert sorted(cube.text for cube in space.cubes() if cube.type == "episodic") == sorted([BOAT, CAFE, KEY])
