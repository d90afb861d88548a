"""A corpus of titled passages as one case: every passage is an event, every question has gold passages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mnesis.bench.tasks import Case, Question
from mnesis.bench.tasks._files import located, records
from mnesis.words import Event

Record = Mapping[str, Any]


def event_of(passage: Record) -> Event:
    """A passage as a user would hand it over: its title before its text; each is a document of its own."""
    title = passage["title"]
    return Event(f"{title}. {passage['text']}", source=passage["passage_id"], meta={"title": title})


def question_of(record: Record) -> Question:
    """A question with its gold passages; its type is its group."""
    return Question(
        record["question_id"],
        record["question"],
        gold=frozenset(record["gold_passages"]),
        group=str(record.get("type", "")),
    )


def passages(
    name: str, folder: str, origin: str, sample: tuple[Iterable[Record], Iterable[Record]]
) -> Callable[[Path | None], Iterator[Case]]:
    """A loader of ``corpus.jsonl`` and ``questions.jsonl``: the whole corpus is one case."""

    def load(data: Path | None) -> Iterator[Case]:
        if data is None:
            corpus, questions = sample
        else:
            corpus = records(located(data, folder, "corpus.jsonl", origin))
            questions = records(located(data, folder, "questions.jsonl", origin))
        yield Case(name, [event_of(each) for each in corpus], [question_of(each) for each in questions])

    return load
