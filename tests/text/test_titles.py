"""text.titles: what a text is about, and where a text names what others are about."""

from __future__ import annotations

import pytest

from mnesis.text.titles import key, longest, spans, title
from mnesis.words import MemCube


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ida Brandt (1880-1950) was an engineer.", "Ida Brandt"),
        ("The Vela Lighthouse is old.", "The Vela Lighthouse"),
        ("University of Lisbon, founded in 1911, is large.", "University of Lisbon"),
        ("Ångström was a physicist.", "Ångström"),
        ("She was an engineer.", ""),
        ("we went to Lisbon", ""),
        ("Yesterday it rained.", ""),
        ("", ""),
    ],
)
def test_a_text_is_about_the_name_it_opens_with(text: str, expected: str) -> None:
    assert title(MemCube("a", text)) == expected


def test_a_title_that_is_given_comes_before_headings_and_these_before_the_opening() -> None:
    text = "Ida Brandt was an engineer."
    assert title(MemCube("a", text, meta={"title": " Vela ", "headings": ["Port", "Bridge"]})) == "Vela"
    assert title(MemCube("a", text, meta={"headings": ["Port", "Bridge"]})) == "Bridge"
    assert title(MemCube("a", text, meta={"title": 7, "headings": "Port"})) == "Ida Brandt"


def test_what_is_said_in_a_conversation_has_no_title() -> None:
    assert title(MemCube("a", "Ida Brandt was here.", session="s")) == ""
    assert title(MemCube("a", "Ida Brandt was here.", speaker="Tom")) == ""


def test_titles_meet_without_brackets_case_accents_and_possessives() -> None:
    assert key("Vela (ship)") == key("VELA") == key("Vela’s") == "entity:vela"
    assert key("São Tomé") == "entity:sao tome"
    assert key("(1984)") == "entity:1984"
    assert key("") == key("¿?") == key("one two three four five six seven eight nine") == ""


def test_prose_names_by_capitals_and_questions_by_any_word() -> None:
    text = "the designer of vela lighthouse"
    assert "entity:vela lighthouse" not in spans(text)
    assert "entity:vela lighthouse" in spans(text, prose=False)
    assert spans("of the and a", prose=False).keys().isdisjoint({"entity:the", "entity:of", "entity:a"})


def test_the_longest_title_that_stands_in_a_place_is_meant() -> None:
    text = "Vela Lighthouse stands on Vela."
    places = {node: at for node, at in spans(text).items() if node in ("entity:vela lighthouse", "entity:vela")}
    assert list(longest(places)) == ["entity:vela lighthouse"]
    places = spans("Tom Grey met Ida Brandt")
    wanted = {node: places[node] for node in ("entity:ida brandt", "entity:tom grey", "entity:ida")}
    assert list(longest(wanted)) == ["entity:tom grey", "entity:ida brandt"]
