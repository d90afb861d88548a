"""Core memories come unasked, those of the person a question names before others."""

from __future__ import annotations

from mnesis import Space
from mnesis.text.find.always import always
from mnesis.text.find.words import words
from mnesis.text.pack.by_type import by_type
from mnesis.text.rank import chain
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.text.rank.reserved import reserved
from mnesis.text.recipes.verbatim import verbatim
from mnesis.words import replace


def opened(few: int = 6) -> Space:
    recipe = replace(
        verbatim(),
        find=(words(), always(few)),
        rank=chain(reciprocal_rank(columns=("words",)), reserved()),
        pack=by_type(30),
    )
    return Space(recipe=recipe, embedder="none")


def test_a_core_memory_takes_the_last_place_and_stands_first_in_the_context() -> None:
    with opened() as space:
        space.remember("My name is Ana.", speaker="Ana", type="core")
        space.remember([f"The boat needs paint, coat number {n}." for n in range(20)])
        hits = space.recall("What does the boat need?", k=10)
        assert [hit.text for hit in hits].index("My name is Ana.") == 9
        assert "My name is Ana." not in [hit.text for hit in space.recall("What does the boat need?", k=3)]
        context = space.context("What does the boat need?", budget=200, k=15)
        assert context.lines[0].text == "Ana: My name is Ana."


def test_the_person_a_question_names_comes_first() -> None:
    with opened(few=1) as space:
        space.remember("I am a nurse.", speaker="Ana", type="core")
        space.remember("I am a cook.", speaker="Tom", type="core")
        assert [hit.text for hit in space.recall("What about Ana?")] == ["I am a nurse."]
        assert [hit.text for hit in space.recall("Boats?")] == ["I am a cook."]


def test_core_memories_stay_within_their_bound() -> None:
    with opened(few=20) as space:
        space.remember([f"I always want answers of kind number {n}." for n in range(20)], type="core")
        space.remember("The boat is red.")
        context = space.context("What colour is the boat?", budget=60, k=30)
        assert sum("always" in line.text for line in context) < 6
        assert "The boat is red." in context.text
        assert context.tokens <= 60
