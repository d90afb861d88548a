"""Recipes beside each other: what they find, what their contexts take, what writing costs, what they leave on disk.

    compare(["locomo", "beam"], data="benchmarks", recipe="all", embedder="static")

Every recipe is told the same cases, session by session, in a fresh space in a file; its tenders run once at the end,
and every question is recalled and laid out as a context of `BUDGET` tokens, without leaving traces. At a budget of 0
questions nothing but the recipe and the rules is at work; with a mind and a budget the same is measured over it.

A benchmark is sampled evenly where all of it would take hours: a line says how many cases and events it was. Writing
and tending are measured in processor time, so that what else runs on the machine does not count, and `verbatim` is
measured in the same process. What a case brought is written down at once, so a run that stopped goes on there, as
long as neither code nor data changed.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from mnesis import catalog
from mnesis.asking import mind_of
from mnesis.bench.embedding import Kept
from mnesis.bench.folder import data_folder
from mnesis.bench.measure import SEED, Outcome, interval, judge, measured, outcome_from, per_question, tier
from mnesis.bench.record import Progress, Record, append, circumstances, embedder_of
from mnesis.bench.run import PARTIAL, code_fingerprint, fingerprint, kept_records, ranked_sources, task_of
from mnesis.bench.tasks import Case, Task
from mnesis.errors import BadInput
from mnesis.memory import Space
from mnesis.words import Event, digest

NAME = "recipes"
SLOT = "text.recipes"
YARDSTICK = "verbatim"
ALL = "all"
K = 10
BUDGET = 1200
CASES = {"locomo": 3, "beam": 3}  # how many are taken where nobody says; of other tasks all
COSTS = ("questions", "read", "written", "cached", "rules", "unanswered", "malformed")


def compare(
    tasks: Sequence[str | Task],
    data: str | Path | None,
    recipe: str = ALL,
    embedder: Any = "static",
    results: str | Path = "results",
    resume: bool = True,
    cases: int | None = None,
    mind: Any = None,
    questions: int = 0,
    progress: Progress | None = None,
) -> list[Record]:
    """Measure recipes on tasks beside `verbatim`; the lines appended to ``<results>/recipes.jsonl``.

    `recipe` is ``all`` or several names with commas. `cases` bounds how many cases of a task are taken, evenly spaced
    (0: all). `questions` is what one call may ask the `mind`. ``data="sample"`` records nothing.
    """
    if cases is not None and cases < 0:
        raise BadInput(f"cases={cases} makes no sense; give 0 for all of them, or how many.")
    folder = data_folder(data)
    asked = mind_of(mind)
    if questions and asked is None:
        raise BadInput(f"questions={questions} needs a language model to ask; name it with mind=….")
    names = [each.rpartition(".")[2] for each in catalog.names(SLOT)] if recipe == ALL else _several(recipe)
    for each in names:
        catalog.find(each, SLOT)
    names = [YARDSTICK, *(each for each in names if each != YARDSTICK)]
    label = embedder if isinstance(embedder, str) else embedder.name
    made = embedder_of(embedder)
    vectors = Path(results) / PARTIAL / "vectors.sqlite" if tier(label) == "local" and folder is not None else None
    lines = []
    with Kept(made, vectors) as keeper:
        _warm(keeper)
        for task in map(task_of, tasks):
            told = sampled(list(task.load(folder)), CASES.get(task.name, 0) if cases is None else cases)
            run = _Run(task, told, keeper, asked, questions, progress or (lambda what, done, total: None))
            kept = None if folder is None else _kept(Path(results), task.name, label, asked, questions, resume)
            yard: list[Record] = []
            for name in names:
                found = run.measured(name, kept)
                yard = yard or found
                line = {**_line(task, name, found, yard), "embedder": label, **circumstances()}
                line |= {"mind": getattr(asked, "name", "rules"), "questions": questions}
                if folder is not None:
                    append(Path(results) / f"{NAME}.jsonl", line)
                lines.append(line)
    return lines


def _warm(embedder: Kept) -> None:
    """What is loaded and made once is not to be measured with the first recipe."""
    with _file() as path, Space(path, recipe=YARDSTICK, embedder=embedder) as space:
        space.remember([f"Note {n} about kettles and boats." for n in range(50)])
        space.recall("Where is the kettle?")


def sampled(cases: Sequence[Case], most: int) -> list[Case]:
    """At most so many cases, evenly spaced; 0 takes all.

    >>> [each.name for each in sampled([Case(str(n), [], []) for n in range(10)], 3)]
    ['0', '3', '6']
    """
    if not most or len(cases) <= most:
        return list(cases)
    return [cases[n * len(cases) // most] for n in range(most)]


def _several(recipe: str) -> list[str]:
    return [each.strip() for each in recipe.split(",") if each.strip()]


class _Run:
    """One task on its way through the recipes."""

    def __init__(
        self, task: Task, cases: Sequence[Case], embedder: Kept, mind: Any, questions: int, progress: Progress
    ) -> None:
        self._task, self._cases, self._embedder = task, cases, embedder
        self._mind, self._questions, self._progress = mind, questions, progress

    def measured(self, recipe: str, kept: _Records | None) -> list[Record]:
        """A record for every case, those an interrupted run left behind taken as they are."""
        out = []
        for done, case in enumerate(self._cases):
            self._progress(f"{self._task.name} · {recipe} · {case.name}", done, len(self._cases))
            name = f"{recipe} {fingerprint(case)}"
            record = None if kept is None else kept.known.get(name)
            if record is None:
                record = self._case(recipe, case)
                if kept is not None:
                    kept.keep(name, record)
            out.append(record)
        self._progress(f"{self._task.name} · {recipe} · done", len(self._cases), len(self._cases))
        return out

    def _case(self, recipe: str, case: Case) -> Record:
        """Tell a fresh space the events of one case, tend it, ask it every question."""
        now = [datetime(1970, 1, 1, tzinfo=UTC)]
        with _file() as path:
            with Space(path, recipe=recipe, embedder=self._embedder, clock=lambda: now[0], mind=self._mind) as space:
                writing, wall = self._told(space, case, now)
                start = self._start()
                space.tend(namespace=case.name, questions=self._questions)
                tending = self._spent(start)
                record = self._asked(space, case)
                record |= {"cubes": space.namespaces().get(case.name, 0)}
                record |= {name: getattr(space.account, name) for name in COSTS}
            size = sum(each.stat().st_size for each in path.parent.glob(f"{path.name}*") if each.is_file())
        return {
            **record,
            "events": len(case.events),
            "writing": writing,
            "wall": wall,
            "tending": tending,
            "size": size,
        }

    def _told(self, space: Space, case: Case, now: list[datetime]) -> tuple[float, float]:
        """Processor and wall seconds of remembering, embedding apart."""
        spent = wall = 0.0
        for _, events in groupby(case.events, key=lambda each: each.session):
            some: list[Event] = list(events)
            now[0] = max([now[0], *(each.at for each in some if each.at is not None)])
            start, begun = self._start(), time.perf_counter()
            space.remember(some, namespace=case.name, questions=self._questions)
            spent += self._spent(start)
            wall += time.perf_counter() - begun
        return spent, wall

    def _start(self) -> float:
        self._embedder.reset()
        return time.process_time()

    def _spent(self, start: float) -> float:
        return max(0.0, time.process_time() - start - self._embedder.busy)

    def _asked(self, space: Space, case: Case) -> Record:
        session_of = {event.source: event.session for event in case.events}
        outcomes: list[Record] = []
        tokens: list[int] = []
        evidence: list[float] = []
        start = self._start()
        for question in case.questions:
            ask = partial(space.recall, question.text, namespace=case.name, now=question.now, touch=False)
            hits = ask(k=K, questions=self._questions)
            deep = ask(k=self._task.depth, questions=self._questions) if self._task.depth else hits
            sessions = dict.fromkeys(session_of.get(each, "") for each in ranked_sources(deep))
            top = hits[0].score if hits else None
            ranking = [each for each in sessions if each]
            outcomes.append(judge(question, ranked_sources(hits)[:K], ranking, top).as_dict())
            lay = partial(space.context, question.text, namespace=case.name, now=question.now, touch=False)
            context = lay(budget=BUDGET, questions=self._questions)
            tokens.append(context.tokens)
            told = {source for line in context for source in line.sources}
            if not question.gold:
                told = {session_of.get(each, "") for each in told}
            if question.answerable and (gold := question.gold or question.sessions):
                evidence.append(len(told & gold) / len(gold))
        return {"outcomes": outcomes, "tokens": tokens, "evidence": evidence, "recalling": self._spent(start)}


# ---------------------------------------------------------------------------------------------------------- lines


def _line(task: Task, recipe: str, found: Sequence[Record], yard: Sequence[Record]) -> Record:
    outcomes, theirs = _outcomes(found), _outcomes(yard)
    headline = task.measures[0]
    events = sum(each["events"] for each in found)
    write, tend, size = (_each(found, name, events) for name in ("writing", "tending", "size"))
    evidence = [each for record in found for each in record["evidence"]]
    metrics = {
        **measured(headlines(task), outcomes),
        "against": apart(headline, outcomes, theirs),
        "evidence": {"value": float(np.mean(evidence)) if evidence else 0.0, "n": len(evidence)},
        "tokens": {"value": float(np.mean([each for record in found for each in record["tokens"]] or [0.0]))},
        "write_ms": {"value": 1e3 * write},
        "write_times": {"value": write / max(_each(yard, "writing", events), 1e-9)},
        "tend_ms": {"value": 1e3 * tend},
        "ask_ms": {"value": 1e3 * sum(each["recalling"] for each in found) / max(1, len(outcomes))},
        "bytes": {"value": size},
        "bytes_times": {"value": size / max(_each(yard, "size", events), 1e-9)},
        "cubes": {"value": _each(found, "cubes", events)},
    }
    costs = {name: sum(each[name] for each in found) for name in COSTS}
    sizes = {"n": len(outcomes), "cases": len(found), "events": events, "k": K, "budget": BUDGET, "seed": SEED}
    return {
        "task": NAME,
        "benchmark": task.name,
        "recipe": recipe,
        "headline": headline,
        "metrics": metrics,
        "asked": costs,
        **sizes,
    }


def _each(found: Sequence[Record], name: str, events: int) -> float:
    return float(sum(each[name] for each in found)) / max(1, events)


def _outcomes(found: Sequence[Record]) -> list[Outcome]:
    return [outcome_from(each) for record in found for each in record["outcomes"]]


def headlines(task: Task) -> list[str]:
    """The measure a task is first reported in, and its ranking of ten."""
    more = [each for each in ("ndcg@10", "session_ndcg@10") if each in task.measures]
    return list(dict.fromkeys([task.measures[0], *more[-1:]]))


def apart(name: str, mine: Sequence[Outcome], theirs: Sequence[Outcome]) -> Record:
    """The mean difference of a measure on the same questions, and its middle 95 % over questions drawn again.

    >>> one, other = Outcome("q", "", True, ranks=(1,)), Outcome("q", "", True, ranks=(0,))
    >>> apart("recall@5", [one], [other])
    {'value': 1.0, 'low': 1.0, 'high': 1.0, 'n': 1}
    """
    gap = per_question(name, mine) - per_question(name, theirs)
    gap = gap[~np.isnan(gap)]
    return {**(interval(gap) or {"value": 0.0, "low": 0.0, "high": 0.0}), "n": len(gap)}


# ----------------------------------------------------------------------------------------------------- interrupted


class _Records:
    """What was measured before, by name, and where the next is written."""

    def __init__(self, path: Path, known: dict[str, Record]) -> None:
        self.known = known
        self._path = path

    def keep(self, name: str, record: Record) -> None:
        """Write one down."""
        self.known[name] = record
        append(self._path, {"name": name, "record": record})


def _kept(results: Path, task: str, embedder: str, mind: Any, questions: int, resume: bool) -> _Records:
    folder = results / PARTIAL
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    asked = f"{getattr(mind, 'name', '')} {questions}"
    stem = f"{NAME}-{task}-{embedder}".replace("/", "_").replace(":", "_")
    path = folder / f"{stem}-{digest(code_fingerprint(), task, embedder, asked, size=6)}.jsonl"
    if not resume:
        path.unlink(missing_ok=True)
    return _Records(path, kept_records(path) if path.exists() else {})


@contextmanager
def _file() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="mnesis-bench-") as folder:
        yield Path(folder) / "bench.mnesis"


__all__ = ["CASES", "apart", "compare", "sampled"]
