"""Mem0 with a graph: relations between entities, and those that became invalid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mnesis
from mnesis import Space
from mnesis.words import Link, moment


def edges(space: Space, entity: str, valid_at: str | None = None) -> list[Link]:
    """The far ends of the edges that begin at an entity."""
    view = space._view("default", valid_at=valid_at)
    begun = [each.head for each in view.links(f"entity:{entity}", "subject")]
    return [each for id in begun for each in view.links(id, "object")]


def test_an_obsolete_relation_is_marked_invalid_and_stays_at_its_date() -> None:
    with mnesis.open(recipe="mem0_graph", embedder="none") as space:
        space.remember("Ana lives in Porto.", at="2025-01-09", source="s0")
        space.remember("Ana lives in Lisbon.", at="2026-03-02", source="s1")
        both = {each.tail: each.valid_to for each in edges(space, "ana")}
        assert both == {"entity:porto": moment("2026-03-02"), "entity:lisbon": None}
        assert [each.tail for each in edges(space, "ana", "2025-06-01")] == ["entity:porto"]
        assert [each.tail for each in edges(space, "ana", "2026-06-01")] == ["entity:lisbon"]
        relations = [hit for hit in space.recall("Where does Ana live?") if hit.cube.type == "semantic"]
        assert [hit.sources for hit in relations] == [("s1",)]


def test_a_question_finds_what_is_two_edges_away(script: Any) -> None:
    stated = {
        "We had lunch.": [{"subject": "Ana", "relation": "works with", "object": "Tom Grey"}],
        "What a mess!": [{"subject": "Tom Grey", "relation": "restores", "object": "harpsichords"}],
        "Nice weather.": [],
    }
    mind = script(triples=lambda parts: stated[parts["text"]])
    with mnesis.open(recipe="mem0_graph", embedder="none", mind=mind) as space:
        for n, text in enumerate(stated):
            space.remember(text, source=f"s{n}", questions=3)
        hits = space.recall("What do the colleagues of Ana do?")
        why = {hit.text: hit.why.get("relations", 0.0) for hit in hits}
        assert why["Ana works with Tom Grey"] > why["Tom Grey restores harpsichords"] > 0
        assert "Nice weather." not in why
        relation = next(hit for hit in hits if hit.text.startswith("Tom Grey")).cube
        assert relation.sources == ("s1",)
        assert relation.parents


def test_a_mind_says_which_relations_conflict(script: Any) -> None:
    stated = {
        "A": {"subject": "Ana", "relation": "is engaged to", "object": "Tom"},
        "B": {"subject": "Ana", "relation": "is engaged to", "object": "Bo"},
    }
    mind = script(triples=lambda parts: [stated[parts["text"][:1]]], conflict=True)
    with mnesis.open(recipe="mem0_graph", embedder="none", mind=mind) as space:
        space.remember("A story of Tom.", at="2025-01-09", questions=5)
        space.remember("B is what I told you.", at="2026-03-02", questions=5)
        assert mind.purposes() == ["triples", "triples", "conflict"]
        now = [hit.text for hit in space.recall("Whom is Ana engaged to?")]
        assert "Ana is engaged to Bo" in now
        assert "Ana is engaged to Tom" not in now
        then = [hit.text for hit in space.recall("Whom is Ana engaged to?", valid_at="2025-06-01")]
        assert "Ana is engaged to Tom" in then


def test_what_was_said_is_always_found() -> None:
    with mnesis.open(recipe="mem0_graph", embedder="none") as space:
        space.remember("Hm, the harbour again, wonderful!", at="2025-01-09")
        assert [hit.text for hit in space.recall("the harbour")] == ["Hm, the harbour again, wonderful!"]


def test_an_erased_relation_leaves_no_name_behind(tmp_path: Path) -> None:
    path = tmp_path / "space.mnesis"
    with mnesis.open(path, recipe="mem0_graph", embedder="none") as space:
        space.remember("Zaphira lives in Quillhaven.", at="2025-01-09", source="s0")
        space.remember("Tom likes jazz.", at="2025-01-10", source="s1")
        assert edges(space, "zaphira")
        told = next(cube for cube in space.cubes() if "Zaphira" in cube.text and cube.type == "episodic")
        assert space.forget(told.id, erase=True).purged
        assert not edges(space, "zaphira")
    for each in [path, *tmp_path.rglob("*")]:
        if each.is_file():
            assert b"aphira" not in each.read_bytes().lower()
            assert b"uillhaven" not in each.read_bytes().lower()
