"""Order against being lost in the middle: the best at both ends of the context."""

from __future__ import annotations

import mnesis

FACTS = (
    "The blue boat of Tom Grey is called Heron.",
    "Tom Grey has a blue boat.",
    "Tom Grey rows.",
    "The boat race is on Sunday.",
    "Blue paint is dear.",
)


def test_the_best_stand_first_and_last_and_the_weakest_in_the_middle() -> None:
    question = "What is the blue boat of Tom Grey called?"
    with mnesis.open(recipe="long_context_order", embedder="none") as space, mnesis.open(embedder="none") as plain:
        for each in (space, plain):
            each.remember(list(FACTS), at="2026-01-01")
        best = [hit.text for hit in space.recall(question)]
        assert best == [hit.text for hit in plain.recall(question)]  # what is found is the same
        lines = [line.text.split("] ")[-1] for line in space.context(question, k=5)]
        assert (lines[0], lines[-1]) == (best[0], best[1])
        assert lines[len(lines) // 2] == best[-1]
        assert [line.text.split("] ")[-1] for line in plain.context(question, k=5)] == best


def test_it_asks_nobody() -> None:
    class Silent:
        name = "mind/silent"

        def answer(self, ask: object) -> str:
            raise AssertionError("there was nothing to ask")

    with mnesis.open(recipe="long_context_order", embedder="none", mind=Silent()) as space:
        space.remember(list(FACTS), questions=9)
        assert space.context("Who rows?", questions=9).lines
