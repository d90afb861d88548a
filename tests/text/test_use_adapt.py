"""A cited memory rises for its question and for ones like it, and everything else stays as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mnesis import Space
from mnesis.errors import BadInput
from mnesis.text.rank import chain
from mnesis.text.rank.adapted import adapted
from mnesis.text.recipes.verbatim import verbatim
from mnesis.text.use.adapt import adapt
from mnesis.words import replace

TOLD = (
    "The boat needs a new engine before summer.",
    "Tom sold the boat to pay for the flat.",
    "The boat race on the river was cancelled.",
    "My sister painted the boat green.",
    "The museum opens at nine on Sundays.",
    "The museum café serves good soup.",
    "The cat sleeps on the radiator.",
)
ASKED = "What happened to the boat?"


@pytest.fixture(params=["none", "static"])
def space(request: pytest.FixtureRequest) -> Iterator[Space]:
    recipe = verbatim()
    recipe = replace(recipe, rank=chain(recipe.rank, adapted()), use=(adapt(),))
    with Space(recipe=recipe, embedder=request.param) as made:
        made.remember(list(TOLD))
        yield made


def order(space: Space, question: str) -> list[str]:
    return [hit.text for hit in space.recall(question, k=7)]


def test_a_cited_memory_rises(space: Space) -> None:
    before = order(space, ASKED)
    last = [text for text in before if "boat" in text][-1]
    (wanted,) = (hit for hit in space.recall(ASKED) if hit.text == last)
    places = [before.index(last)]
    for _ in range(6):
        space.cite(ASKED, [wanted])
        places.append(order(space, ASKED).index(last))
    assert places == sorted(places, reverse=True)
    assert places[1] < places[0] or places[2] < places[0]
    assert places[-1] == 0
    hit = space.recall(ASKED)[0]
    assert hit.why["adapted"] > 0


def test_a_question_like_it_learns_with_it_and_others_do_not(space: Space) -> None:
    like, other = "Did anything happen to that boat of his?", "When does the museum open?"
    sold = "Tom sold the boat to pay for the flat."
    was, kept = order(space, like).index(sold), order(space, other)[:2]
    for _ in range(4):
        space.cite(ASKED, [hit for hit in space.recall(ASKED) if hit.text == sold])
    assert order(space, ASKED)[0] == sold
    assert order(space, like).index(sold) < was or was == 0
    assert order(space, other)[:2] == kept


def test_learning_slows_down_once_the_choice_is_right(space: Space) -> None:
    wanted = space.recall(ASKED)[1]
    gains = []
    for _ in range(40):
        space.cite(ASKED, [wanted])
        gains.append(next(hit.why["adapted"] for hit in space.recall(ASKED) if hit.cube.id == wanted.cube.id))
    assert gains[-1] - gains[-2] < (gains[1] - gains[0]) / 3
    assert space.verify().ok


def test_what_was_learned_is_seen_as_of_any_commit_and_can_be_taken_back(space: Space) -> None:
    first = order(space, ASKED)
    commit = space.head().seq
    for _ in range(4):
        space.cite(ASKED, [space.recall(ASKED)[-1]])
    assert order(space, ASKED) != first
    assert [hit.text for hit in space.recall(ASKED, k=7, as_of=commit)] == first
    space.rollback(to=commit)
    assert order(space, ASKED) == first


def test_all_or_nothing_teaches_nothing(space: Space) -> None:
    hits = space.recall(ASKED, k=3)
    assert space.cite(ASKED, hits, k=3) is None
    assert space.cite(ASKED, [], k=3) is None


def test_the_numbers_never_come_themselves(space: Space) -> None:
    space.cite(ASKED, space.recall(ASKED)[:1])
    kept = [cube for cube in space.cubes() if cube.kind == "weights"]
    assert len(kept) == 1
    assert kept[0].id not in [hit.cube.id for hit in space.recall("what citations taught", k=50)]


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(BadInput, match="above 0"):
        adapt(rate=0.0)
