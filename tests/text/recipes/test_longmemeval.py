"""LongMemEval's design: rounds as values, facts as further keys, questions expanded in time."""

from __future__ import annotations

from typing import Any

import mnesis
from mnesis.models.scripted import scripted


def test_a_session_is_decomposed_into_rounds() -> None:
    with mnesis.open(recipe="longmemeval", embedder="none") as space:
        cubes = space.remember("User: Which boat?\nAssistant: The blue one.\nUser: And when?\nAssistant: On Sunday.")
        assert [each.text.count("User:") for each in cubes] == [1, 1]


def test_a_fact_is_a_key_and_the_turn_is_the_value(script: Any) -> None:
    mind = script(facts=["Tom moved to Lisbon on 2 March 2026."])
    with mnesis.open(recipe="longmemeval", embedder=scripted(dim=64), mind=mind) as space:
        space.remember("He went there yesterday, at last.", speaker="Ana", at="2026-03-03", questions=1)
        space.remember("Fine weather again.", speaker="Ana", at="2026-03-03")
        best = space.recall("When did Tom move to Lisbon?", k=1)[0]
        assert best.text == "He went there yesterday, at last."  # what is read is what was said
        assert best.cube.meta["found_by"] == ["Tom moved to Lisbon on 2 March 2026."]
        assert best.why["words"] > 0.3
        assert best.why["vectors"] > 0.3


def test_rules_expand_the_question_in_time() -> None:
    with mnesis.open(recipe="longmemeval", embedder="none") as space:
        space.remember("I bought a lamp.", speaker="Ana", at="2026-02-11")
        space.remember("I bought a kettle.", speaker="Ana", at="2026-03-11")
        space.remember("I bought a carpet.", speaker="Ana", at="2026-04-11")
        hits = space.recall("What did I buy in March 2026?", now="2026-05-01")
        assert hits[0].text == "I bought a kettle."
        assert hits[0].why["expanded"] == 1
        assert all("expanded" not in hit.why for hit in hits[1:])
        assert all("expanded" not in hit.why for hit in space.recall("What did I buy?", now="2026-05-01"))


def test_a_mind_knows_days_that_rules_do_not(script: Any) -> None:
    mind = script(dates=[{"text": "the week of the fair", "start": "2026-03-09", "end": "2026-03-15"}])
    with mnesis.open(recipe="longmemeval", embedder="none", mind=mind) as space:
        space.remember("I bought a lamp.", at="2026-02-11")
        space.remember("I bought a kettle.", at="2026-03-11")
        best = space.recall("What did I buy in the week of the fair?", questions=1)[0]
        assert best.text == "I bought a kettle."
        assert mind.asked[-1].purpose == "dates"


def test_days_that_cannot_be_read_say_nothing(script: Any) -> None:
    mind = script(dates=[{"text": "then", "start": "soon", "end": "later"}, {"text": "?", "start": "", "end": ""}])
    with mnesis.open(recipe="longmemeval", embedder="none", mind=mind) as space:
        space.remember("I bought a lamp.", at="2026-02-11")
        (hit,) = space.recall("When was the lamp bought, then?", questions=1)
        assert "expanded" not in hit.why
