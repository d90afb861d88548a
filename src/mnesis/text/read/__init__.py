"""Slot: a file -> Records. A reader turns one format into events, a record at a time, and never stops at a bad one.

Readers stream: they hold one record of the file, never the file. What is wrong with one record becomes a Record
that says so and where; `Malformed` is raised only when nothing further can be read (a damaged archive). Every event
has a `source` that is the same each time the file is read, so importing twice is recognised. Options (columns, how
dates are written …) go to the maker; gzip is accepted everywhere; a leading underscore marks what readers share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from mnesis.words import Event

Seen = Callable[[int], object]  # told of every piece of the file that was read, in bytes as they lie on disk


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file: an event, or the problem that kept it from being one.

    `where` names its place for people ("chat.jsonl:12", "conversations.json, conversation 3, message 7") and
    `namespace` the space within the file it belongs to, where a file holds several (else empty).
    """

    where: str
    event: Event | None
    problem: str = ""
    namespace: str = ""


class Read(Protocol):
    def __call__(self, path: Path, seen: Seen | None = None) -> Iterator[Record]: ...
