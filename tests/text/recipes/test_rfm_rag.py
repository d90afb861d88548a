"""RFM-RAG: the pool keeps what every round found, asks for its gap, and is done when it is complete."""

from __future__ import annotations

import json

import mnesis
from mnesis import Space
from mnesis.drive import Ask

TOLD = (
    "The Petrel belongs to Ruth Grey.",
    "Ruth Grey hails from Ribe.",
    "Ribe lies on the Wadden Sea.",
    *(f"Boat number {n} has a green sail." for n in range(20)),
)
ASKED = "On which sea does the town lie that the owner of the Petrel is from?"


class Judge:
    """A mind that finds the evidence complete from a given number of pieces on."""

    name = "judge"

    def __init__(self, enough: int, gaps: list[str]) -> None:
        self.enough, self.gaps, self.asked = enough, gaps, list[Ask]()

    def answer(self, ask: Ask) -> str:
        self.asked.append(ask)
        if ask.purpose == "complete":
            return json.dumps(len(ask.parts["texts"]) >= self.enough)
        return json.dumps(self.gaps.pop(0) if self.gaps else "nothing")


def kept(recipe: str = "rfm_rag", mind: object = None) -> Space:
    space = mnesis.open(recipe=recipe, embedder="none", **({"mind": mind} if mind else {}))
    space.remember(list(TOLD))
    return space


def test_relations_in_the_pool_say_what_is_missing() -> None:
    hits = kept().recall(ASKED, k=4)
    assert set(TOLD[:3]) <= {hit.text for hit in hits}
    assert next(hit for hit in hits if hit.text == TOLD[1]).why["pool"] > 0
    assert TOLD[1] not in {hit.text for hit in kept("verbatim").recall(ASKED, k=4)}


def test_gathering_ends_when_the_evidence_is_complete() -> None:
    mind = Judge(1, ["never asked"])
    kept(mind=mind).recall(ASKED, k=4, questions=20)
    assert [each.purpose for each in mind.asked] == ["complete"]


def test_rounds_add_to_the_pool_and_do_not_forget_it() -> None:
    mind = Judge(4, ["Ruth Grey", "Ribe", "Wadden"])
    hits = kept(mind=mind).recall(ASKED, k=4, questions=20)
    seen = [len(each.parts["texts"]) for each in mind.asked if each.purpose == "complete"]
    assert seen == sorted(seen)
    assert len(seen) > 1
    assert set(TOLD[:2]) <= {hit.text for hit in hits}
