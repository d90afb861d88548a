"""What every reader owes: records with a place, events with a source, constant memory, and going on after a fault."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from mnesis import catalog
from mnesis.text.read._detect import FORMATS, detect

READERS = catalog.names("text.read")


def token(n: int) -> str:
    return f"word{n:05d}"


@dataclass(frozen=True)
class Sample:
    """How to write a file of one format: `record` is the n-th of its records, `broken` one that is not right."""

    file: str
    record: Callable[[int, str], Any]
    broken: str
    options: dict[str, Any] = field(default_factory=dict)
    array: bool = False
    begin: str = ""

    def write(self, folder: Path, texts: list[str | None]) -> Path:
        """A file with a record for each text, and the broken one for None."""
        each = [self.broken if text is None else self.record(n, text) for n, text in enumerate(texts)]
        written = [one if isinstance(one, str) else json.dumps(one) for one in each]
        path = folder / self.file
        path.parent.mkdir(parents=True, exist_ok=True)
        body = "[" + ", ".join(written) + "]" if self.array else "\n".join(written)
        path.write_text(self.begin + body + "\n", encoding="utf-8")
        return path


def chatgpt(n: int, text: str) -> dict[str, Any]:
    content = {"content_type": "text", "parts": [text]}
    message = {"id": f"m{n}", "author": {"role": "user"}, "create_time": 1772409600.0 + n, "content": content}
    nodes = {"root": {"id": "root", "parent": None, "message": None}, f"m{n}": {"parent": "root", "message": message}}
    return {"title": "A talk", "conversation_id": f"c{n}", "current_node": f"m{n}", "mapping": nodes}


def claude(n: int, text: str) -> dict[str, Any]:
    message = {"uuid": f"m{n}", "sender": "human", "text": text, "created_at": "2026-03-02T09:00:00.123456Z"}
    return {"uuid": f"c{n}", "name": "A talk", "chat_messages": [message]}


def locomo(n: int, text: str) -> dict[str, Any]:
    turns = [{"speaker": "Ana", "dia_id": "D1:1", "text": text}]
    talk = {"speaker_a": "Ana", "session_1_date_time": "1:56 pm on 8 May, 2023", "session_1": turns}
    return {"sample_id": f"conv-{n}", "conversation": talk}


def longmemeval(n: int, text: str) -> dict[str, Any]:
    sessions = [[{"role": "user", "content": text, "has_answer": True}]]
    dates = {"haystack_dates": ["2023/05/20 (Sat) 02:21"], "haystack_session_ids": [f"s{n}"]}
    return {"question_id": f"q{n}", "question": "?", **dates, "haystack_sessions": sessions}


def beam(n: int, text: str) -> dict[str, Any]:
    said = {"role": "user", "id": n, "time_anchor": "March-15-2024", "content": f"{text} ->-> 1,{n}"}
    return {"batch_number": n + 1, "turns": [[said]]}


SAMPLES = {
    "text.read.messages": Sample("chat.jsonl", lambda n, text: {"role": "user", "content": text}, '{"role": tru}'),
    "text.read.chatgpt": Sample("conversations.json", chatgpt, '{"mapping": tru}', array=True),
    "text.read.claude": Sample("conversations.json", claude, '{"chat_messages": tru}', array=True),
    "text.read.locomo": Sample("locomo10.json", locomo, '{"conversation": tru}', array=True),
    "text.read.longmemeval": Sample("longmemeval_s.json", longmemeval, '{"haystack_sessions": tru}', array=True),
    "text.read.beam": Sample("100K/7/chat.json", beam, '{"turns": tru}', array=True),
    "text.read.transcript": Sample(
        "talk.txt", lambda n, text: f"[2026-03-02 09:{n % 60:02d}] Ana: {text}", "[2026-13-45 09:00] Ana: no such day"
    ),
    "text.read.markdown": Sample("notes.md", lambda n, text: f"## Part {n}\n\n{text}\n", "## \ud7ff\x00lost"),
    "text.read.table": Sample("notes.csv", lambda n, text: f"Ana,{text}", "Ana,too,many", begin="speaker,text\n"),
}
UNBREAKABLE = {"text.read.markdown"}  # any text is Markdown; only bytes that are not text can be wrong


@pytest.fixture(params=READERS)
def address(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def sample(address: str) -> Sample:
    assert address in SAMPLES, f"{address}: say in SAMPLES how a file of this format is written"
    return SAMPLES[address]


@pytest.fixture
def read(address: str, sample: Sample):
    return catalog.make(address, **sample.options)


def test_every_record_has_a_place_and_every_event_a_text_and_a_source(read, sample, tmp_path) -> None:
    records = list(read(sample.write(tmp_path, [token(n) for n in range(5)])))
    assert len(records) == 5
    assert all(record.where and record.event and not record.problem for record in records)
    assert [token(n) in record.event.text for n, record in enumerate(records)] == [True] * 5
    assert len({(record.namespace, record.event.source) for record in records}) == 5
    assert all(record.event.session for record in records)


def test_reading_again_gives_equal_events(read, sample, tmp_path) -> None:
    path = sample.write(tmp_path, [token(n) for n in range(4)])
    assert list(read(path)) == list(read(path))


def test_a_compressed_file_gives_the_same_records(read, sample, tmp_path) -> None:
    path = sample.write(tmp_path, [token(n) for n in range(4)])
    packed = path.with_name(path.name + ".gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert list(read(packed)) == list(read(path))


def test_a_malformed_record_is_told_and_the_others_come(address, read, sample, tmp_path) -> None:
    if address in UNBREAKABLE:
        pytest.skip("no text is malformed in this format")
    records = list(read(sample.write(tmp_path, [token(0), token(1), None, token(3)])))
    assert [record.event is None for record in records] == [False, False, True, False]
    bad = records[2]
    assert bad.where
    assert bad.problem.endswith(".")
    assert bad.where not in {record.where for record in records if record.event}


def test_a_byte_that_is_not_utf8_costs_one_record(read, sample, tmp_path) -> None:
    path = sample.write(tmp_path, [token(0), "first " + token(1), token(2)])
    path.write_bytes(path.read_bytes().replace(token(1).encode(), b"caf\xe9"))
    records = list(read(path))
    problems = [record.problem for record in records if record.event is None]
    assert len(problems) == 1
    assert "0xe9" in problems[0]
    assert "UTF-8" in problems[0]
    texts = " ".join(record.event.text for record in records if record.event)
    assert token(0) in texts
    assert token(2) in texts
    assert "caf" not in texts


def test_a_byte_order_mark_is_passed_over(read, sample, tmp_path) -> None:
    path = sample.write(tmp_path, [token(0), token(1)])
    plain = list(read(path))
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert list(read(path)) == plain


def test_an_empty_file_has_no_events(read, sample, tmp_path) -> None:
    path = tmp_path / sample.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    assert [record for record in read(path) if record.event] == []


def test_a_large_file_is_streamed(read, sample, tmp_path) -> None:
    filler = "and so on; " * 200
    path = sample.write(tmp_path, [f"{token(n)} {filler}" for n in range(3000)])
    size = path.stat().st_size
    assert size > 6_000_000
    seen: list[int] = []
    tracemalloc.start()
    count = sum(record.event is not None for record in read(path, seen.append))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 3000
    assert peak < 2_500_000
    assert sum(seen) == size


def test_the_format_is_recognised(address, sample, tmp_path) -> None:
    path = sample.write(tmp_path, [token(n) for n in range(3)])
    assert f"text.read.{detect(path)}" == address


def test_the_formats_that_are_named_are_the_ones_there_are() -> None:
    assert [f"text.read.{name}" for name in FORMATS] == sorted(READERS)


def test_no_sample_is_left_over() -> None:
    assert set(SAMPLES) == set(READERS)
