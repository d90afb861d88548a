"""What every adapter shares: it reads a job, times adding and searching, and writes an answer.

An adapter runs in the environment of its own package, where mnesis is not installed; it needs numpy and this file.
It gives one function ``open_store(folder, job)`` that returns ``(add, search)``:

    add(turns)                     keep a list of turns, each with .id .text .space .vector .fields
    search(text, vector, space, k) the ids of the k best turns of that space, best first

`text` begins with who said it; `fields` holds speaker, date and session apart, for a package that has a place for
them. Vectors are made beforehand, so embedding is in no number; a package that insists on embedding by itself is
handed `job.vector_of`, which looks up what was made, or brings a `clock` that stops while it embeds.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that was said."""

    id: str
    text: str
    space: str
    vector: Any
    fields: dict[str, Any]


Add = Callable[[Sequence[Turn]], None]
Search = Callable[[str, Any, str, int], list[str]]
Clock = Callable[[], float]


class Job:
    """The turns and questions of one measurement, their vectors, and how long adding may take."""

    def __init__(self, folder: Path) -> None:
        self.options: dict[str, Any] = json.loads((folder / "job.json").read_text("utf-8"))
        self.turns = _turns(folder / "turns.jsonl", np.load(folder / "turns.npy"))
        self.questions = _turns(folder / "questions.jsonl", np.load(folder / "questions.npy"))
        self.k: int = self.options["k"]
        self.budget: float = self.options["budget"]
        self.dim = int(self.turns[0].vector.shape[0])
        self._vectors = {turn.text: turn.vector for turn in [*self.turns, *self.questions]}

    def vector_of(self, text: str) -> Any:
        """The vector made of this text beforehand; zeros for a text that is not in the job."""
        return self._vectors.get(text, np.zeros(self.dim, np.float32))


def _turns(path: Path, vectors: Any) -> list[Turn]:
    records = map(json.loads, path.read_text("utf-8").splitlines())
    return [
        Turn(each["id"], each["text"], each["space"], vector, each.get("fields", {}))
        for each, vector in zip(records, vectors, strict=True)
    ]


def serve(
    open_store: Callable[[Path, Job], tuple[Add, Search]], packages: Sequence[str], clock: Clock = time.perf_counter
) -> None:
    """Do the job named on the command line: ``python with_x.py JOB_FOLDER STORE_FOLDER``."""
    folder, place = Path(sys.argv[1]), Path(sys.argv[2])
    job = Job(folder)
    add, search = open_store(place, job)
    answer = {**added(job, add, clock), **searched(job, search, clock)}
    answer["bytes"] = sum(each.stat().st_size for each in place.rglob("*") if each.is_file())
    answer["resident_gb"] = resident()
    answer["versions"] = {name: importlib.metadata.version(name) for name in packages}
    (folder / "answer.json").write_text(json.dumps(answer), "utf-8")


def added(job: Job, add: Add, clock: Clock) -> dict[str, Any]:
    """Add every turn, or as many as the budget allows."""
    start = clock()
    done = 0
    step = min(BATCH, max(1, len(job.turns) // 20))
    while done < len(job.turns) and clock() - start < job.budget:
        add(job.turns[done : done + step])
        done += len(job.turns[done : done + step])
    return {"added": done, "ingest_seconds": clock() - start}


def searched(job: Job, search: Search, clock: Clock) -> dict[str, Any]:
    """Ask every question, or as many as the budget allows."""
    seconds: list[float] = []
    hits: list[list[str]] = []
    search(job.questions[0].text, job.questions[0].vector, job.questions[0].space, job.k)
    begin = clock()
    for question in job.questions:
        start = clock()
        hits.append(list(search(question.text, question.vector, question.space, job.k)))
        seconds.append(clock() - start)
        if clock() - begin > job.budget:
            break
    return {"recall_seconds": seconds, "hits": hits}


def resident() -> float:
    """Resident memory of this process in gigabytes; 0 where the system does not say."""
    status = Path("/proc/self/status")
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text("ascii", "replace")) if status.exists() else None
    return int(found[1]) * 1024 / 1e9 if found else 0.0
