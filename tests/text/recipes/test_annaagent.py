"""AnnaAgent: what is said now, how it has been lately, and all there ever was; feelings that go on from the last."""

from __future__ import annotations

from typing import Any

import mnesis
from mnesis import Event, Space

SESSIONS = (
    ("1", "2026-01-05", ("I cry every night, I am so sad and lonely.", "My sister moved to Norway and I miss her.")),
    ("2", "2026-01-12", ("I am afraid of the exam and so worried.", "The anxious nights are about the exam.")),
    ("3", "2026-01-19", ("I passed the exam, I am so happy and proud!", "We celebrated, it was wonderful.")),
)


def live(space: Space, upto: int = 3, **given: Any) -> None:
    for session, at, texts in SESSIONS[:upto]:
        space.remember([Event(text, "Mia", at, session=session, role="user") for text in texts], **given)
        space.tend(**given)


def notes(space: Space, **when: Any) -> list[Any]:
    made = [cube for cube in space.cubes(**when) if cube.made_by == "text.tend.status"]
    return sorted(made, key=lambda cube: cube.valid_from)


def test_rules_write_how_it_is_after_each_session_and_it_evolves() -> None:
    with mnesis.open(recipe="annaagent", embedder="none") as space:
        live(space)
        first, second, third = notes(space)
        assert (first.mood, second.mood, third.mood) == ("sadness", "fear", "joy")
        assert second.meta["emotion"]["sadness"] > second.meta["own"].get("sadness", 0)  # the first goes on in it
        assert third.meta["emotion"]["fear"] > 0
        assert "Norway" not in third.text
        hits = space.recall("How is Mia?")
        lately = {hit.why["lately"]: hit.cube.mood for hit in hits if "lately" in hit.why}
        assert lately[max(lately)] == "joy"
        assert space.tend() == []
        assert space.verify().ok


def test_three_stores_answer_together() -> None:
    with mnesis.open(recipe="annaagent", embedder="none") as space:
        live(space)
        space.remember([f"Bread number {n} cost money." for n in range(30)], session="shop", at="2026-01-02")
        space.remember(Event("Now I look for a flat.", "Mia", "2026-01-26", session="4", role="user"))
        hits = space.recall("Who moved to Norway?", k=5)
        assert hits[0].text == SESSIONS[0][2][1]  # long term: searched
        hits = space.recall("Which bread cost money?", k=10)
        assert any("lately" in hit.why for hit in hits)  # short term
        assert "Now I look for a flat." in [hit.text for hit in hits]  # what is being said now


def test_it_was_otherwise_then() -> None:
    with mnesis.open(recipe="annaagent", embedder="none") as space:
        live(space, upto=1)
        then = space.head().seq
        live(space)
        assert [cube.mood for cube in notes(space, as_of=then)] == ["sadness"]
        hits = space.recall("How is Mia?", as_of=then)
        assert {hit.cube.mood for hit in hits if "lately" in hit.why} == {"sadness"}


def test_a_late_word_to_an_early_session_goes_on_through_the_later_ones() -> None:
    with mnesis.open(recipe="annaagent", embedder="none") as space:
        live(space)
        before = notes(space)[1].meta["emotion"]
        space.remember(Event("I was so happy with her, we laughed.", "Mia", "2026-01-05", session="1", role="user"))
        space.tend()
        after = notes(space)[1].meta["emotion"]
        assert after.get("joy", 0) > before.get("joy", 0)
        assert len(notes(space)) == 3
        assert space.tend() == []


def test_a_mind_names_the_trouble(script: Any) -> None:
    zero = dict.fromkeys(("joy", "acceptance", "fear", "surprise", "sadness", "disgust", "anger", "anticipation"), 0.0)
    mind = script(
        emotion=lambda parts: {**zero, "fear": 0.8} if "exam" in parts["text"] else {**zero, "sadness": 0.8},
        summary=lambda parts: "An exam looms." if "exam" in parts["texts"][0] else "Her sister is gone.",
    )
    with mnesis.open(recipe="annaagent", embedder="none", mind=mind) as space:
        live(space, upto=2, questions=9)
        assert [cube.text for cube in notes(space)] == [
            "Feels sadness above all. Her sister is gone.",
            "Feels fear above all. An exam looms.",
        ]
        assert {"emotion", "summary"} == set(mind.purposes())
