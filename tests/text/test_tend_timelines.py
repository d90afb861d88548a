"""A fact edge that was replaced at a date ends there, and a walk at a moment goes by what was true then."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import mnesis
from mnesis import Space
from mnesis.text.graph import graph, path, told
from mnesis.text.link.entities import entities
from mnesis.text.link.facts import facts
from mnesis.text.recipes.verbatim import verbatim
from mnesis.text.tend.timelines import timelines
from mnesis.words import replace

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def space() -> Space:
    made = mnesis.open(
        recipe=replace(verbatim(), link=(entities(), facts()), tend=(timelines(),)), embedder="none", clock=lambda: NOW
    )
    made.remember("I live in Porto.", speaker="Ana", at="2026-03-01")
    made.remember("Porto is a city in Portugal.", at="2026-03-01")
    made.remember("Oslo is the capital of Norway.", at="2026-03-01")
    made.remember("I own a boat.", speaker="Ana", at="2026-03-01")
    made.remember("I moved to Oslo.", speaker="Ana", at="2026-05-01")
    made.remember("I own a piano.", speaker="Ana", at="2026-05-02")
    return made


def country(space: Space, day: str | None = None, as_of: int | None = None) -> str:
    """Where Ana's walk over homes ends: entity by entity, by what was true on a day."""
    web = graph(space._view("default", as_of, day))
    goals = [node for name in ("entity:portugal", "entity:norway") if (node := web.find(name)) >= 0]
    cubes = [node for cube in space.cubes() if (node := web.find(cube.id)) >= 0]
    way = path(web, [web.find("entity:ana")], goals, 60, closed=cubes)
    return told(web, way) if way else ""


def test_a_walk_at_a_moment_goes_by_what_was_true_then(space: Space) -> None:
    commits = space.tend()
    assert country(space, "2026-04-01").endswith("portugal")
    assert country(space, "2026-05-20").endswith("norway")
    assert "(ana moved to oslo)" in country(space, "2026-05-20")
    assert country(space, "2026-01-01") == ""
    assert [each["op"] for each in commits[0].changes] == ["disconnect", "connect"]


def test_what_was_replaced_is_not_deleted(space: Space) -> None:
    before = space.head().seq
    space.tend()
    standing = space._view("default").linked(["fact:ana|live in|porto"])
    assert [(link.valid_from.month, link.valid_to.month) for link in standing if link.valid_from and link.valid_to] == [
        (3, 5)
    ]
    assert space._view("default", before).linked(["fact:ana|live in|porto"])[0].valid_to is None


def test_what_may_hold_of_several_things_is_left_alone(space: Space) -> None:
    space.tend()
    owned = space._view("default").linked(["fact:ana|own|boat", "fact:ana|own|piano"])
    assert [link.valid_to for link in owned] == [None, None]
    assert space.tend() == []
    assert space.verify().ok


def test_a_fact_told_late_ends_before_those_that_followed(space: Space) -> None:
    space.remember("I lived in Lisbon.", speaker="Ana", at="2026-01-01")
    space.tend()
    assert space._view("default").linked(["fact:ana|lived in|lisbon"])[0].valid_to == datetime(2026, 3, 1, tzinfo=UTC)
    assert country(space, "2026-04-01").endswith("portugal")
