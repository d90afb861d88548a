"""HippoRAG: one recall answers what takes two steps, and a model's reading upgrades the graph that rules drew."""

from __future__ import annotations

import json

import mnesis
from mnesis import Space
from mnesis.drive import Ask
from mnesis.text.graph import graph

TOLD = (
    "Night Ferry was painted by Mara Quist.",
    "Mara Quist studied under Abel Lund.",
    "Abel Lund taught in Ribe.",
    "Tom studies by day.",
    "Tom teaches chess in Oslo.",
)
ASKED = "Under whom did the painter of Night Ferry study?"


class Reader:
    """A mind that reads facts off a memory as it is told to, and says nothing else."""

    name = "reader"

    def __init__(self, **facts: list[tuple[str, str, str]]) -> None:
        self.facts, self.asked = facts, list[Ask]()

    def answer(self, ask: Ask) -> str:
        self.asked.append(ask)
        found = next((each for key, each in self.facts.items() if key in ask.parts["text"]), [])
        facts = [dict(zip(("subject", "relation", "object"), each, strict=True)) for each in found]
        return json.dumps({"facts": facts})


def kept(recipe: str, mind: Reader | None = None) -> Space:
    space = mnesis.open(recipe=recipe, embedder="none", **({"mind": mind} if mind else {}))
    space.remember(list(TOLD))
    return space


def test_one_recall_takes_both_steps() -> None:
    hits = kept("hipporag").recall(ASKED, k=2)
    assert {hit.text for hit in hits} == set(TOLD[:2])
    second = next(hit for hit in hits if "Abel" in hit.text)
    assert second.why["ppr"] > 0
    plain = kept("verbatim").recall(ASKED, k=2)
    assert TOLD[1] not in {hit.text for hit in plain}, "words alone take Tom's study for the second step"


def test_without_a_budget_nothing_is_asked_and_nothing_changes() -> None:
    mind = Reader()
    space = kept("hipporag", mind)
    before = graph(space._view("default")).find("fact:abel lund|taught in|ribe")
    space.tend()
    assert mind.asked == []
    assert graph(space._view("default")).find("fact:abel lund|taught in|ribe") == before >= 0


def test_a_models_reading_takes_the_place_of_that_of_rules() -> None:
    mind = Reader(Lund=[("Mara Quist", "was a student of", "Abel Lund")], Tom=[("Tom", "is teacher of", "chess")])
    space = kept("hipporag", mind)
    commits = space.tend(questions=10)
    web = graph(space._view("default"))
    assert web.find("fact:mara quist|was a student of|abel lund") >= 0
    assert web.find("fact:mara quist|studied under|abel lund") == -1
    assert {each.purpose for each in mind.asked} == {"openie"}
    assert len(mind.asked) == len(TOLD)
    assert space.tend(questions=10, again=True) == []
    assert len(mind.asked) == len(TOLD), "what was read is not asked about again"
    assert {hit.text for hit in space.recall(ASKED, k=2)} == set(TOLD[:2])
    assert commits
    assert space.verify().ok
