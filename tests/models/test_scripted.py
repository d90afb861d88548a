from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
import pytest

from mnesis.drive import Ask, run
from mnesis.errors import BadInput
from mnesis.models.scripted import scripted


def test_texts_that_share_words_are_closer() -> None:
    tea, please, car = scripted().embed(["a cup of green tea", "green tea, please", "the red car broke down"])
    assert tea @ please > tea @ car + 0.2


def test_given_vectors_are_made_unit_and_others_are_hashed() -> None:
    mind = scripted(vectors={"north": [0, 3], "east": [2, 0]})
    np.testing.assert_array_equal(mind.embed(["north", "east"]), [[0, 1], [1, 0]])
    assert mind.embed(["elsewhere"]).shape == (1, 2)


def test_other_vectors_make_another_name() -> None:
    names = {scripted().name, scripted(dim=8).name}
    names |= {scripted(vectors={"a": [1, 0]}).name, scripted(vectors={"a": [0, 1]}).name}
    assert len(names) == 4
    assert scripted(vectors={"a": [1, 0]}).name in names


@pytest.mark.parametrize(
    "options",
    [
        {"dim": 0},
        {"vectors": {"a": [1, 2], "b": [1, 2, 3]}},
        {"vectors": {"a": [0, 0]}},
        {"vectors": {"a": [float("nan"), 1]}},
        {"vectors": {"a": [1, 2]}, "dim": 3},
    ],
)
def test_vectors_that_cannot_be_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        scripted(**options)


def test_replies_come_in_turn_and_questions_are_kept() -> None:
    mind: Any = scripted(replies=["yes", "no"])

    def two_questions() -> Any:
        first = yield Ask("a test", {"text": "first?"})
        second = yield Ask("a test", {"text": "second?"})
        return first, second

    assert run(two_questions(), mind.answer) == ("yes", "no")
    assert [ask.parts["text"] for ask in mind.asked] == ["first?", "second?"]
    with pytest.raises(BadInput, match="2 replies"):
        mind.answer(Ask("a test", {"text": "third?"}))


def test_an_awaited_reply_is_the_same_script() -> None:
    mind: Any = scripted(replies=["yes"])
    assert asyncio.run(mind.aanswer(Ask("a test"))) == "yes"


def test_answers_are_given_by_purpose_and_the_rest_in_turn() -> None:
    mind = scripted(
        replies=["first", "second"], answers={"topic": "boats", "count": lambda ask: len(ask.parts["text"])}
    )
    assert [mind.answer(Ask(each, {"text": "abc"})) for each in ("topic", "other", "count", "other")] == [
        "boats",
        "first",
        3,
        "second",
    ]
    assert len(mind.asked) == 4
    echo: Any = scripted(answers=lambda ask: ask.purpose)
    assert echo.answer(Ask("any")) == "any"
