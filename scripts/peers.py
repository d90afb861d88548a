"""Measure other memory systems beside mnesis: the same turns, the same vectors, each in an environment of its own.

For every rival a virtual environment is made under .venv-peers, its package installed, and its adapter in
scripts/peers run as a process of its own, first on the LoCoMo conversations when --data is given (how much of the gold
is among the first ten turns, categories 1 to 4) and then on 1,000, 10,000 and 100,000 chat turns (ingest rate, recall
latency, bytes on disk, resident memory). Vectors are made once, here, so embedding is in no number. A rival is given
each turn as "speaker: text"; mnesis is given speaker, date and session in their own fields. One that cannot be
installed or run, or does not finish in time, is recorded with the reason. Lines go to results/peers.jsonl.

    python scripts/peers.py --data benchmarks --only chroma,langgraph --sizes 1000,10000
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mnesis import settings
from mnesis.bench.chatter import asked, chatter
from mnesis.bench.measure import Outcome, judge, measured
from mnesis.bench.record import append, circumstances, embedder_of
from mnesis.bench.references import vector_key
from mnesis.bench.run import task_of
from mnesis.bench.speed import sentences
from mnesis.bench.tasks import Question
from mnesis.errors import MnesisError
from mnesis.models import Embedder
from mnesis.words import Event

HERE = Path(__file__).parent / "peers"
ROOT = Path(__file__).parents[1]
RIVALS = {
    "chroma": ("chromadb",),
    "lancedb": ("lancedb",),
    "langgraph": ("langgraph",),
    "txtai": ("txtai",),
    "mem0": ("mem0ai", "qdrant-client"),
    "mempalace": ("mempalace",),
}
OURS = "mnesis"
SIZES = (1_000, 10_000, 100_000)
QUESTIONS = 200
K = 10
QUALITY = ("recall@10", "ndcg@10", "recall@1", "recall@5")
INSTALL_SECONDS = 1_800
SLACK = 300.0  # on top of the two budgets: starting, saving, and a batch that began in time
Record = dict[str, Any]


def main(arguments: Sequence[str]) -> int:
    """Measure whoever was asked for, mnesis last, so that its line can hold the ratios."""
    options = _options(arguments)
    data = Path(options.data) if options.data else None
    names = [each for each in options.only.split(",") if each] if options.only else [*RIVALS, OURS]
    for name in names:
        if name not in (*RIVALS, OURS):
            print(f"There is no rival named {name!r}; there are: {', '.join([*RIVALS, OURS])}.", file=sys.stderr)
            return 2
    mind = embedder_of(options.embedder)
    lines: dict[str, Record] = {}
    with tempfile.TemporaryDirectory(prefix="mnesis-peers-") as folder:
        jobs = make_jobs(Path(folder), data, [int(each) for each in options.sizes.split(",")], mind, options)
        for name in sorted(names, key=lambda each: each == OURS):
            print(f"{name} …", file=sys.stderr)
            line = measure(name, jobs, Path(options.venvs), options)
            if name == OURS:
                line["metrics"] |= ratios(line, lines)
            lines[name] = line
            append(Path(options.results) / "peers.jsonl", line)
            print(summary(name, line), file=sys.stderr)
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", default=settings.data(), help="where the benchmark data lies; without it no quality")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="how many turns, with commas")
    parser.add_argument("--only", default="", help="rivals by name, with commas; mnesis is one of them")
    parser.add_argument("--embedder", default="static", help="whose vectors everybody is given")
    parser.add_argument("--recipe", default="default", help="the recipe mnesis runs")
    parser.add_argument("--budget", type=float, default=600.0, help="seconds each for adding and for searching, a job")
    parser.add_argument("--venvs", default=str(ROOT / ".venv-peers"), help="where the environments are made")
    parser.add_argument("--results", default=str(ROOT / "results"))
    return parser.parse_args(arguments)


# ----------------------------------------------------------------------------------------------------- the jobs


def make_jobs(
    folder: Path, data: Path | None, sizes: Sequence[int], mind: Embedder, options: argparse.Namespace
) -> list[tuple[str, Path, list[Question]]]:
    """(name, folder, questions) of every job: LoCoMo when there is data, then one for each size."""
    jobs = []
    if data is not None:
        cases = list(task_of("locomo").load(data))
        turns = [(case.name, event) for case in cases for event in case.events]
        questions = [(case.name, each) for case in cases for each in case.questions if each.answerable and each.gold]
        jobs.append(
            ("locomo", write_job(folder / "locomo", turns, questions, mind, options), [q for _, q in questions])
        )
    for n in sorted(sizes):
        events = sentences(data, n) if data is not None else chatter(n)
        turns = [("all", event) for event in events]
        questions = [("all", Question(str(at), text)) for at, text in enumerate(asked(events, QUESTIONS))]
        jobs.append((str(n), write_job(folder / str(n), turns, questions, mind, options), [q for _, q in questions]))
    return jobs


def write_job(
    folder: Path,
    turns: Sequence[tuple[str, Event]],
    questions: Sequence[tuple[str, Question]],
    mind: Embedder,
    options: argparse.Namespace,
) -> Path:
    """Turns and questions as lines, their vectors as arrays."""
    folder.mkdir()
    texts = [vector_key(event) for _, event in turns]
    rows = [
        {"id": event.source, "text": text, "space": space, "fields": _fields(event)}
        for (space, event), text in zip(turns, texts, strict=True)
    ]
    _write(folder / "turns.jsonl", rows)
    asked = [{"id": question.id, "text": question.text, "space": space} for space, question in questions]
    _write(folder / "questions.jsonl", asked)
    np.save(folder / "turns.npy", mind.embed(texts, "document"))
    np.save(folder / "questions.npy", mind.embed([question.text for _, question in questions], "query"))
    job = {"k": K, "budget": options.budget, "embedder": options.embedder, "recipe": options.recipe}
    (folder / "job.json").write_text(json.dumps(job), "utf-8")
    return folder


def _fields(event: Event) -> Record:
    fields: Record = {"text": event.text, "speaker": event.speaker, "session": event.session, "role": event.role}
    if event.at is not None:
        fields["at"] = event.at.isoformat()
    if event.meta:
        fields["meta"] = dict(event.meta)
    return fields


def _write(path: Path, rows: Sequence[Record]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


# -------------------------------------------------------------------------------------------------- one rival


def measure(
    name: str, jobs: Sequence[tuple[str, Path, list[Question]]], venvs: Path, options: argparse.Namespace
) -> Record:
    """Every job of one rival as one line; what went wrong is in its `reason`."""
    groups: Record = {}
    quality: Record = {}
    reasons: list[str] = []
    versions: Record = {}
    megabytes = 0.0
    try:
        python = sys.executable if name == OURS else environment(name, venvs)
        megabytes = 0.0 if name == OURS else _size(venvs / name) / 1e6
        for job, folder, questions in jobs:
            answer = run_job(name, python, folder, options.budget)
            versions = answer["versions"]
            whole, asked_all = answer["added"] == _lines(folder / "turns.jsonl"), len(answer["hits"]) == len(questions)
            if job == "locomo" and whole and asked_all:
                quality = measured(QUALITY, outcomes(questions, answer["hits"]))
            elif job != "locomo":
                groups[job] = numbers(answer)
            if not whole:
                reasons.append(f"{job}: only {answer['added']:,} turns were added in {options.budget:.0f} s")
            if not asked_all:
                reasons.append(f"{job}: only {len(answer['hits']):,} questions were answered in {options.budget:.0f} s")
            if job != "locomo" and not (whole and asked_all):
                break  # a larger size would not do better
    except MnesisError as err:
        reasons.append(str(err))
    largest = groups[max(groups, key=int)] if groups else {}
    more = {"install_mb": {"value": round(megabytes, 1)}} if megabytes else {}
    return {
        "task": "peers",
        "recipe": options.recipe if name == OURS else name,
        "embedder": options.embedder,
        "metrics": {**largest, **more, **quality},
        "groups": groups,
        "n": max(map(int, groups), default=0),
        "references": {},
        "seconds": {},
        "reason": "; ".join(reasons),
        "peer_versions": versions,
        "texts": "beam" if options.data else "made here",
        **circumstances(),
    }


def environment(name: str, venvs: Path) -> str:
    """The Python of a rival's environment, made and filled on first use."""
    python = venvs / name / "bin" / "python"
    if not python.exists():
        venv.create(venvs / name, with_pip=True)
    stamp = venvs / name / "installed"
    if not stamp.exists():
        command = [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "numpy",
            *RIVALS[name],
        ]
        _run(command, INSTALL_SECONDS, f"{' '.join(RIVALS[name])} could not be installed")
        stamp.touch()
    return str(python)


