"""Turns: whole and word for word, with keys an embedder can read and the days they speak of."""

from __future__ import annotations

import re

import pytest

from mnesis.errors import BadInput
from mnesis.text.parse.turns import turns
from mnesis.words import Event

NAMES = frozenset({"Ana", "Tom Grey"})


def test_the_text_is_verbatim_and_the_key_has_no_names() -> None:
    text = "  Wow, ana's kayak!\n\nTom Grey  saw it. "
    (cube,) = turns()(Event(text, id="e1"), "n", NAMES)
    assert (cube.id, cube.text) == ("e1", text)
    assert not re.search(r"ana|tom|grey", " ".join(cube.keys), re.IGNORECASE)
    assert "kayak" in cube.keys[0]


@pytest.mark.parametrize("text", ["Ana!", "Ana, Tom?", "Tom Grey"])
def test_a_text_of_names_only_keeps_them(text: str) -> None:
    assert turns()(Event(text, id="e1"), "n", NAMES)[0].keys == (text,)


@pytest.mark.parametrize("text", ["Bananas are fine.", "An analysis of tombs in greyer light."])
def test_a_name_inside_a_word_is_no_name(text: str) -> None:
    assert turns()(Event(text, id="e1"), "n", NAMES)[0].keys == (text,)


def test_many_names_are_taken_out_too() -> None:
    names = frozenset(f"Name{n}" for n in range(500)) | NAMES
    parse = turns()
    assert parse(Event("I told Name77 of it.", id="e1"), "n", names)[0].keys == ("I told of it.",)
    assert parse(Event("I told nobody of it.", id="e1"), "n", names)[0].keys == ("I told nobody of it.",)


def test_a_long_turn_has_keys_that_end_where_sentences_do() -> None:
    text = " ".join(f"This is sentence number {n} of a long story." for n in range(100))
    (cube,) = turns(words=50)(Event(text, id="e1"), "n")
    assert len(cube.keys) > 10
    assert all(len(key.split()) <= 50 and key.endswith(".") for key in cube.keys)
    assert " ".join(cube.keys) == text


@pytest.mark.parametrize("text", ["word " * 1000, "".join(map(str, range(5000))), "東京で会いました" * 500])
def test_a_long_turn_without_sentences_is_cut_all_the_same(text: str) -> None:
    (cube,) = turns()(Event(text, id="e1"), "n")
    assert all(0 < len(key) <= 1600 for key in cube.keys)
    assert cube.keys[0] == text[: len(cube.keys[0])]
    assert cube.keys[-1] == text.strip()[-len(cube.keys[-1]) :]


def test_equal_pieces_are_one_key() -> None:
    (cube,) = turns(words=2)(Event("Ho ho. Ho ho. Ho ho. Hey.", id="e1"), "n")
    assert cube.keys == ("Ho ho.", "Hey.")


def test_what_an_image_shows_can_be_found() -> None:
    (cube,) = turns()(Event("Look!", id="e1", meta={"image_caption": "a photo of a lemon tree"}), "n")
    assert cube.text == "Look!"
    assert "lemon tree" in cube.keys[0]


def test_days_are_noted_only_when_there_are_any() -> None:
    parse = turns()
    assert dict(parse(Event("Nothing yet.", id="e1", at="2023-06-14"), "n")[0].meta) == {}
    dated = parse(Event("Yesterday, and before 1990.", id="e1", at="2023-06-14", meta={"a": 1}), "n")[0].meta
    assert dated == {"a": 1, "dates": [[19521.0, 19522.0], [-719162.0, 7305.0]]}


def test_no_words_are_no_option() -> None:
    with pytest.raises(BadInput, match="words=0"):
        turns(words=0)
