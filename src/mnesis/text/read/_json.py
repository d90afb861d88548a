"""JSON records one at a time: the elements of an array however long, JSON Lines, or one object.

An array is cut at the commas between its elements as the bytes arrive (only strings and brackets are looked at),
so a file of any size needs the memory of its largest element, and an element that is not JSON costs itself only.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

from mnesis.text.read import Seen
from mnesis.text.read._files import BLOCK, BOM, head, kind, lines, not_utf8, opened, refuse_wide

LINED = (".jsonl", ".ndjson")
LARGEST = 1 << 28  # characters; an element beyond it is taken for one that is never closed
# a string ends at its quote, or where the line does: JSON has no such string, but a lost quote then costs one line
_TOKEN = re.compile(r'"[^"\\\n]*(?:\\[^\n][^"\\\n]*)*["\n]|["{}\[\],]')
_ESCAPED = re.compile("[\udc80-\udcff]")  # bytes that were not UTF-8, as `surrogateescape` writes them
_UNREAD = {
    "cut": "the list of records is never closed; the file was cut short or a bracket is missing from here on.",
    "after": "there is more after the end of the list of records; it was not read.",
}
Piece = Literal["element", "after", "cut"]


@dataclass(frozen=True, slots=True)
class Value:
    """One record: its number and line, both from 1, and its value, or the problem that hides it."""

    number: int
    line: int
    value: Any
    problem: str = ""


def values(path: Path, seen: Seen | None = None) -> Iterator[Value]:
    """The records of a JSON or JSON Lines file, in order; what is not JSON comes as a problem."""
    start = head(path)
    refuse_wide(path, start)
    text = start.lstrip()
    if text[:1] == b"[":
        yield from _array(path, seen)
    elif text[:1] == b"{" and kind(path) not in LINED and _spread(path):
        yield from _single(path, seen)
    else:
        yield from json_lines(path, seen)


def json_lines(path: Path, seen: Seen | None = None) -> Iterator[Value]:
    """The records of a JSON Lines file; blank lines are passed over."""
    number = 0
    for line in lines(path, seen):
        if line.text.strip() or line.problem:
            number += 1
            value, problem = (None, line.problem) if line.problem else parsed(line.text)
            yield Value(number, line.number, value, problem)


def parsed(text: str) -> tuple[Any, str]:
    """A JSON text as (value, ""), or (None, what is wrong with it)."""
    try:
        return json.loads(text), ""
    except json.JSONDecodeError as err:
        return None, f"this is not JSON ({err.msg} at character {err.pos + 1} of the record)."
    except (ValueError, RecursionError) as err:  # numbers of thousands of digits, nesting without end
        return None, f"this JSON cannot be read ({err})."


def elements(blocks: Iterable[str]) -> Iterator[tuple[str, Piece]]:
    """An array cut into the texts of its elements; the last piece is what comes after it, or where it was cut off.

    >>> list(elements(['[{"a": "x, ', ']"}, 2]', ' ']))
    [('{"a": "x, ]"}', 'element'), (' 2', 'element'), (' ', 'after')]
    """
    buffer, start, place, depth = "", 0, 0, 0
    for block in blocks:
        buffer, place, start = buffer[start:] + block, place - start, 0
        if depth < 0:
            continue
        for token in _TOKEN.finditer(buffer, place):
            mark = token[0]
            if mark == '"':  # a string that goes on in the next block
                place = token.start()
                break
            if mark in "{[":
                depth += 1
                start = token.end() if depth == 1 else start
            elif depth == 1 and mark in ",]":
                yield buffer[start : token.start()], "element"
                start = token.end()
                if mark == "]":
                    depth = -1
                    break
            elif mark in "}]" and depth > 1:
                depth -= 1
        else:
            place = len(buffer)
        if depth > 0 and len(buffer) - start > LARGEST:
            break
    yield buffer[start:], "after" if depth < 0 else "cut"


def _array(path: Path, seen: Seen | None) -> Iterator[Value]:
    number, line, offset = 0, 1, 1
    with opened(path, seen) as stream:
        for text, piece in elements(_texts(stream)):
            if text.strip() or piece == "cut":
                number += 1
                first = line + text[: len(text) - len(text.lstrip())].count("\n")
                value, problem = (None, _UNREAD[piece]) if piece in _UNREAD else _element(text, offset)
                yield Value(number, first, value, problem)
            line += text.count("\n")
            offset += len(text.encode("utf-8", "surrogateescape")) + 1


def _element(text: str, offset: int) -> tuple[Any, str]:
    bad = _ESCAPED.search(text)
    if bad is None:
        return parsed(text)
    at = offset + len(text[: bad.start()].encode("utf-8", "surrogateescape"))
    return None, not_utf8(at, ord(bad[0]) - 0xDC00)


def _texts(stream: BinaryIO) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    block = stream.read(BLOCK).removeprefix(BOM)
    while block:
        yield decoder.decode(block)
        block = stream.read(BLOCK)
    yield decoder.decode(b"", final=True)


def _single(path: Path, seen: Seen | None) -> Iterator[Value]:
    with opened(path, seen) as stream:
        raw = stream.read().removeprefix(BOM)
    try:
        value, problem = parsed(raw.decode("utf-8"))
    except UnicodeDecodeError as err:
        value, problem = None, not_utf8(err.start, raw[err.start])
    yield Value(1, 1, value, problem)


def _spread(path: Path) -> bool:
    """Whether one object is written over several lines, instead of one object a line."""
    first = next((line.text.strip() for line in lines(path) if line.text.strip()), "")
    return not first.endswith("}")