def run_job(name: str, python: str, folder: Path, budget: float) -> Record:
    """One adapter on one job, in a process of its own."""
    answer = folder / "answer.json"
    answer.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{name}-", dir=folder.parent) as place:
        command = [python, str(HERE / f"with_{name}.py"), str(folder), place]
        _run(command, 2 * budget + SLACK, f"{name} failed on {folder.name}")
    found: Record = json.loads(answer.read_text("utf-8"))
    return found


def _run(command: Sequence[str], seconds: float, failed: str) -> None:
    """Run to the end, or raise with the last line the program wrote."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as err:
        raise MnesisError(f"{failed}: it took longer than {seconds:.0f} s") from err
    if done.returncode:
        said = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        raise MnesisError(f"{failed}: {said[-1][:300] if said else f'exit code {done.returncode}'}")


# -------------------------------------------------------------------------------------------------- the numbers


def numbers(answer: Record) -> Record:
    """What one job measured, in the names of `bench.speed`."""
    p50, p99 = np.quantile(np.array(answer["recall_seconds"]) * 1000.0, (0.5, 0.99))
    found = {
        "ingest_per_second": answer["added"] / answer["ingest_seconds"],
        "recall_p50_ms": p50,
        "recall_p99_ms": p99,
        "disk_mb": answer["bytes"] / 1e6,
        "resident_gb": answer["resident_gb"],
        "added": answer["added"],
    }
    return {name: {"value": round(float(value), 4)} for name, value in found.items()}


def outcomes(questions: Sequence[Question], hits: Sequence[Sequence[str]]) -> list[Outcome]:
    """Where the gold of each question stands in the hits."""
    return [judge(question, list(found), [], None) for question, found in zip(questions, hits, strict=True)]


def ratios(ours: Record, others: dict[str, Record]) -> Record:
    """mnesis over a rival at the largest size both were given; one that ran out of time counts at its rate so far."""
    out = {}
    for metric, rival, name in (
        ("ingest_per_second", "chroma", "ingest_over_chroma"),
        ("ingest_per_second", "mem0", "ingest_over_mem0"),
        ("recall_p50_ms", "chroma", "recall_over_chroma"),
    ):
        sizes = set(ours["groups"]) & set(others.get(rival, {"groups": {}})["groups"])
        if sizes:
            at = max(sizes, key=int)
            value = ours["groups"][at][metric]["value"] / others[rival]["groups"][at][metric]["value"]
            out[name] = {"value": round(value, 3), "at": int(at)}
    return out


def summary(name: str, line: Record) -> str:
    """One line for the person who waits."""
    shown = "  ".join(f"{metric} {each['value']:,.3f}" for metric, each in line["metrics"].items())
    return f"{name}: {shown} {line['reason']}".rstrip()


def _lines(path: Path) -> int:
    with path.open("rb") as lines:
        return sum(1 for _ in lines)


def _size(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file() and not each.is_symlink())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
