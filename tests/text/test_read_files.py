"""Files that are not as hoped for, and telling formats apart."""

from __future__ import annotations

import gzip
import json
import os

import pytest

from mnesis.errors import BadInput, Malformed, NotFound
from mnesis.text.read import Record
from mnesis.text.read._detect import detect
from mnesis.text.read._files import lines, opened
from mnesis.text.read.messages import messages


def test_a_missing_file_and_a_folder_are_told(tmp_path) -> None:
    with pytest.raises(NotFound, match=r"no file at .*nowhere\.jsonl"):
        list(messages()(tmp_path / "nowhere.jsonl"))
    with pytest.raises(BadInput, match="is a folder"):
        list(messages()(tmp_path))
    with pytest.raises(NotFound):
        detect(tmp_path / "nowhere.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_is_told(tmp_path) -> None:
    path = tmp_path / "shut.jsonl"
    path.touch(mode=0)
    with pytest.raises(BadInput, match="allowed to read"):
        list(messages()(path))


def test_a_cut_archive_gives_what_came_before_and_says_so(tmp_path) -> None:
    plain = "".join(
        json.dumps({"role": "user", "content": f"{n} {os.urandom(20).hex()}"}) + "\n" for n in range(20_000)
    )
    packed = gzip.compress(plain.encode())
    path = tmp_path / "chat.jsonl.gz"
    path.write_bytes(packed[: len(packed) // 2])
    came: list[Record] = []
    with pytest.raises(Malformed, match="damaged or cut short"):
        came.extend(messages()(path))
    assert 5_000 < len(came) < 15_000


def test_a_name_without_gz_may_still_be_compressed(tmp_path) -> None:
    path = tmp_path / "plain.txt"
    path.write_bytes(gzip.compress(b"one\ntwo\n"))
    assert [line.text for line in lines(path)] == ["one", "two"]


def test_what_was_read_is_counted_as_it_lies_on_disk(tmp_path) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(os.urandom(3_000_000)))
    seen: list[int] = []
    with opened(path, seen.append) as stream:
        assert len(stream.read()) == 3_000_000
    assert sum(seen) == path.stat().st_size
    assert len(seen) > 3


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.csv", "anything", "table"),
        ("a.TSV.gz", "anything", "table"),
        ("a.md", "Ana: hi\nTom: hi", "markdown"),
        ("a.txt", "Ana: hi\nTom: hi", "transcript"),
        ("a.log", "[2026-03-02 09:00] Ana: hi", "transcript"),
        ("a.txt", "It was a dark night. Rain fell.\n\nNobody came.", "markdown"),
        ("a.json", '{"messages": [{"role": "user", "content": "hi"}]}', "messages"),
        ("a.json", '[\n {\n  "sample_id": "conv-1",\n  "qa": [ {\n   "question": "?"', "locomo"),
        ("a.jsonl", '{"conversation_id": "x", "source": "BEAM", "sessions": [', "beam"),
        ("a.jsonl", '{"conversation_id": "x", "source": "LongMemEval_S haystack", "sessions": [', "longmemeval"),
        ("a.jsonl", '{"conversation_id": "x", "source": "MemoryBank", "sessions": [', "locomo"),
    ],
)
def test_the_format_is_told_by_name_and_beginning(name: str, text: str, expected: str, tmp_path) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    assert detect(path) == expected


def test_a_folder_is_markdown(tmp_path) -> None:
    assert detect(tmp_path) == "markdown"


@pytest.mark.parametrize(
    ("name", "raw"),
    [("a.json", b'{"rows": 5}'), ("a.bin", bytes(range(256))), ("a.dat", b"no names here\n"), ("a", b"")],
)
def test_an_unclear_format_lists_what_there_is(name: str, raw: bytes, tmp_path) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(BadInput, match=r"format=…, one of: beam, chatgpt, .*transcript"):
        detect(path)
