"""Emotional RAG: the mood of the asker changes what is recalled, by each of its strategies."""

from __future__ import annotations

from typing import Any

import pytest

from mnesis import Space, catalog
from mnesis.errors import BadInput
from mnesis.text.rank.mood import STRATEGIES

SAD = "At the lake with Tom I cried, so sad and alone."
HAPPY = "At the lake with Tom I laughed, so happy and glad."
PLAIN = "At the lake with Tom there was a boat."
GLAD, BLUE = (
    "What was it like at the lake with Tom? I am so happy!",
    "What was it like at the lake with Tom? I feel sad.",
)


def opened(strategy: str, mind: Any = None) -> Space:
    return Space(recipe=catalog.make("text.recipes.emotional_rag", strategy=strategy), embedder="none", mind=mind)


def order(space: Space, question: str, **given: Any) -> list[str]:
    return [hit.text for hit in space.recall(question, **given)]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_rules_let_a_mood_change_what_is_recalled(strategy: str) -> None:
    with opened(strategy) as space:
        space.remember([PLAIN, SAD, HAPPY])
        assert order(space, GLAD)[0] == HAPPY
        assert order(space, BLUE)[0] == SAD
        assert order(space, "What was it like at the lake with Tom?") == order(space, "What was it like at the lake?")


def test_the_mood_is_noted_with_the_memory() -> None:
    with opened("add") as space:
        plain, sad, happy = space.remember([PLAIN, SAD, HAPPY])
        assert (plain.mood, sad.mood, happy.mood) == ("", "sadness", "joy")
        assert "emotion" not in plain.meta
        assert happy.meta["emotion"]["joy"] > happy.meta["emotion"].get("sadness", 0)


def test_strategies_differ_in_what_comes_first() -> None:
    texts = [f"The harbour master sold boat number {n} in the harbour." for n in range(12)]
    far = "The weather in the harbour was fine all through the week, and we were glad and so happy."
    asked = "Which boat did the harbour master sell? How I laughed!"
    found = {}
    for strategy in ("meaning first", "mood first"):
        with opened(strategy) as space:
            space.remember([*texts, far])
            found[strategy] = order(space, asked, k=13).index(far)
    assert found["mood first"] < 10
    assert found["meaning first"] == 12  # it is not among the few best by meaning, so its mood does not matter


def test_a_mind_feels_what_no_word_shows(script: Any) -> None:
    zero = dict.fromkeys(("joy", "acceptance", "fear", "surprise", "sadness", "disgust", "anger", "anticipation"), 0.0)

    def feels(parts: Any) -> Any:
        dark = "rain" in parts["text"] or "slept badly" in parts["text"]
        return {**zero, "sadness": 0.9} if dark else {**zero, "joy": 0.9}

    mind = script(emotion=feels)
    with opened("add", mind) as space:
        space.remember(["We walked in the park in the rain.", "We walked in the park at noon."], questions=2)
        assert mind.purposes() == ["emotion", "emotion"]
        assert order(space, "I slept badly. Where did we walk in the park?", questions=1)[0].endswith("rain.")
        assert order(space, "I slept well. Where did we walk in the park?", questions=1)[0].endswith("noon.")


def test_an_unknown_strategy_is_refused() -> None:
    with pytest.raises(BadInput, match="there are: add"):
        catalog.make("text.rank.mood", strategy="loudest")
