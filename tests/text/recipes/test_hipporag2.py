"""HippoRAG 2: facts are recognised before the walk, and simple questions are answered as well as without a graph."""

from __future__ import annotations

import json

import mnesis
from mnesis import Space
from mnesis.drive import Ask
from mnesis.text.find.facts import recognised
from mnesis.text.graph import graph, parts
from mnesis.words import NOTHING, Query

TOLD = (
    "Ruth Grey owns a bakery in Ribe.",
    "Ruth Grey plays the organ.",
    "Ruth Grey was born in Tarm.",
    "Tarm lies in Jutland.",
    "The bakery burned down in May.",
    "Chess is played in Jutland.",
)


def kept(recipe: str = "hipporag2", mind: object = None) -> Space:
    space = mnesis.open(recipe=recipe, embedder="none", **({"mind": mind} if mind else {}))
    space.remember(list(TOLD))
    return space


def test_only_facts_that_the_question_asks_about_are_where_the_walk_begins() -> None:
    view = kept()._view("default")
    web = graph(view)
    facts = recognised(Query("In which region was Ruth Grey born?"), view, NOTHING, web)
    told = [parts(web.names[node]) for node in facts]
    assert told[0] == ("ruth grey", "was born in", "tarm")
    assert ("ruth grey", "owns", "bakery") not in told[:1]


def test_passages_and_facts_together_take_the_second_step() -> None:
    asked = "In which region was Ruth Grey born?"
    hits = {hit.text: hit for hit in kept().recall(asked, k=5)}
    assert next(iter(hits)) == "Ruth Grey was born in Tarm."
    assert hits["Tarm lies in Jutland."].why["ppr"] > 0
    assert "Tarm lies in Jutland." not in {hit.text for hit in kept("verbatim").recall(asked, k=5)}
    assert "Chess is played in Jutland." not in hits


def test_a_simple_question_is_answered_as_without_a_graph() -> None:
    question = "Who plays the organ?"
    assert kept().recall(question, k=1)[0].text == kept("verbatim").recall(question, k=1)[0].text == TOLD[1]


class Reader:
    """A mind that tells what region a town is in, whatever the words."""

    name = "reader"

    def answer(self, ask: Ask) -> str:
        fact = {"subject": "Tarm", "relation": "is in the region", "object": "Jutland"}
        return json.dumps({"facts": [fact] if "Tarm lies" in ask.parts["text"] else []})


def test_a_models_facts_are_recognised_too() -> None:
    space = kept(mind=Reader())
    space.tend(questions=len(TOLD))
    hits = space.recall("What region is Tarm in?", k=1)
    assert hits[0].text == "Tarm lies in Jutland."
    assert hits[0].why["facts"] > 0.5
