"""Entities: which words are names, and which only look like it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mnesis.store.ram import RamStore
from mnesis.text.link.entities import entities
from mnesis.words import Add, MemCube

AT = datetime(2023, 6, 14, tzinfo=UTC)


def named(text: str, speaker: str = "", standing: str = "") -> list[str]:
    store = RamStore()
    if standing:
        old = MemCube("old", "Hi.", "n", speaker=standing)
        store.commit([Add(old)], author="t", reason="r", at=AT, namespace="n")
    links = entities()([MemCube("c", text, "n", speaker=speaker, valid_from=AT)], store.view("n"))
    store.close()
    assert all(link.tail.startswith("entity:") and link.head == "c" for link in links)
    return [link.tail.removeprefix("entity:") for link in links if link.kind == "mentions"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("I flew to New York with Tom.", ["new york", "tom"]),
        ("She studied at the University of Lisbon.", ["university of lisbon"]),
        ("I like Vincent van Gogh and R&B.", ["vincent van gogh", "r&b"]),
        ("We drove Ana's Toyota.", ["ana", "toyota"]),
        ("The NASA and Łódź, too.", ["nasa", "łódź"]),
        ("I read Война и мир by Лев Толстой.", ["война", "лев толстой"]),
        ("Great news! Thanks. Yes, I think so.", []),
        ("Yesterday I met nobody. On Friday, 7 May 2023, I slept.", []),
        ("We met last June. In August it rained.", []),
        ("Lisbon is warm.", []),
        ("Lisbon is warm. I love Lisbon.", ["lisbon"]),
        ("Lisbon's trams are yellow.", ["lisbon"]),
        ("Of course. I saw Tom. of the Alps", ["tom", "alps"]),
        ("昨日、東京で会いました。", []),
        ("", []),
    ],
)
def test_names_in_a_text(text: str, names: list[str]) -> None:
    assert named(text) == names


def test_a_known_speaker_is_a_name_anywhere() -> None:
    assert named("Ana sails.") == []
    assert named("Ana sails.", standing="Ana") == ["ana"]
    assert named("Surely Ana sails.", standing="Ana") == ["ana"]


def test_the_speaker_said_it() -> None:
    store = RamStore()
    links = entities()([MemCube("c", "Hi.", "n", speaker=" Tom  Grey ")], store.view("n"))
    assert [(link.head, link.kind, link.tail) for link in links] == [("c", "said_by", "entity:tom grey")]
    store.close()
