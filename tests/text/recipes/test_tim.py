"""Think-in-Memory: thoughts after the response, hashed into buckets, inserted, forgotten and merged there."""

from __future__ import annotations

from typing import Any

import mnesis
from mnesis import Space
from mnesis.text.buckets import TABLES, buckets
from mnesis.words import Event


def thoughts(space: Space) -> list[str]:
    return [each.text for each in space.cubes() if each.type == "semantic" and each.valid_to is None]


def test_thoughts_are_inserted_merged_and_forgotten_by_rules() -> None:
    with mnesis.open(recipe="tim", embedder="none") as space:
        space.remember("Ana plays the cello.", at="2026-01-01", source="s0")
        space.remember("Ana plays the harp.", at="2026-01-02", source="s1")
        assert thoughts(space) == ["Ana plays the cello and the harp."]
        (merged,) = (each for each in space.cubes() if each.text.endswith("the harp.") and "and" in each.text)
        assert set(merged.sources) == {"s0", "s1"}
        space.remember("Tom lives in Porto.", at="2026-01-03")
        space.remember("Tom lives in Lisbon now.", at="2026-01-04")
        assert thoughts(space) == ["Ana plays the cello and the harp.", "Tom lives in Lisbon now."]
        then = [hit.text for hit in space.recall("Where does Tom live?", valid_at="2026-01-03T12:00:00")]
        assert "Tom lives in Porto." in then


def test_a_thought_is_found_through_its_bucket() -> None:
    with mnesis.open(recipe="tim", embedder="none") as space:
        for n in range(40):
            space.remember(f"Number {n} of the red boats sails to island {n * 7}.", at="2026-01-01")
        space.remember("My brother repairs clocks in Basel.", speaker="Ana")
        best = space.recall("Who repairs clocks in Basel?", k=1)[0]
        assert best.why["lsh"] > 0.5
        links = space._view("default").linked(buckets("My brother repairs clocks in Basel."), ("bucket",))
        assert len({each.tail for each in links}) == TABLES


def test_what_a_user_says_is_thought_about_after_the_response(script: Any) -> None:
    mind = script(thoughts=["Ana asked for a quiet hotel and got the Larch."])
    with mnesis.open(recipe="tim", embedder="none", mind=mind) as space:
        asked = Event("Which hotel is quiet?", "Ana", session="s", role="user", source="a")
        given = Event("The Larch, by the lake.", "Guide", session="s", role="assistant", source="b")
        space.remember(asked, questions=3)
        assert mind.asked == []  # nothing is thought before the response
        space.remember(given, questions=3)
        assert mind.purposes() == ["thoughts"]
        assert mind.asked[0].parts["text"] == "Ana: Which hotel is quiet?\nGuide: The Larch, by the lake."
        hit = next(hit for hit in space.recall("Did Ana get a quiet hotel?") if hit.cube.type == "semantic")
        assert set(hit.sources) == {"a", "b"}


def test_a_mind_forgets_and_merges_as_it_likes(script: Any) -> None:
    said = iter([["Ana keeps bees."], ["Ana keeps two hives of bees."], ["Ana keeps no bees any longer."]])
    replies = iter(["APPEND", "DELETE"])
    mind = script(
        thoughts=lambda parts: next(said),
        update=lambda parts: next(replies),
        merged="Ana keeps bees in two hives.",
    )
    with mnesis.open(recipe="tim", embedder="none", mind=mind) as space:
        for day in (1, 2):
            space.remember(f"Bees, day {day}.", at=f"2026-01-0{day}", questions=9)
        assert thoughts(space) == ["Ana keeps bees in two hives."]
        space.remember("Bees, the end.", at="2026-01-03", questions=9)
        assert thoughts(space) == ["Ana keeps no bees any longer."]
        assert "Bees, day 1." in [hit.text for hit in space.recall("Bees, day 1")]  # what was said stays
