"""Slot: benchmarks. A task loads data as cases: one namespace of events each, and the questions to ask of it.

``task.load(folder)`` reads the data where it lies and ``task.load(None)`` gives a tiny sample of our own, written in
the same format, so that the path from file to number is tested without the data. Gold fields stay in `Question`; a
system under test is shown the events, the question's text and the moment it is asked, and nothing else.

A `Drill` is the same for memory made of layers: sequences of tokens that are made up as they are needed, and what is
to be answered where. A `Quiz` is the same for networks that answer questions on stories: tales, some to learn from and
some to be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from mnesis.words import Event


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its gold sources (and sessions), its group, and the moment it is asked.

    `answerable` is False where the right behaviour is to find nothing; such questions count for abstention only.
    `prefer` is a pair of sources of which the first must stand above the second. `valid_at` asks what was true then.
    """

    id: str
    text: str
    gold: frozenset[str] = frozenset()
    sessions: frozenset[str] = frozenset()
    group: str = ""
    now: datetime | None = None
    answerable: bool = True
    prefer: tuple[str, str] | None = None
    valid_at: datetime | None = None


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


NOT_ASKED = -1
Batch = Mapping[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class Drill:
    """A made-up sequence task: ``draw(rng, n)`` gives `n` sequences, each different, the same for the same rng.

    A batch holds "tokens" [n, length] below `vocab`, "answers" of the same shape (the token that should be said where
    it is asked for, elsewhere -1), and, where a task tells them apart, "stale": what would have been right before.
    """

    name: str
    draw: Callable[[np.random.Generator, int], Batch]
    vocab: int
    length: int
    licence: str
    asked: Callable[[np.random.Generator, int], Batch] | None = None  # where what is asked is not what is trained on

    def score(self, batch: Batch, said: np.ndarray) -> dict[str, float]:
        """Accuracy over all answers, the share of sequences without a mistake, and of stale answers where there are."""
        asked = batch["answers"] != NOT_ASKED
        right = said == batch["answers"]
        out = {"accuracy": float(right[asked].mean()), "whole": float((right | ~asked).all(axis=1).mean())}
        if "stale" in batch:
            old = batch["stale"] != NOT_ASKED
            out["stale"] = float((said == batch["stale"])[old].mean())
        return out


@dataclass(frozen=True, slots=True)
class Tale:
    """A story as sentences, a question on it with its answer, and which sentences support that (by place)."""

    group: str
    sentences: tuple[str, ...]
    question: str
    answer: str
    support: tuple[int, ...] = ()
    learned: bool = False  # one to learn from; the others are asked


@dataclass(frozen=True, slots=True)
class Quiz:
    """Questions on stories for networks: ``load(folder)`` reads them, ``load(None)`` gives a few of our own."""

    name: str
    load: Callable[[Path | None], Iterator[Tale]]
    licence: str
