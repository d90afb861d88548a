"""Benchmarks read from files: the same numbers as from memory, and sentences where something is wrong."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from mnesis.bench.run import task_names, task_of
from mnesis.bench.tasks._files import located, records, when
from mnesis.bench.tasks.locomo import SAMPLE, locomo
from mnesis.bench.tasks.longmemeval import SAMPLE as HISTORIES
from mnesis.bench.tasks.longmemeval import longmemeval
from mnesis.bench.tasks.timeqa import timeqa
from mnesis.errors import BadInput, Malformed, NotFound, UnknownName


def write(path: Path, rows: object) -> None:
    text = "".join(json.dumps(row) + "\n" for row in rows)  # type: ignore[attr-defined]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())


@pytest.mark.parametrize("name", ["conversations.jsonl", "conversations.jsonl.gz"])
@pytest.mark.parametrize("below", ["", "locomo"])
def test_a_file_gives_what_the_sample_gives(tmp_path: Path, name: str, below: str) -> None:
    write(tmp_path / below / name, SAMPLE)
    assert list(locomo().load(tmp_path)) == list(locomo().load(None))


def test_gold_fields_are_not_shown(tmp_path: Path) -> None:
    row = json.loads(json.dumps(SAMPLE[0]))
    row["sessions"][0]["turns"][0] |= {"image_query": "SECRET", "has_answer": True}
    row["questions"][0] |= {"audit": {"error_type": "SECRET"}, "evidence_audited": ["D1:1"]}
    write(tmp_path / "conversations.jsonl", [row])
    (case,) = locomo().load(tmp_path)
    assert "SECRET" not in repr(case)
    (audited,) = locomo(audited=True).load(tmp_path)
    assert audited.questions[0].gold == {"D1:1"}
    assert case.questions[0].gold == {"D1:3"}


def test_a_wrong_label_counts_as_published_unless_the_audited_one_is_asked_for(tmp_path: Path) -> None:
    row = json.loads(json.dumps(HISTORIES["haystacks.jsonl"][0]))
    row["questions"][0] |= {"question_id": "852ce960_8", "evidence_sessions": ["a1"]}
    write(tmp_path / "haystacks.jsonl", [row])
    (published,), (audited,) = longmemeval().load(tmp_path), longmemeval(audited=True).load(tmp_path)
    assert [each.sessions for each in published.questions] == [{"a1"}, {"a2"}]
    assert [each.sessions for each in audited.questions] == [{"ultrachat_224140"}, {"a2"}]
    assert (longmemeval().name, longmemeval(audited=True).name) == ("longmemeval", "longmemeval-audited")


def test_missing_data_names_the_place_and_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"github.com/snap-research/locomo.*--data"):
        list(locomo().load(tmp_path))


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"a": 1}\n\n{"a":\n', encoding="utf-8")
    with pytest.raises(Malformed, match=r"x\.jsonl, line 3"):
        list(records(located(tmp_path, "none", "x.jsonl", "nowhere")))
    (tmp_path / "x.jsonl").write_text("[1]\n", encoding="utf-8")
    with pytest.raises(Malformed, match="not a record"):
        list(records(tmp_path / "x.jsonl"))


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2023-05-08T13:56", "2023-05-08T13:56:00+00:00"),
        ("2023/07/12 (Wed) 10:14", "2023-07-12T10:14:00+00:00"),
        ("March-15-2024", "2024-03-15T00:00:00+00:00"),
        ("9:55 am on 22 October, 2023", "2023-10-22T09:55:00+00:00"),
    ],
)
def test_dates_of_the_benchmarks(text: str, iso: str) -> None:
    moment = when(text)
    assert moment is not None
    assert moment.isoformat() == iso


def test_no_date_and_no_such_date() -> None:
    assert when("") is None
    with pytest.raises(BadInput, match="some day"):
        when("some day")


def test_names_and_options() -> None:
    assert {"locomo", "2wiki", "wiki2", "dynamicqa"} <= set(task_names())
    assert task_of("beam:size=1M").name == "beam-1M"
    assert task_of("bench.tasks.nq").name == "nq"
    with pytest.raises(UnknownName, match="locomo"):
        task_of("lokomo")
    with pytest.raises(UnknownName, match="500K"):
        task_of("beam:size=500")
    with pytest.raises(UnknownName, match="within"):
        task_of("timeqa:witin=true")
    with pytest.raises(BadInput, match="true or false"):
        task_of("timeqa:within=yes")
    with pytest.raises(BadInput, match="name=value"):
        task_of("beam:500K")


def test_within_makes_each_article_a_memory_of_its_own() -> None:
    cases = list(timeqa(within=True).load(None))
    assert [case.name for case in cases] == ["lena", "arno"]
    assert sum(len(case.questions) for case in cases) == 3
    assert {event.session for event in cases[0].events} == {"lena"}
