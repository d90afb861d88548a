"""Bi-Mem: facts into scenes into a persona, claims put right from the facts, and recall that spreads between levels."""

from __future__ import annotations

from typing import Any

import mnesis
from mnesis.drive import Ask
from mnesis.words import Event

GARDEN = [
    "I planted tomatoes and beans in the garden behind the house.",
    "The tomatoes in the garden get too much sun.",
    "The beans in the garden need a taller pole.",
]
BOAT = [
    "My boat lies in the old harbour.",
    "The engine of the boat in the harbour leaks oil.",
]
DIET = [
    ("2025-01-01", "I eat meat every day."),
    ("2025-02-01", "I do not eat meat any more, I became a vegetarian."),
    ("2025-03-01", "As a vegetarian I eat beans and cheese, no meat."),
]


class Inductive:
    """A mind that sums up, once with something nobody said, and says what cannot both be true."""

    name = "inductive"

    def __init__(self) -> None:
        self.asked: list[Ask] = []

    def answer(self, ask: Ask) -> Any:
        self.asked.append(ask)
        if ask.purpose == "summary":
            said = " ".join(ask.parts["texts"])
            return "Ana grows tomatoes in the garden. Ana won a medal for pumpkins." if "tomatoes" in said else said
        if ask.purpose == "portrait":
            return "Ana planted tomatoes and beans in the garden. Ana is a famous astronaut."
        return {"topic": "garden", "conflict": False}[ask.purpose]


def told(mind: Any = None) -> mnesis.Space:
    space = mnesis.open(recipe="bi_mem", embedder="none", mind=mind)
    turns = [*GARDEN, *BOAT]
    space.remember([Event(text, speaker="Ana", at=f"2026-01-0{n + 1}") for n, text in enumerate(turns)])
    return space


def level(space: mnesis.Space, name: str) -> list[mnesis.MemCube]:
    return [cube for cube in space.cubes() if cube.meta.get("level") == name]


def test_facts_are_gathered_into_scenes_and_scenes_into_a_persona() -> None:
    with told() as space:
        space.tend()
        texts = [{space.get(id).text for id in scene.parents} for scene in level(space, "scene")]
        assert sorted(map(len, texts)) == [2, 3]
        assert set(BOAT) in texts
        assert set(GARDEN) in texts
        (persona,) = level(space, "persona")
        assert (persona.type, persona.speaker) == ("core", "Ana")
        assert {space.get(id).text for id in persona.parents} <= {*GARDEN, *BOAT}
        assert {event for scene in level(space, "scene") for event in scene.events} == {
            cube.id for cube in space.cubes() if not cube.parents
        }
        assert space.tend() == []


def test_a_claim_that_no_fact_bears_out_does_not_stand() -> None:
    mind = Inductive()
    with told(mind) as space:
        space.tend(questions=50)
        texts = [cube.text for cube in space.cubes() if cube.parents]
        assert "Ana grows tomatoes in the garden." in texts
        assert not any("pumpkins" in text or "astronaut" in text for text in texts)
        (garden,) = [each for each in level(space, "scene") if "tomatoes" in each.text]
        assert garden.meta["calibrated"] == ["a claim that no fact bears out is left out"]
        assert {"summary", "portrait", "topic", "conflict"} >= {ask.purpose for ask in mind.asked}


def test_what_a_newer_fact_denies_is_put_right_on_both_levels() -> None:
    with mnesis.open(recipe="bi_mem", embedder="none") as space:
        space.remember([Event("I live in Porto with my cat Tinta.", speaker="Ana", at="2024-01-01")])
        space.remember([Event("I live in Porto near the river with my cat.", speaker="Ana", at="2024-02-01")])
        space.tend()
        (before,) = level(space, "scene")
        assert "Porto" in before.text
        space.remember([Event("I live in Lisbon now with my cat Tinta.", speaker="Ana", at="2026-01-01")])
        space.tend()
        (scene,) = level(space, "scene")
        (persona,) = level(space, "persona")
        for cube in (scene, persona):
            assert "Lisbon" in cube.text
            assert "Porto" not in cube.text
        assert space.history(scene.id)[0].text == before.text
        assert len([cube for cube in space.cubes() if not cube.parents]) == 3  # the facts all stand


def test_only_the_scenes_that_new_facts_touch_are_made_anew() -> None:
    with told() as space:
        space.tend()
        versions = {cube.id: cube.version for cube in level(space, "scene")}
        space.remember(Event("The harbour wants more money for the boat.", speaker="Ana", at="2026-02-01"))
        space.tend()
        changed = [cube for cube in level(space, "scene") if versions.get(cube.id) != cube.version]
        assert [cube.version for cube in changed] == [2]
        assert "boat" in changed[0].text
        assert len(changed[0].parents) == 3


def test_a_scene_whose_facts_are_forgotten_goes() -> None:
    with told() as space:
        space.tend()
        space.forget([cube.id for cube in space.cubes() if cube.text in BOAT])
        space.tend()
        assert all("boat" not in scene.text for scene in level(space, "scene"))
        assert len(level(space, "scene")) == 1


def test_a_fact_calls_the_facts_of_its_scene_to_mind() -> None:
    question = "What about the taller pole?"
    with told() as space:
        alone = [hit.text for hit in space.recall(question)]
        space.tend()
        hits = space.recall(question)
        spread = [hit.text for hit in hits if not hit.cube.parents]
        assert alone == [GARDEN[2]]
        assert spread[0] == GARDEN[2]
        assert set(spread[:3]) == set(GARDEN)
        assert all(hit.why["spreading"] > 0 for hit in hits)
        assert {hit.cube.meta.get("level") for hit in hits} == {None, "scene", "persona"}
        made = [bool(hit.cube.parents) for hit in hits]
        assert made == sorted(made)  # what was said stands in front of what was made of it
