"""JSON records one at a time: the same whatever the blocks, and a bad one costs itself only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnesis.errors import BadInput
from mnesis.text.read import _json
from mnesis.text.read._json import elements, values

LEAVES = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from(['"', "\\", "]", "},{", "é"])
)
TREES = st.recursive(
    LEAVES, lambda deep: st.lists(deep, max_size=3) | st.dictionaries(st.text(max_size=4), deep), max_leaves=8
)


@given(st.lists(TREES, max_size=6), st.lists(st.integers(1, 9), min_size=1), st.booleans(), st.sampled_from([None, 1]))
def test_an_array_is_cut_into_its_elements_whatever_the_blocks(items, sizes, plain, indent) -> None:
    text = json.dumps(items, ensure_ascii=plain, indent=indent)
    blocks, start = [], 0
    while start < len(text):
        size = sizes[len(blocks) % len(sizes)]
        blocks.append(text[start : start + size])
        start += size
    pieces = list(elements(blocks))
    assert pieces[-1] == ("", "after")
    assert [json.loads(piece) for piece, _ in pieces[:-1] if piece.strip()] == items


@pytest.mark.parametrize("block", [1, 2, 3, 5, 64])
def test_characters_of_several_bytes_survive_the_edges_of_blocks(block, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(_json, "BLOCK", block)
    items = [{"text": 'Olá, 東京 🌊 \\ " ]}'}, {"text": "Привет"}]
    path = tmp_path / "a.json"
    path.write_text(json.dumps(items, ensure_ascii=False), encoding="utf-8")
    assert [each.value for each in values(path)] == items


def test_values_tell_their_number_and_line(tmp_path) -> None:
    path = write(tmp_path, '[\n  {"a": 1},\n\n  {"a":\n 2}, {"a": 3}\n]\n')
    assert [(each.number, each.line) for each in values(path)] == [(1, 2), (2, 4), (3, 5)]


def test_a_lost_quote_costs_one_element_of_an_indented_array(tmp_path) -> None:
    text = json.dumps([{"text": "one"}, {"text": "two"}, {"text": "three"}], indent=1).replace('"two"', '"two')
    found = list(values(write(tmp_path, text)))
    assert [each.value for each in found] == [{"text": "one"}, None, {"text": "three"}]
    assert "not JSON" in found[1].problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[{"a": 1}, {"a": ', "never closed"),
        ('[{"a": 1}] {"a": 2}', "more after the end"),
        ('[{"a": 1}, {"a": 1}}]', "not JSON"),
        ('[{"a": 1}, {"a": ' + "9" * 5000 + "}]", "cannot be read"),
        ('[{"a": 1}, ' + "[" * 100_000 + "]" * 100_000 + "]", "cannot be read"),
    ],
)
def test_what_is_wrong_is_told_after_what_is_right(text: str, problem: str, tmp_path) -> None:
    found = list(values(write(tmp_path, text)))
    assert found[0].value == {"a": 1}
    assert len(found) == 2
    assert problem in found[1].problem


def test_a_bad_byte_is_placed_in_the_file(tmp_path) -> None:
    path = tmp_path / "a.json"
    raw = '[{"a": "é"},\n {"a": "x'.encode()
    path.write_bytes(raw + b'\xff"}, {"a": "z"}]')
    found = list(values(path))
    assert [each.problem == "" for each in found] == [True, False, True]
    assert f"byte {len(raw)} (0xff)" in found[1].problem
    assert found[1].line == 2


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.json", '{"a": 1}\n{"a": 2}\n', [{"a": 1}, {"a": 2}]),
        ("a.json", '{\n "a": {"b": 1}\n}\n', [{"a": {"b": 1}}]),
        ("a.jsonl", '\n{"a": 1}\n\n{"a": 2}', [{"a": 1}, {"a": 2}]),
        ("a.json", "[]", []),
        ("a.json", " [ ] \n", []),
    ],
)
def test_arrays_lines_and_single_objects_are_told_apart(name: str, text: str, expected, tmp_path) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert [each.value for each in values(path)] == expected


def test_a_cut_first_line_of_json_lines_costs_that_line(tmp_path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": 1, \n{"a": 2}\n', encoding="utf-8")
    assert [each.value for each in values(path)] == [None, {"a": 2}]


def test_a_file_in_utf16_is_refused_with_advice(tmp_path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes('[{"a": 1}]'.encode("utf-16"))
    with pytest.raises(BadInput, match="UTF-16; save it as UTF-8"):
        list(values(path))


def test_an_element_that_never_ends_is_given_up(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(_json, "LARGEST", 50_000)
    monkeypatch.setattr(_json, "BLOCK", 4096)
    found = list(values(write(tmp_path, '[{"a": 1}, {"b": [' + "1, " * 100_000)))
    assert found[0].value == {"a": 1}
    assert "never closed" in found[1].problem


def write(folder: Path, text: str) -> Path:
    path = folder / "a.json"
    path.write_text(text, encoding="utf-8")
    return path
