"""Exchanges: a question stays with its answer."""

from __future__ import annotations

import pytest

from mnesis.text.parse.exchanges import exchanges
from mnesis.words import Event

NAMES = frozenset({"Ana", "Tom"})


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Q: How many?\nA: Seven.\nQ: When?\nA: In May.", ["Q: How many?\nA: Seven.", "Q: When?\nA: In May."]),
        ("Q1: a?\nA1: b.\n\nQ2: c?\nA2: d.", ["Q1: a?\nA1: b.", "Q2: c?\nA2: d."]),
        (
            "User: list two\nAssistant: one\ntwo\nUser: thanks\nAssistant: welcome",
            ["User: list two\nAssistant: one\ntwo", "User: thanks\nAssistant: welcome"],
        ),
        ("**User:** hi\n**Assistant:** hello\n**User:** bye\n**Assistant:** bye", None),
        (
            "Ana: Where were you?\nTom: At sea.\nAna: Nice.\nAna: With whom?\nTom: Alone.",
            ["Ana: Where were you?\nTom: At sea.\nAna: Nice.", "Ana: With whom?\nTom: Alone."],
        ),
        (
            "Log of Monday\nQ: How many?\nA: Seven.\nQ: When?\nA: In May.\nQ: Why?",
            ["Log of Monday\nQ: How many?\nA: Seven.", "Q: When?\nA: In May.\nQ: Why?"],
        ),
        (
            "Who are you? I am Ana. Where do you live? In Lisbon. It is warm.",
            ["Who are you? I am Ana.", "Where do you live? In Lisbon. It is warm."],
        ),
        (
            "お名前は？アナです。どこに住んでいますか？東京です。",
            ["お名前は？アナです。", "どこに住んでいますか？東京です。"],
        ),
    ],
    ids=lambda value: str(value)[:15],
)
def test_questions_with_their_answers(text: str, parts: list[str] | None) -> None:
    cubes = exchanges()(Event(text, id="e1"), "n", NAMES)
    if parts is None:
        assert len(cubes) == 2
        return
    assert [each.text for each in cubes] == parts


@pytest.mark.parametrize(
    "text",
    [
        "I moved to Lisbon.",
        "I moved! How are you?",
        "Great! How are you? I am fine.",
        "I did. What about you? How was it?",
        "Note: buy milk\nNote: buy bread",
        "Time: 10:30\nPlace: Porto",
    ],
)
def test_everything_else_is_kept_whole(text: str) -> None:
    (cube,) = exchanges()(Event(text, id="e1"), "n", NAMES)
    assert (cube.id, cube.text) == ("e1", text)


def test_the_question_is_a_key_of_its_own() -> None:
    first = exchanges()(Event("Q: How many?\nA: Seven.\nQ: When?\nA: In May.", id="e1"), "n")[0]
    assert first.keys == ("Q: How many?\nA: Seven.", "Q: How many?")
