"""What happened before, after or during something else is found by the time of that."""

from __future__ import annotations

import pytest

from mnesis import Space
from mnesis.text.find.anchored import anchored
from mnesis.text.find.words import words
from mnesis.text.rank import chain
from mnesis.text.rank.lifted import lifted
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.text.recipes.verbatim import verbatim
from mnesis.words import Event, replace

LIFE = [
    ("2026-01-10", "I sold the old bicycle."),
    ("2026-03-01", "The trip to Porto was wonderful, three days of sun."),
    ("2026-03-02", "On the second day in town we ate at the harbour."),
    ("2026-03-20", "I bought a violin."),
    ("2026-11-01", "I bought a kayak."),
]


@pytest.fixture
def space() -> Space:
    rank = chain(reciprocal_rank(columns=("words",)), lifted("anchored", 0.5))
    made = Space(recipe=replace(verbatim(), find=(words(), anchored()), rank=rank), embedder="none")
    made.remember([Event(text, speaker="Ana", at=day) for day, text in LIFE])
    return made


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What was bought after the trip to Porto?", LIFE[3][1]),
        ("What had Ana bought or sold before the trip to Porto?", LIFE[0][1]),
        ("Where did we eat during the trip to Porto?", LIFE[2][1]),
    ],
)
def test_the_side_of_the_event_that_is_asked_about_comes_first(space: Space, question: str, first: str) -> None:
    texts = [hit.text for hit in space.recall(question) if hit.text != LIFE[1][1]]
    assert texts[0] == first


def test_the_nearer_in_time_counts_more(space: Space) -> None:
    why = {hit.text: hit.why.get("anchored", 0.0) for hit in space.recall("What came after the trip to Porto?")}
    assert why[LIFE[2][1]] > why[LIFE[3][1]] > why[LIFE[4][1]] > 0
    assert LIFE[0][1] not in why


@pytest.mark.parametrize("question", ["What did Ana buy?", "What happened after the flood of the cellar?", "After?"])
def test_without_an_event_that_is_known_nothing_is_marked(space: Space, question: str) -> None:
    assert all("anchored" not in hit.why for hit in space.recall(question))
