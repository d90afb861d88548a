"""Slot: benchmarks. A task loads data as cases: one namespace of events each, and the questions to ask of it.

``task.load(folder)`` reads the data where it lies and ``task.load(None)`` gives a tiny sample of our own, written in
the same format, so that the path from file to number is tested without the data. Gold fields stay in `Question`; a
system under test is shown the events, the question's text and the moment it is asked, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mnesis.words import Event


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its gold sources (and sessions), its group, and the moment it is asked.

    `answerable` is False where the right behaviour is to find nothing; such questions count for abstention only.
    `prefer` is a pair of sources of which the first must stand above the second.
    """

    id: str
    text: str
    gold: frozenset[str] = frozenset()
    sessions: frozenset[str] = frozenset()
    group: str = ""
    now: datetime | None = None
    answerable: bool = True
    prefer: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What one memory is given, in order, and what it is then asked."""

    name: str
    events: list[Event]
    questions: list[Question]


@dataclass(frozen=True, slots=True)
class Task:
    """A benchmark: how to load it, the measures it is reported in (the first is its headline) and its licence.

    `k` is how many hits a recall asks for. `depth`, where not 0, is asked for in a recall of its own whose hits are
    ranked as sessions (a session stands where its best turn stands), since ten turns rarely reach ten sessions.
    """

    name: str
    load: Callable[[Path | None], Iterator[Case]]
    measures: tuple[str, ...]
    licence: str
    k: int = 20
    depth: int = 0
