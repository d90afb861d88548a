"""A-MEM: notes, the links between them, and old notes rewritten by new ones."""

from __future__ import annotations

from typing import Any

import mnesis
from mnesis import Space


def note_of(space: Space, cube_id: str) -> dict[str, Any]:
    note: dict[str, Any] = dict(space.get(cube_id).meta["note"])
    return note


def test_rules_let_a_new_note_rewrite_the_tags_of_an_old_one() -> None:
    with mnesis.open(recipe="a_mem", embedder="none") as space:
        (old,) = space.remember("The cello concert in Porto was sold out.", speaker="Ana", at="2026-01-09")
        before = note_of(space, old.id)
        (new, *_) = space.remember(
            "Our cello concert in Porto moved to the big opera house.", speaker="Ana", at="2026-02-09"
        )
        after = note_of(space, old.id)
        assert set(after["tags"]) > set(before["tags"])
        assert set(after["tags"]) <= set(before["tags"]) | set(note_of(space, new.id)["tags"])
        standing = space.get(old.id)
        assert (standing.version, standing.text) == (2, "The cello concert in Porto was sold out.")
        assert space.history(old.id)[0].meta["note"] == before


def test_notes_that_belong_together_are_found_together() -> None:
    with mnesis.open(recipe="a_mem", embedder="none") as space:
        (old,) = space.remember("The cello concert in Porto was sold out.", speaker="Ana")
        (new, *_) = space.remember("For the cello concert in Porto I wore the yellow dress.", speaker="Ana")
        (other,) = space.remember("Bread is cheaper on Mondays.", speaker="Ana")
        links = space._view("default").links(old.id, "related")
        assert [(each.head, each.tail) for each in links] == [(new.id, old.id)]
        ids = [hit.cube.id for hit in space.recall("Which dress was yellow?")]
        assert ids == [new.id, old.id]
        assert other.id not in ids


def test_a_mind_writes_cards_and_rewrites_old_ones(script: Any) -> None:
    cards = {
        "Tom sold his van.": {"keywords": ["Tom", "van"], "tags": ["car"], "context": "Tom sells a van."},
        "Tom bought a boat.": {"keywords": ["Tom", "boat"], "tags": ["boat"], "context": "Tom buys a boat."},
    }
    mind = script(
        note=lambda parts: cards[parts["text"]],
        evolution=lambda parts: {
            "links": [parts["memories"][0]["id"]],
            "updates": [
                {
                    "id": parts["memories"][0]["id"],
                    "tags": ["car", "new life at sea"],
                    "context": "Tom sold the van to pay for a boat.",
                }
            ],
        },
    )
    with mnesis.open(recipe="a_mem", embedder="none", mind=mind) as space:
        (van,) = space.remember("Tom sold his van.", questions=2)
        space.remember("Tom bought a boat.", questions=2)
        assert mind.purposes() == ["note", "note", "evolution"]
        assert note_of(space, van.id)["tags"] == ["car", "new life at sea"]
        assert note_of(space, van.id)["keywords"] == ["Tom", "van"]
        assert space.get(van.id).text == "Tom sold his van."
        # Only its rewritten card speaks of the sea.
        assert space.recall("life at sea")[0].cube.id == van.id
        assert space.recall("life at sea", as_of=1) == []


def test_without_an_answer_the_memory_is_kept_without_a_card(script: Any) -> None:
    mind = script(note={"nothing": "of use"})
    with mnesis.open(recipe="a_mem", embedder="none", mind=mind) as space:
        space.remember("Tom sold his van.", questions=9)
        (cube,) = space.cubes()
        assert "note" not in cube.meta
        assert space.recall("van")
