"""mnesis itself, through its front door, on a clock that stops while its embedder works."""

from __future__ import annotations

import time
from pathlib import Path

from _job import Add, Job, Search, serve

import mnesis
from mnesis import catalog
from mnesis.bench.embedding import Kept
from mnesis.words import Event

minds: list[Kept] = []


def clock() -> float:
    return time.perf_counter() - sum(mind.seconds for mind in minds)


def open_store(folder: Path, job: Job) -> tuple[Add, Search]:
    minds.append(Kept(catalog.make(catalog.find(job.options["embedder"], "models")), None))
    space = mnesis.open(folder / "peers.mnesis", recipe=job.options["recipe"], embedder=minds[-1])

    def add(batch) -> None:
        by_space: dict[str, list[Event]] = {}
        for turn in batch:
            by_space.setdefault(turn.space, []).append(Event(**(turn.fields or {"text": turn.text}), source=turn.id))
        for namespace, events in by_space.items():
            space.remember(events, namespace=namespace)

    def search(text, vector, namespace, k):
        hits = space.recall(text, namespace=namespace, k=k)
        return list(dict.fromkeys(source for hit in hits for source in hit.sources))[:k]

    return add, search


if __name__ == "__main__":
    serve(open_store, ["mnesis"], clock)
