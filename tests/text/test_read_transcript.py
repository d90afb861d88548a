"""Transcripts in the styles people keep them in."""

from __future__ import annotations

from pathlib import Path

import pytest

from mnesis.text.read import Record
from mnesis.text.read.transcript import transcript


def read(folder: Path, text: str, **options) -> list[Record]:
    path = folder / "talk.txt"
    path.write_text(text, encoding="utf-8")
    return list(transcript(**options)(path))


def said(records: list[Record]) -> list[tuple[str, str]]:
    return [(each.event.speaker, each.event.text) for each in records if each.event]


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("[2023-05-08 13:56] Ana: hi", "2023-05-08T13:56:00+00:00"),
        ("[2023-05-08 13:56:07+02:00] Ana: hi", "2023-05-08T13:56:07+02:00"),
        ("[08/05/2023, 1:56 PM] Ana: hi", "2023-05-08T13:56:00+00:00"),
        ("2023-05-08 13:56 Ana: hi", "2023-05-08T13:56:00+00:00"),
        ("2023-05-08T13:56 Ana: hi", "2023-05-08T13:56:00+00:00"),
        ("2023-05-08 Ana: hi", "2023-05-08T00:00:00+00:00"),
        ("08/05/2023, 13:56 - Ana: hi", "2023-05-08T13:56:00+00:00"),
        ("8/5/23, 1:56\u202fpm - Ana: hi", "2023-05-08T13:56:00+00:00"),
        ("\u200e[08.05.23, 13:56:00] Ana: hi", "2023-05-08T13:56:00+00:00"),
    ],
)
def test_a_dated_line_is_a_turn(line: str, moment: str, tmp_path) -> None:
    (record,) = read(tmp_path, line)
    assert (record.event.speaker, record.event.text, record.event.at.isoformat()) == ("Ana", "hi", moment)
    assert record.event.session == "talk/2023-05-08"
    assert record.event.source == "talk.txt:1"


def test_undated_turns_have_no_time_and_one_session(tmp_path) -> None:
    records = read(tmp_path, "Ana: hi\nTom O'Neil: hello\nDr. Sá-Lopes: good day\n")
    assert said(records) == [("Ana", "hi"), ("Tom O'Neil", "hello"), ("Dr. Sá-Lopes", "good day")]
    assert {(each.event.at, each.event.session) for each in records} == {(None, "talk")}


def test_lines_without_a_name_go_on_with_the_turn(tmp_path) -> None:
    records = read(tmp_path, "Ana: a list\n- milk\n\n- see http://example.org: it is good\nTom: fine\n")
    assert said(records) == [("Ana", "a list\n- milk\n\n- see http://example.org: it is good"), ("Tom", "fine")]
    assert [each.where for each in records] == ["talk.txt:1", "talk.txt:5"]


def test_a_sentence_with_a_colon_is_not_a_name(tmp_path) -> None:
    records = read(tmp_path, "Ana: so\nWhat I really wanted to say is: thank you\n")
    assert len(records) == 1


def test_date_headings_begin_sessions_and_date_their_turns(tmp_path) -> None:
    monday = "## 8 May 2023\nAna: hi\n[13:56] Tom: hello\n\n"
    text = monday + "--- Tuesday, 9 May 2023 ---\nAna: again\n# At the airport\nTom: bye"
    records = read(tmp_path, text)
    assert [each.event.session for each in records] == [
        "talk/2023-05-08",
        "talk/2023-05-08",
        "talk/2023-05-09",
        "talk/At the airport",
    ]
    assert [each.event.at.isoformat()[:16] for each in records] == [
        "2023-05-08T00:00",
        "2023-05-08T13:56",
        "2023-05-09T00:00",
        "2023-05-09T00:00",
    ]


def test_after_a_chat_app_line_only_dated_lines_begin_turns(tmp_path) -> None:
    text = (
        "08/05/2023, 13:55 - Messages are end-to-end encrypted.\n"
        "08/05/2023, 13:56 - Ana: the recipe\nSalt: a pinch\n"
        "08/05/2023, 13:57 - Tom: <Media omitted>\n08/05/2023, 13:58 - Tom: thanks\n"
    )
    assert said(read(tmp_path, text)) == [("Ana", "the recipe\nSalt: a pinch"), ("Tom", "thanks")]


def test_only_named_speakers_begin_turns_when_given(tmp_path) -> None:
    text = "Ana: the recipe\nSalt: a pinch\nTom: thanks"
    assert said(read(tmp_path, text, speakers=("Ana", "Tom"))) == [
        ("Ana", "the recipe\nSalt: a pinch"),
        ("Tom", "thanks"),
    ]


def test_a_caption_is_kept_in_meta(tmp_path) -> None:
    (record,) = read(tmp_path, "Ana: [photo: a lemon tree in a blue pot] look!")
    assert record.event.meta == {"image_caption": "a lemon tree in a blue pot"}
    assert record.event.text.endswith("look!")


def test_faults_are_placed_and_the_rest_is_read(tmp_path) -> None:
    text = "some words before anybody speaks\n[2023-13-45 10:00] Ana: when?\nTom: \nAna: here"
    records = read(tmp_path, text)
    assert [(each.where, bool(each.event)) for each in records] == [
        ("talk.txt:1", False),
        ("talk.txt:2", False),
        ("talk.txt:3", False),
        ("talk.txt:4", True),
    ]
    assert "nobody is named" in records[0].problem
    assert "2023-13-45" in records[1].problem
    assert "empty" in records[2].problem


def test_month_first_dates_are_read_when_asked(tmp_path) -> None:
    (record,) = read(tmp_path, "05/08/2023, 13:56 - Ana: hi", day_first=False)
    assert record.event.at.isoformat() == "2023-05-08T13:56:00+00:00"
