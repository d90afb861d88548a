"""MemoRAG: a memory of the whole drafts clues, and what no word of the question leads to is found by them."""

from __future__ import annotations

import json

import mnesis
from mnesis import Space
from mnesis.drive import Ask

TOLD = (
    "Ana keeps bees behind the chapel.",
    "The bees feed on a lime tree.",
    "The lime tree was felled in May.",
    "Tom plays chess on Sundays.",
    "The chapel has a new organ.",
)
ASKED = "What troubles Ana?"


class Drafter:
    name = "drafter"

    def __init__(self) -> None:
        self.asked: list[Ask] = []

    def answer(self, ask: Ask) -> str:
        self.asked.append(ask)
        return json.dumps(["the lime tree was felled"] if ask.purpose == "clues" else [])


def kept(recipe: str = "memorag", mind: object = None) -> Space:
    space = mnesis.open(recipe=recipe, embedder="none", **({"mind": mind} if mind else {}))
    space.remember(list(TOLD))
    return space


def test_clues_from_the_whole_lead_where_the_question_does_not() -> None:
    found = {hit.text: hit for hit in kept().recall(ASKED, k=4)}
    assert TOLD[1] in found
    assert found[TOLD[1]].why["clues"] > 0
    assert TOLD[1] not in {hit.text for hit in kept("verbatim").recall(ASKED, k=4)}


def test_a_mind_is_shown_the_outline_and_its_drafts_are_searched_for() -> None:
    mind = Drafter()
    hits = kept(mind=mind).recall(ASKED, k=3, questions=3)
    assert TOLD[2] in {hit.text for hit in hits}
    ask = next(each for each in mind.asked if each.purpose == "clues")
    assert ask.parts["query"] == ASKED
    assert "ana keeps bee" in ask.parts["facts"]
    assert not any("chess" in each for each in ask.parts["facts"]), "the outline is of what the question stirs"
