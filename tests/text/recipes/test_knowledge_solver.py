"""Knowledge Solver: each step over the graph is a choice, and the whole path comes back as evidence."""

from __future__ import annotations

import json

import mnesis
from mnesis import Space
from mnesis.drive import Ask
from mnesis.text.graph import graph, path, told

TOLD = (
    "Tom owns the Petrel.",
    "The Petrel is moored in Ribe.",
    "Ribe is governed by Abel Lund.",
    "Tom likes chess.",
    "The harbour office opens at nine.",
)
ASKED = "Who governs the town where what Tom owns is moored?"


class Guide:
    """A mind that goes the way it is told to, and remembers what it could have chosen."""

    name = "guide"

    def __init__(self, *way: str) -> None:
        self.way, self.asked = list(way), list[Ask]()

    def answer(self, ask: Ask) -> str:
        self.asked.append(ask)
        wanted = self.way.pop(0) if self.way else "stop"
        return json.dumps(next((each for each in ask.schema["enum"] if wanted in each), "stop"))


def kept(recipe: str = "knowledge_solver", mind: object = None) -> Space:
    space = mnesis.open(recipe=recipe, embedder="none", **({"mind": mind} if mind else {}))
    space.remember(list(TOLD))
    return space


def test_the_rule_goes_where_what_is_lacking_lies() -> None:
    hits = kept().recall(ASKED, k=3)
    assert {hit.text for hit in hits} == set(TOLD[:3])
    steps = {hit.text: hit.why.get("steps", 0.0) for hit in hits}
    assert min(steps[text] for text in TOLD[:2]) > 0


def test_a_mind_chooses_each_step_and_may_stop() -> None:
    mind = Guide("tom owns", "moored in", "governed")
    hits = kept(mind=mind).recall("What about Tom?", k=3, questions=9)
    assert {hit.text for hit in hits if hit.why.get("steps")} >= set(TOLD[:2])
    first, second = mind.asked[:2]
    assert "tom like chess" not in first.parts["path"]
    assert any("chess" in each for each in first.schema["enum"])
    assert second.parts["path"] == ["tom owns petrel"]
    stopped = Guide()
    assert not any(hit.why.get("steps") for hit in kept(mind=stopped).recall("What about Tom?", k=3, questions=9))


def test_a_path_between_two_things_is_told_in_words() -> None:
    space = kept()
    web = graph(space._view("default"))
    way = path(web, [web.find("entity:tom")], [web.find("entity:abel lund")], 60)
    assert way is not None
    words = told(web, way, {cube.id: cube.text for cube in space.cubes()})
    assert words.startswith("tom —")
    assert words.endswith("abel lund")
    assert all(hit.why.get("path", 0) > 0 for hit in space.recall("How are Tom and Abel Lund connected?", k=3))
