"""What rules read off a text: relations, and the things it speaks of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnesis.text.triples import phrases, plain, triples

READ = [
    ("I moved to Lisbon in March.", "Ana", [("ana", "moved to", "lisbon"), ("ana", "moved in", "march")]),
    ("My sister owns a red boat.", "Ana", [("ana's sister", "owns", "red boat")]),
    ("Ana's sister is Maria.", "", [("ana's sister", "is", "maria"), ("ana", "sister", "maria")]),
    ("Lisbon is the capital of Portugal.", "", [("lisbon", "is", "capital"), ("lisbon", "is capital of", "portugal")]),
    ("Tom doesn't work at the clinic.", "", [("tom", "does not work at", "clinic")]),
    ("John picked up the football there.", "", [("john", "picked up", "football")]),
    ("Inside the chest is a brass key.", "", [("brass key", "is inside", "chest")]),
    ("Mara Quist was born in Aarhus, and lives in Ribe.", "", [("mara quist", "lives in", "ribe")]),
    ("Pim Aster, a Dutch painter, won the prize.", "", [("pim aster", "is", "dutch painter")]),
    ("Where is Tom?", "", []),
    ("| Name | City |\n| --- | --- |\n| Tom | Oslo |\n| Ana | Porto |", "", [("ana", "city", "porto")]),
    ("# Boat\n- **colour**: red\n- owner: Tom Grey", "", [("boat", "colour", "red"), ("boat", "owner", "tom grey")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "speaker", "wanted"), READ)
def test_relations_are_read_off_plain_clauses_tables_and_lists(
    text: str, speaker: str, wanted: list[tuple[str, ...]]
) -> None:
    found = [tuple(each) for each in triples(text, speaker)]
    assert [each for each in wanted if each not in found] == []
    assert wanted or not found


def test_what_a_text_is_about_stands_for_pronouns() -> None:
    assert ("harbour lights", "was written by", "mara quist") in triples(
        "It was written by Mara Quist.", "", "Harbour Lights"
    )
    assert triples("It was written by Mara Quist.") == []


def test_things_are_named_without_small_words_and_verbs() -> None:
    assert phrases("I painted the old red boat and we went back to the harbour.") == ["old red boat", "harbour"]
    assert phrases("") == phrases("the of and") == []
    assert plain("The Boats") == "boats"
    assert plain("some boats") == "boat"


@given(st.text(max_size=200), st.text(max_size=10))
def test_any_text_is_read_the_same_twice(text: str, speaker: str) -> None:
    found = triples(text, speaker)
    assert found == triples(text, speaker)
    assert all(each.subject and each.object and each.subject != each.object for each in found)
    assert len(set(found)) == len(found)
    assert all(phrases(text))
