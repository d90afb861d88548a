"""Mem0: what a new fact does to the memories there are."""

from __future__ import annotations

from typing import Any

import mnesis
from mnesis import Space

HOME = "Where does Ana live?"


def told(space: Space, *turns: tuple[str, str], **options: Any) -> None:
    for n, (text, at) in enumerate(turns):
        space.remember(text, speaker="Ana", at=at, source=f"s{n}", **options)


def texts(space: Space, question: str, **options: Any) -> list[str]:
    return [hit.text for hit in space.recall(question, **options)]


def test_rules_add_update_and_pass_over() -> None:
    with mnesis.open(recipe="mem0", embedder="none") as space:
        told(
            space,
            ("I live in Porto.", "2025-01-09"),
            ("I play the cello.", "2025-02-01"),
            ("I live in Porto.", "2025-03-01"),
            ("I moved to Lisbon.", "2026-03-02"),
        )
        assert texts(space, HOME)[0] == "I moved to Lisbon."
        assert "I live in Porto." not in texts(space, HOME, k=20)
        assert texts(space, HOME, valid_at="2025-06-01")[0] == "I live in Porto."
        assert "I moved to Lisbon." not in texts(space, HOME, valid_at="2025-06-01", k=20)
        assert texts(space, "What does Ana play?") == ["I play the cello."]
        porto = space.recall(HOME, valid_at="2025-06-01")[0]
        assert porto.sources == ("s2", "s0")  # what was said again made it one more witness


def test_rules_delete_what_is_over() -> None:
    with mnesis.open(recipe="mem0", embedder="none") as space:
        told(space, ("I take fencing lessons.", "2025-01-09"), ("I no longer take fencing lessons.", "2025-05-01"))
        now = space.recall("Does Ana take fencing lessons?")
        assert [(hit.text, hit.cube.type) for hit in now] == [("I no longer take fencing lessons.", "episodic")]
        assert texts(space, "Does Ana take fencing lessons?", valid_at="2025-03-01") == ["I take fencing lessons."]
        (old,) = [each for each in space.cubes() if each.text == "I take fencing lessons."]
        assert old.valid_to is not None
        assert [each.version for each in space.history(old.id)] == [1, 2]


def test_a_fact_of_a_longer_turn_stands_beside_it_and_one_turn_is_told_once() -> None:
    with mnesis.open(recipe="mem0", embedder="none") as space:
        told(space, ("What a day! I live in Porto now. My brother sells clocks.", "2025-01-09"))
        assert len(list(space.cubes())) == 3
        facts = [each for each in space.cubes() if each.type == "semantic"]
        assert all(each.sources == ("s0",) and each.parents and each.events for each in facts)
        hits = space.recall("Who sells clocks?", k=1)
        assert hits[0].sources == ("s0",)


def test_a_statement_without_a_date_leaves_now_and_stays_in_history() -> None:
    with mnesis.open(recipe="mem0", embedder="none") as space:
        (first,) = space.remember("I live in Porto.", speaker="Ana")
        space.remember("I moved to Lisbon.", speaker="Ana")
        assert texts(space, HOME) == ["I moved to Lisbon."] or texts(space, "Lisbon") == ["I moved to Lisbon."]
        assert "I live in Porto." not in texts(space, "Porto", k=20)
        assert space.history(first.id)[-1].known_to is not None
        assert texts(space, "Porto", as_of=1) == ["I live in Porto."]


def test_nobody_elses_and_nothing_more_trusted_is_ended() -> None:
    with mnesis.open(recipe="mem0", embedder="none") as space:
        space.remember("I live in Porto.", speaker="Ana", at="2025-01-09", trust="user")
        space.remember("I live in Ghent.", speaker="Tom", at="2025-02-01", trust="user")
        space.remember("I moved to Lisbon.", speaker="Ana", at="2026-03-02", trust="web")
        assert "I live in Porto." in texts(space, HOME)
        assert "I live in Ghent." in texts(space, "Who lives in Ghent?")


def test_a_mind_decides_what_rules_cannot(script: Any) -> None:
    mind = script(
        facts=lambda parts: {"I have a flat in Porto.": ["Ana's home is Porto."]}.get(
            parts["text"], ["Ana's home is Ghent."]
        ),
        operation=lambda parts: {
            "operation": "UPDATE",
            "target": parts["memories"][0]["id"],
            "text": "Ana's home is Ghent, after Porto.",
        },
    )
    with mnesis.open(recipe="mem0", embedder="none", mind=mind) as space:
        told(
            space,
            ("I have a flat in Porto.", "2025-01-09"),
            ("Boxes everywhere! But Ghent it is.", "2026-03-02"),
            questions=9,
        )
        assert mind.purposes() == ["facts", "facts", "operation"]
        assert texts(space, "What is Ana's home?", k=1) == ["Ana's home is Ghent, after Porto."]
        assert "I have a flat in Porto." not in texts(space, "flat in Porto", k=20)
        assert "I have a flat in Porto." in texts(space, "flat in Porto", valid_at="2025-06-01")
        assert "Boxes everywhere! But Ghent it is." in texts(space, "Boxes everywhere")  # what was said stays


def test_without_an_answer_the_turn_is_kept(script: Any) -> None:
    mind = script(facts="not a list")
    with mnesis.open(recipe="mem0", embedder="none", mind=mind) as space:
        told(space, ("I live in Porto.", "2025-01-09"), questions=9)
        assert [(each.text, each.type) for each in space.cubes()] == [("I live in Porto.", "episodic")]
