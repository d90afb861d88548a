"""Runs tasks against recipes through the front door and appends one JSON line a run to the results folder.

    run(["locomo", "beam:size=500K"], data="benchmarks", recipe="default,verbatim", embedder="static")

Every case is a fresh space: its events are remembered in one batch, every question is recalled, and where the gold
stands is kept. After each case that is written to ``<results>/.partial``, so a run that stopped goes on where it
stopped, as long as neither code nor data changed. A line says what it ran on: commit, versions, machine, seed.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from mnesis import catalog
from mnesis.bench import references as reference_rows
from mnesis.bench.apart import APART, Around, measured_apart
from mnesis.bench.embedding import Kept
from mnesis.bench.folder import data_folder
from mnesis.bench.measure import SEED, Outcome, grouped, judge, measured, outcome_from, tier
from mnesis.bench.record import Progress, Record, append, circumstances, embedder_of, silent
from mnesis.bench.tasks import Case, Drill, Question, Quiz, Task
from mnesis.errors import BadInput, UnknownName
from mnesis.memory import Space
from mnesis.models import Embedder
from mnesis.words import Hit, digest

PARTIAL = ".partial"
STORES = (":memory:", "sqlite")
ROOT = Path(catalog.ROOT)


@dataclass(slots=True)
class Measured:
    """What one case brought: an outcome a question, and how long everything took, embedding apart."""

    outcomes: list[Outcome] = field(default_factory=list)
    events: int = 0
    ingest: float = 0.0
    embed: float = 0.0
    recalls: list[float] = field(default_factory=list)

    def as_dict(self) -> Record:
        """Plain values for JSON."""
        return {
            "outcomes": [each.as_dict() for each in self.outcomes],
            "events": self.events,
            "ingest": self.ingest,
            "embed": self.embed,
            "recalls": self.recalls,
        }


def run(
    tasks: Sequence[str | Task],
    data: str | Path | None,
    recipe: str | Sequence[str] = "default",
    embedder: str | Embedder = "static",
    k: int | None = None,
    results: str | Path = "results",
    resume: bool = True,
    references: bool = True,
    store: str = ":memory:",
    progress: Progress | None = None,
) -> list[Record]:
    """Measure every recipe on every task and return the lines that were appended to ``<results>/<task>.jsonl``.

    `data` is the folder the benchmarks lie in (or one benchmark's own folder); ``"sample"`` runs the tiny samples,
    whose numbers mean nothing and are returned without being recorded. `recipe` may name several, with commas. `k` is
    how many hits are asked for; None leaves it to the task, and measures beyond it are left out. `store` is
    ``":memory:"`` or ``"sqlite"`` (a file in a temporary folder). The tasks of `mnesis.bench.apart`
    (``speed``, ``crash`` …) are what the modules of these names describe.
    `progress` is told what is being done, how many questions are done and how many there are.
    """
    apart = [each for each in tasks if isinstance(each, str) and each.partition(":")[0] in APART]
    chosen = [task_of(each) for each in tasks if each not in apart]
    folder = data_folder(data) if chosen else None
    recipes = [each.strip() for each in recipe.split(",")] if isinstance(recipe, str) else list(recipe)
    for each in recipes if chosen else ():
        catalog.find(each, "text.recipes")
    if store not in STORES:
        raise UnknownName("store", store, STORES)
    if k is not None and (isinstance(k, bool) or k < 1):
        raise BadInput(f"k={k!r} makes no sense; it must be a whole number of at least 1.")
    mind = embedder_of(embedder)
    label = embedder if isinstance(embedder, str) else embedder.name
    results = Path(results)
    lines = []
    kept = results / PARTIAL / "vectors.sqlite" if tier(label) == "local" and folder is not None else None
    with Kept(mind, kept) as keeper:
        for task in chosen:
            setting = Setting(task, keeper, label, folder, results, k or task.k, resume, store, progress or silent)
            lines += setting.lines(recipes, references)
    around = Around(data, tuple(recipes), label, results, progress)
    return lines + [line for each in apart for line in measured_apart(each, around)]


@dataclass(frozen=True, slots=True)
class Setting:
    """Everything that stays the same while one task is measured."""

    task: Task
    embedder: Kept
    label: str
    data: Path | None
    results: Path
    k: int
    resume: bool
    store: str
    progress: Progress

    def lines(self, recipes: Sequence[str], references: bool) -> list[Record]:
        """One line for each recipe; the reference rows are computed once."""
        cases = list(self.task.load(self.data))
        self.embedder.reset()
        rows = self.references(cases) if references else {}
        lines = []
        for recipe in recipes:
            line = self.line(recipe, cases, rows)
            if self.data is not None:
                append(self.results / f"{self.task.name}.jsonl", line)
            lines.append(line)
        return lines

    def line(self, recipe: str, cases: Sequence[Case], references: Mapping[str, list[Outcome]]) -> Record:
        """The line of one recipe."""
        found = self.measure(recipe, cases)
        outcomes = [each for one in found for each in one.outcomes]
        names = self.measures()
        recalls = np.array([each for one in found for each in one.recalls] or [0.0])
        events, ingest = sum(one.events for one in found), sum(one.ingest for one in found)
        return {
            "task": self.task.name,
            "recipe": recipe,
            "embedder": self.label,
            "metrics": measured(names, outcomes),
            "groups": grouped(names, outcomes),
            "n": len(outcomes),
            "cases": len(found),
            "events": events,
            "k": self.k,
            "references": {row: measured(names, each) for row, each in references.items()},
            "seconds": {
                "ingest": round(ingest, 3),
                "embed": round(sum(one.embed for one in found), 3),
                "recall": round(float(recalls.sum()), 3),
                "p50": round(float(np.quantile(recalls, 0.5)), 6),
                "p99": round(float(np.quantile(recalls, 0.99)), 6),
            },
            "store": self.store,
            "seed": SEED,
            **circumstances(),
        }

    def measures(self) -> list[str]:
        """The task's measures that `k` hits suffice for."""
        bound = {name: name.partition("@")[2] for name in self.task.measures}
        return [n for n, at in bound.items() if not at or int(at) <= (self.task.depth if "session" in n else self.k)]

    def measure(self, recipe: str, cases: Sequence[Case]) -> list[Measured]:
        """Every case of the task with one recipe."""

        def compute(case: Case, asked: Callable[[int], None]) -> Record:
            return measure_case(case, self.task, recipe, self.embedder, self.k, self.store, asked).as_dict()

        return [_measured_from(record) for record in self.each(recipe, cases, compute)]

    def references(self, cases: Sequence[Case]) -> dict[str, list[Outcome]]:
        """The reference rows over all cases."""

        def compute(case: Case, asked: Callable[[int], None]) -> Record:
            made = reference_rows.references(case, self.embedder, k=self.k, depth=self.task.depth, asked=asked)
            return {row: [each.as_dict() for each in outcomes] for row, outcomes in made.items()}

        rows: dict[str, list[Outcome]] = {}
        for record in self.each("references", cases, compute):
            for row, outcomes in record.items():
                rows.setdefault(row, []).extend(map(outcome_from, outcomes))
        return rows

    def each(
        self, what: str, cases: Sequence[Case], compute: Callable[[Case, Callable[[int], None]], Record]
    ) -> list[Record]:
        """A record for every case, those an interrupted run left behind taken as they are."""
        total = sum(len(case.questions) for case in cases)
        before = 0
        found = []
        with self.kept(what) as (known, keep):
            for case in cases:
                label = f"{self.task.name} · {what} · {self.label} · {case.name}"

                def asked(done: int, label: str = label, before: int = before) -> None:
                    self.progress(label, before + done, total)

                asked(0)
                name = fingerprint(case)
                if name not in known:
                    keep(name, compute(case, asked))
                found.append(known[name])
                before += len(case.questions)
                asked(len(case.questions))
        return found

    @contextmanager
    def kept(self, what: str) -> Iterator[tuple[dict[str, Record], Callable[[str, Record], None]]]:
        """Records by name that survive an interruption; once all is done they are put aside as the last run's."""
        known: dict[str, Record] = {}
        if self.data is None:
            yield known, known.__setitem__
            return
        folder = self.results / PARTIAL
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")
        stem = f"{self.task.name}-{what}-{self.label}".replace("/", "_").replace(":", "_")
        key = digest(code_fingerprint(), self.task.name, what, self.embedder.name, str(self.k), self.store, size=6)
        path = folder / f"{stem}-{key}.jsonl"
        for other in folder.glob(f"{stem}-*.jsonl"):  # left by other code or another k: of no use any more
            if other != path:
                other.unlink(missing_ok=True)
        if self.resume and path.exists():
            known.update(kept_records(path))
        else:
            path.unlink(missing_ok=True)

        def keep(name: str, record: Record) -> None:
            known[name] = record
            append(path, {"name": name, "record": record})

        yield known, keep
        if what != "references" and path.exists():
            path.replace(folder / f"{stem}.last.jsonl")


def measure_case(
    case: Case, task: Task, recipe: str, embedder: Kept, k: int, store: str, asked: Callable[[int], None]
) -> Measured:
    """Remember the events of one case in a fresh space and ask it every question."""
    out = Measured(events=len(case.events))
    session_of = {event.source: event.session for event in case.events}
    with _space(store, recipe, embedder) as space:
        embedder.reset()
        start = time.perf_counter()
        space.remember(case.events, namespace=case.name)
        out.ingest = time.perf_counter() - start - embedder.seconds
        out.embed = embedder.seconds
        for done, question in enumerate(case.questions, start=1):
            hits, seconds = _recall(space, question, case.name, k, embedder)
            out.recalls.append(seconds)
            deep = _recall(space, question, case.name, task.depth, embedder)[0] if task.depth else hits
            sources = ranked_sources(hits)[:k]
            sessions = list(dict.fromkeys(session_of.get(each, "") for each in ranked_sources(deep)))
            top = hits[0].score if hits else None
            out.outcomes.append(judge(question, sources, [each for each in sessions if each], top))
            asked(done)
    return out


def ranked_sources(hits: Sequence[Hit]) -> list[str]:
    """The sources behind the hits, best first, each where it comes first."""
    return list(dict.fromkeys(source for hit in hits for source in hit.sources))


def _recall(space: Space, question: Question, namespace: str, k: int, embedder: Kept) -> tuple[list[Hit], float]:
    embedder.reset()
    start = time.perf_counter()
    hits = space.recall(question.text, namespace=namespace, k=k, now=question.now, valid_at=question.valid_at)
    return hits, time.perf_counter() - start - embedder.seconds


@contextmanager
def _space(store: str, recipe: str, embedder: Embedder) -> Iterator[Space]:
    with tempfile.TemporaryDirectory(prefix="mnesis-bench-") as folder:
        path = ":memory:" if store == ":memory:" else str(Path(folder) / "bench.mnesis")
        with Space(path, recipe=recipe, embedder=embedder) as space:
            yield space


# ------------------------------------------------------------------------------------------------ what was asked


def task_names() -> dict[str, str]:
    """Every name a task is asked for by, and its address: the file's name, and the name the task reports under."""
    names: dict[str, str] = {}
    for address in catalog.names("bench.tasks"):
        names[catalog.make(address).name] = address
        names.setdefault(address.rpartition(".")[2], address)
    return names


def task_of(wanted: str | Task) -> Task:
    """The task of a name, with options after a colon: ``beam:size=500K``.

    >>> task_of("2wiki").name, task_of("timeqa:within=true").name
    ('2wiki', 'timeqa-within')
    """
    if isinstance(wanted, Task):
        return wanted
    name, _, rest = wanted.partition(":")
    names = task_names()
    address = names.get(name.removeprefix("bench.tasks."))
    if address is None:
        raise UnknownName("task", name, sorted([*names, *APART]))
    made: Task | Drill | Quiz = catalog.make(
        address, **dict(_option(address, part) for part in rest.split(",") if part)
    )
    if isinstance(made, Drill):
        raise BadInput(f"{name} is made up for memory made of layers; mnesis bench neural runs it.")
    if isinstance(made, Quiz):
        raise BadInput(f"{name} is for networks that answer questions on stories; mnesis bench stories runs it.")
    return made


def _option(address: str, part: str) -> tuple[str, Any]:
    name, equals, value = part.partition("=")
    if not equals:
        raise BadInput(f"{part!r} is not an option of {address}; write it as name=value, for example size=500K.")
    parameter = inspect.signature(catalog.maker(address)).parameters.get(name)
    if parameter is not None and isinstance(parameter.default, bool):
        if value.lower() not in ("true", "false"):
            raise BadInput(f"{name}={value!r} of {address} must be true or false.")
        return name, value.lower() == "true"
    return name, value


# ------------------------------------------------------------------------------------------------- what it ran on


@cache
def code_fingerprint() -> str:
    """Changes with any file of the package, so that a half-done run is not finished by other code."""
    h = hashlib.blake2b(digest_size=8)
    for path in sorted(ROOT.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and "commands" not in path.parts:
            h.update(f"{path.relative_to(ROOT)} {path.stat().st_size}".encode())
            if path.suffix in (".py", ".sql", ".json"):
                h.update(path.read_bytes())
    return h.hexdigest()


def fingerprint(case: Case) -> str:
    """Changes with anything a case says."""
    parts = [case.name]
    for event in case.events:
        parts += [event.source, event.session, event.speaker, str(event.at), event.text, str(dict(event.meta))]
    for question in case.questions:
        parts += [
            question.id,
            question.text,
            str(question.now),
            str(question.valid_at or ""),
            *sorted(question.gold),
            *sorted(question.sessions),
        ]
    return digest(*parts)


# ---------------------------------------------------------------------------------------------------- lines


def kept_records(path: Path) -> dict[str, Record]:
    """The whole lines of a file that may end in the middle of one."""
    known: dict[str, Record] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            record = json.loads(line)
        except json.JSONDecodeError:  # the line that was being written when the run stopped
            continue
        known[record["name"]] = record["record"]
    return known


def _measured_from(record: Record) -> Measured:
    outcomes = [outcome_from(each) for each in record["outcomes"]]
    return Measured(outcomes, record["events"], record["ingest"], record["embed"], list(record["recalls"]))
