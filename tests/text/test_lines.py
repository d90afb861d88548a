"""text.lines: how a hit is written, counted and cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnesis.text.lines import chosen, estimate, packed, shortened, written
from mnesis.words import Hit, MemCube, moment


def words(text: str) -> int:
    return len(text.split())


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("", 0, 0),
        ("Ana moved to Lisbon in 2026.", 7, 9),
        ("internationalization", 3, 5),
        ("1234567890", 4, 10),
        ("我昨天搬到里斯本了", 9, 14),
        ("Вчера я переехал в Лиссабон", 9, 16),
        ("👍🏽 great!!", 3, 8),
        ("   \n\n   ", 1, 4),
    ],
)
def test_the_estimate_is_near_what_encoders_say(text: str, low: int, high: int) -> None:
    assert low <= estimate(text) <= high


@given(st.text(), st.text())
def test_the_estimate_of_two_texts_on_two_lines_is_their_sum_and_the_break(one: str, other: str) -> None:
    one, other = one.strip(), other.strip()
    assert estimate(one + "\n" + other) <= estimate(one) + estimate(other) + 1


def test_a_line_says_when_and_who_where_it_is_known() -> None:
    cube = MemCube("1", "I moved to Lisbon.", speaker="Ana", valid_from=moment("2026-03-02T10:00:00+01:00"))
    assert written(cube) == "[2026-03-02] Ana: I moved to Lisbon."
    assert written(MemCube("1", "  Tides are high. ")) == "Tides are high."
    assert written(MemCube("1", "def f():\n    return 1", speaker="Tom")) == "Tom: def f():\n      return 1"


def test_hits_that_read_the_same_share_one_line_that_names_both() -> None:
    hits = [Hit(MemCube(name, "It rains.", sources=(f"s{name}",), events=(f"e{name}",)), 1.0) for name in "ab"]
    context = packed(hits, 100, estimate, lambda placed: placed)
    assert [line.cubes for line in context] == [("a", "b")]
    assert context.lines[0].sources == ("sa", "sb")
    assert context.lines[0].events == ("ea", "eb")
    assert context.left_out == 0


def test_what_does_not_fit_is_left_out_and_the_next_is_tried() -> None:
    hits = [Hit(MemCube(str(n), "word " * n), 1.0) for n in (3, 9, 2)]
    placed, left_out = chosen(hits, 5, words)
    assert [each.hit.cube.id for each in placed] == ["3", "2"]
    assert left_out == 1


def test_the_first_is_cut_at_a_sentence() -> None:
    cube = MemCube("1", "I moved to Lisbon. It was raining all day long. My cat did not like it at all.")
    assert shortened(cube, 10, words) == "I moved to Lisbon. It was raining all day long.…"


def test_or_at_a_word_when_the_sentence_would_end_too_early() -> None:
    cube = MemCube("1", "Oh. The house that we saw on the hill above the river was sold to somebody else.")
    assert shortened(cube, 10, words) == "Oh. The house that we saw on the hill above…"


def test_or_anywhere_when_there_are_no_words() -> None:
    assert shortened(MemCube("1", "x" * 1000), 8, len) == "xxxxxxx…"


def test_day_and_speaker_give_way_when_they_alone_are_too_long() -> None:
    cube = MemCube("1", "I moved to Lisbon.", speaker="Ana", valid_from=moment("2026-03-02"))
    assert shortened(cube, 8, len) == "Ana: I…"
    assert shortened(cube, 5, len) == "I…"
    assert shortened(cube, 0, len) == ""


def test_ten_megabytes_are_cut_without_being_read_to_the_end() -> None:
    counted = 0

    def count(text: str) -> int:
        nonlocal counted
        counted += len(text)
        return words(text)

    text = "many words " * 1_000_000
    assert words(shortened(MemCube("1", text), 50, count)) == 50
    assert counted < 1_000_000
