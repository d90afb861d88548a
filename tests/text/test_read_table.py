"""Tables: columns by name, separators sniffed, rows that do not fit told by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from mnesis.errors import BadInput, UnknownName
from mnesis.text.read.table import table


def write(folder: Path, text: str, name: str = "notes.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode("utf-8"))
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_sniffed(separator: str, tmp_path) -> None:
    rows = [
        ["who", "text", "day"],
        ["Ana", "hello there. how are you", "2026-03-02"],
        ["Tom", "fine - thanks", "2026-03-03"],
    ]
    path = write(tmp_path, "\n".join(separator.join(row) for row in rows))
    records = list(table(speaker="who", at="day")(path))
    assert [(each.event.speaker, each.event.text) for each in records] == [
        ("Ana", "hello there. how are you"),
        ("Tom", "fine - thanks"),
    ]


def test_columns_are_taken_by_their_own_names(tmp_path) -> None:
    head = "text,speaker,at,source,session,role,place,namespace"
    path = write(tmp_path, f"{head}\nhi,Ana,02/03/2026,m1,s1,user,Porto,ana\n")
    (record,) = table()(path)
    event = record.event
    assert (event.text, event.speaker, event.source, event.session, event.role) == ("hi", "Ana", "m1", "s1", "user")
    assert (event.place, event.at.isoformat()[:10], record.namespace) == ("Porto", "2026-03-02", "ana")


def test_quoted_fields_keep_their_lines_and_their_place(tmp_path) -> None:
    path = write(tmp_path, 'text\r\n"one\r\ntwo, ""three"""\r\n\r\nfour\r\n')
    records = list(table()(path))
    assert [each.event.text for each in records] == ['one\r\ntwo, "three"', "four"]
    assert [each.where for each in records] == ["notes.csv:2", "notes.csv:5"]


def test_a_wrong_column_is_an_error_with_the_near_match(tmp_path) -> None:
    path = write(tmp_path, "message,author\nhi,Ana\n")
    with pytest.raises(UnknownName, match="'message'"):
        list(table(text="mesage")(path))
    with pytest.raises(BadInput, match="text=…; its columns are: message, author"):
        list(table()(path))


def test_rows_that_do_not_fit_are_told(tmp_path) -> None:
    path = write(tmp_path, "text,at\nfirst,2026-03-02\ntoo,many,fields\n,2026-03-02\nodd day,soon\nlast,\n")
    records = list(table()(path))
    assert [each.where for each in records if not each.event] == ["notes.csv:3", "notes.csv:4", "notes.csv:5"]
    assert "3 fields where the header has 2" in records[1].problem
    assert [each.event.text for each in records if each.event] == ["first", "last"]


def test_a_field_of_a_megabyte_is_read_whole(tmp_path) -> None:
    text = "a long story " * 80_000
    (record,) = table()(write(tmp_path, f"text\n{text}\n"))
    assert record.event.text == text.strip()
