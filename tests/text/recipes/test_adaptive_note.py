"""Adaptive-Note: each search is made of the best note so far, and exploring stops when notes do not get better."""

from __future__ import annotations

import json

import mnesis
from mnesis import Space
from mnesis.drive import Ask

TOLD = (
    "The Petrel belongs to Ruth Grey.",
    "Ruth Grey married Abel Lund.",
    "Abel Lund works at the mill.",
    *(f"On day {n} the weather was mild." for n in range(30)),
)
ASKED = "Where does the husband of the owner of the Petrel work?"


class Noter:
    name = "noter"

    def __init__(self, notes: list[str], queries: list[str]) -> None:
        self.notes, self.queries, self.asked = notes, queries, list[Ask]()

    def answer(self, ask: Ask) -> str:
        self.asked.append(ask)
        script = self.notes if ask.purpose == "noted" else self.queries
        return json.dumps(script.pop(0) if script else "nothing")


def kept(recipe: str = "adaptive_note", mind: object = None) -> Space:
    space = mnesis.open(recipe=recipe, embedder="none", **({"mind": mind} if mind else {}))
    space.remember(list(TOLD))
    return space


def test_the_note_leads_from_memory_to_memory() -> None:
    hits = kept().recall(ASKED, k=3)
    assert {hit.text for hit in hits} == set(TOLD[:3])
    assert all(hit.why["notes"] > 0 for hit in hits)
    assert {hit.text for hit in kept("verbatim").recall(ASKED, k=3)} != set(TOLD[:3])


def test_exploring_stops_when_a_round_brings_no_better_note() -> None:
    mind = Noter(["The Petrel belongs to Ruth Grey."] * 5, ["Ruth Grey"] * 5)
    hits = kept(mind=mind).recall(ASKED, k=3, questions=20)
    assert [each.purpose for each in mind.asked] == ["noted", "lacking", "noted"], "the second note is no better"
    assert hits[0].text == TOLD[0]


def test_a_mind_says_what_to_search_for_next_and_when_it_is_enough() -> None:
    first, second = "The Petrel belongs to Ruth Grey.", "The Petrel belongs to Ruth Grey, who married Abel Lund."
    mind = Noter([first, f"{second} Abel Lund works at the mill."], ["Abel Lund", "nothing"])
    hits = kept(mind=mind).recall(ASKED, k=3, questions=20)
    assert {TOLD[0], TOLD[2]} <= {hit.text for hit in hits}
    assert [each.purpose for each in mind.asked] == ["noted", "lacking", "noted", "lacking"]
