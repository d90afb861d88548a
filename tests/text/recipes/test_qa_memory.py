"""QA-Memory: questions as keys, answers as values."""

from __future__ import annotations

from typing import Any

import mnesis

HOME = "Where is the head office of Larch?"


def test_a_question_meets_its_key_where_the_text_shares_no_word(script: Any) -> None:
    pairs = {
        "After the flood we all packed up for Ghent.": [{"question": HOME, "answer": "Ghent"}],
        "Looms are noisy in every office.": [],
    }
    mind = script(questions=lambda parts: pairs[parts["text"]])
    with mnesis.open(recipe="qa_memory", embedder="none", mind=mind) as space:
        for n, text in enumerate(pairs):
            space.remember(text, source=f"s{n}", questions=3)
        best = space.recall("Where does Larch have its head office?", k=1)[0]
        assert best.text == f"{HOME} Ghent"
        assert best.cube.meta["pair"]["answer"] == "Ghent"
        assert best.sources == ("s0",)
        assert best.cube.parents


def test_a_key_is_written_anew_when_its_answer_changes(script: Any) -> None:
    answers = iter(["Ghent", "Porto"])
    mind = script(questions=lambda parts: [{"question": HOME, "answer": next(answers)}], conflict=True)
    with mnesis.open(recipe="qa_memory", embedder="none", mind=mind) as space:
        space.remember("We are in Ghent.", at="2025-01-09", questions=3)
        space.remember("Hello from Porto.", at="2026-03-02", questions=3)
        assert mind.purposes() == ["questions", "questions", "conflict"]
        pairs = [hit.text for hit in space.recall(HOME, k=9) if hit.cube.type == "semantic"]
        assert pairs == [f"{HOME} Porto"]
        then = space.recall(HOME, valid_at="2025-06-01")[0]
        assert then.text == f"{HOME} Ghent"


def test_rules_write_pairs_of_plain_statements() -> None:
    with mnesis.open(recipe="qa_memory", embedder="none") as space:
        space.remember("Tom lives in Porto.", at="2025-01-09", source="s0")
        pairs = [each.meta["pair"] for each in space.cubes() if "pair" in each.meta]
        assert [each["answer"] for each in pairs]
        assert all("Porto" in each["answer"] or "Tom" in each["answer"] for each in pairs)
        assert space.recall("Where does Tom live?", k=1)[0].sources == ("s0",)


def test_where_nothing_can_be_asked_the_text_is_kept() -> None:
    with mnesis.open(recipe="qa_memory", embedder="none") as space:
        space.remember("Hm, rain and wind and rain!")
        assert [each.text for each in space.cubes() if "pair" not in each.meta] == ["Hm, rain and wind and rain!"]
