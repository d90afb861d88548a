"""How fast and how large: rates, latencies, bytes and growth, on chat turns made here or on sentences of BEAM.

    mnesis bench speed                                  10,000 and 100,000 memories of 256 dimensions
    mnesis bench speed:n=10000+100000+1000000           a million as well: a quarter of an hour, 4 GB of memory

A size that is done is kept in ``<results>/.partial`` until the last one is, so a run that stopped goes on where it was.
Embedding is left out of every number. The recall that is timed is the whole of it: candidates by words, vectors, time
and neighbours, ranked and explained, cubes read out. Recalls are timed in a process of their own that opens the space
from disk, as an application does; its resident memory is that process's. The names:

    ingest_per_second       memories a second, remembered in batches of 5,000
    single_per_second       durable remembers of one event each, a thousand, so that what they put off is in it too;
    bare_per_second         one-row commits of plain SQLite (WAL, synchronous=FULL) beside it on the same disk;
    single_remember_ratio   of the two
    recall_p50_ms, _p99_ms  one recall with k = 10;  recall_p99_over_p50
    reopen_seconds          opening the space and answering the first recall, in a fresh process, files in the cache
    resident_gb             resident memory of that process after all its recalls
    disk_mb, disk_ratio     everything on disk, and that over raw text plus one 16-bit vector a memory
    candidate_recall        of the 200 best by words and the 200 nearest by vector, exactly: the share that is found,
                            held against the vectors in the file itself; the least of all sizes
    small_namespace_ratio   recall p50 of 200 memories inside the large space, over the same 200 alone;
    small_namespace_same    the share of their first ten hits that is the same
    recall_growth, ingest_cost_growth    the largest size over the smallest
"""

from __future__ import annotations

import json
import re
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from mnesis.bench.chatter import WordDirections, asked, chatter
from mnesis.bench.embedding import Kept
from mnesis.bench.record import Progress, append, circumstances, embedder_of
from mnesis.bench.tasks.beam import SIZES, beam
from mnesis.errors import BadInput, MnesisError
from mnesis.memory import Space
from mnesis.store.generations import KEYS
from mnesis.store.sqlite import SqliteStore
from mnesis.store.terms import terms
from mnesis.words import Event, Floats, Rows, digest

BATCH = 5_000
SINGLES = 1_000
WARM = 2_000  # memories kept before the clock starts, so that the first size pays no more than the others
QUESTIONS = 300
EXACT_QUESTIONS = 30
SMALL = 200
LIMIT = 200
BIG, TINY = "big", "tiny"
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
Numbers = dict[str, float]


def speed(
    sizes: Sequence[int] = (10_000, 100_000),
    dim: int = 256,
    *,
    data: Path | None = None,
    recipe: str = "default",
    embedder: str = "",
    results: Path | None = Path("results"),
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Measure spaces of these sizes and append one line to ``<results>/speed.jsonl`` (None appends nothing).

    `embedder` names a real one in place of random word directions of `dim` dimensions.
    """
    if not sizes or any(n < SMALL for n in sizes):
        raise BadInput(f"Speed is measured at sizes of at least {SMALL} memories, for example 10000,100000.")
    told = progress or (lambda what, done, total: None)
    groups: dict[str, Any] = {}
    sizes = sorted(sizes)
    kept = None if results is None else half_way(results, recipe, embedder or f"word-directions-{dim}", data)
    if kept is not None and kept.exists():
        groups = json.loads(kept.read_text("utf-8"))
    for n in sizes:
        if str(n) in groups:
            continue
        found = measure(sentences(data, n) if data else chatter(n), dim, recipe, embedder, told)
        groups[str(n)] = {name: {"value": round(value, 4)} for name, value in found.items()}
        if kept is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(groups), "utf-8")
    groups = {str(n): groups[str(n)] for n in sizes}
    first, last = groups[str(sizes[0])], groups[str(sizes[-1])]
    growth = {
        "recall_growth": last["recall_p50_ms"]["value"] / first["recall_p50_ms"]["value"],
        "ingest_cost_growth": first["ingest_per_second"]["value"] / last["ingest_per_second"]["value"],
    }
    least = min(each["candidate_recall"]["value"] for each in groups.values())
    last = {**last, "candidate_recall": {"value": least}}
    line = {
        "task": "speed",
        "recipe": recipe,
        "embedder": embedder or f"word-directions-{dim}",
        "metrics": {**last, **({k: {"value": round(v, 4)} for k, v in growth.items()} if len(sizes) > 1 else {})},
        "groups": groups,
        "n": sizes[-1],
        "references": {},
        "seconds": {},
        "texts": "beam" if data else "made here",
        **circumstances(),
    }
    if results is not None and kept is not None:
        append(results / "speed.jsonl", line)
        kept.unlink(missing_ok=True)
    return line


def half_way(results: Path, recipe: str, embedder: str, data: Path | None) -> Path:
    """The file that keeps the sizes that are done; one for every code, recipe, embedder and kind of text."""
    about = circumstances()
    named = json.dumps([about["commit"], about["dirty"], about["versions"], recipe, embedder, str(data or "")])
    return results / ".partial" / f"speed-{digest(named)}.json"


def measure(events: Sequence[Event], dim: int, recipe: str, embedder: str, told: Progress) -> Numbers:
    """Every number for one size."""
    mind = Kept(embedder_of(embedder) if embedder else WordDirections(dim), None)
    questions = asked(events, QUESTIONS)
    label = f"{len(events):,} memories"
    with tempfile.TemporaryDirectory(prefix="mnesis-speed-") as place:
        folder = Path(place)
        path = folder / "big" / "big.mnesis"
        path.parent.mkdir()
        small = small_events(events)
        with Space(folder / "warm.mnesis", recipe=recipe, embedder=mind) as space:
            space.remember(chatter(WARM, seed=7))
        out = ingest(path, events, small, mind, recipe, lambda done: told(f"{label} · kept", done, len(events)))
        raw = sum(len(event.text.encode()) for event in [*events, *small])
        size = sum(each.stat().st_size for each in path.parent.rglob("*") if each.is_file())
        out["disk_mb"] = size / 1e6
        out["disk_ratio"] = size / (raw + (len(events) + len(small)) * mind.dim * 2)
        told(f"{label} · measured", 1, 5)
        ask = {"path": str(path), "recipe": recipe, "dim": dim, "embedder": embedder}
        read = in_own_process({**ask, "namespace": BIG, "questions": questions})
        out["recall_p50_ms"], out["recall_p99_ms"] = quantiles(read["seconds"])
        out["recall_p99_over_p50"] = out["recall_p99_ms"] / out["recall_p50_ms"]
        out["reopen_seconds"], out["resident_gb"] = read["reopen"], read["resident_gb"]
        told(f"{label} · measured", 2, 5)
        out |= beside(folder, ask, small, mind, recipe)
        told(f"{label} · measured", 3, 5)
        out["candidate_recall"] = candidate_recall(path, questions[:EXACT_QUESTIONS], mind)
        told(f"{label} · measured", 4, 5)
        out |= singles(path, folder / "bare.sqlite", mind, recipe)
        told(f"{label} · measured", 5, 5)
        return out


def small_events(events: Sequence[Event]) -> list[Event]:
    """Two hundred turns in sessions that the large namespace has too."""
    return list(events[:SMALL])


def ingest(
    path: Path,
    events: Sequence[Event],
    small: Sequence[Event],
    mind: Kept,
    recipe: str,
    told: Callable[[int], None],
) -> Numbers:
    """Batch ingest into the large namespace, and the small namespace in the middle of it."""
    with Space(path, recipe=recipe, embedder=mind) as space:
        mind.reset()
        spent = 0.0
        for at in range(0, len(events), BATCH):
            start = time.perf_counter()
            space.remember(events[at : at + BATCH], namespace=BIG)
            spent += time.perf_counter() - start
            told(min(at + BATCH, len(events)))
            if at == 0:
                spent -= mind.seconds
                space.remember(small, namespace=TINY)
                mind.reset()
        return {"ingest_per_second": len(events) / (spent - mind.seconds)}


def beside(folder: Path, ask: dict[str, Any], small: Sequence[Event], mind: Kept, recipe: str) -> Numbers:
    """The small namespace inside the large space, against the same memories in a space of their own."""
    alone = folder / "alone.mnesis"
    with Space(alone, recipe=recipe, embedder=mind) as space:
        space.remember(small, namespace=TINY)
    questions = asked(small, QUESTIONS // 3, seed=5)
    inside = in_own_process({**ask, "namespace": TINY, "questions": questions})
    apart = in_own_process({**ask, "path": str(alone), "namespace": TINY, "questions": questions})
    pairs = list(zip(inside["sources"], apart["sources"], strict=True))
    return {
        "small_namespace_ratio": quantiles(inside["seconds"])[0] / quantiles(apart["seconds"])[0],
        "small_namespace_same": float(np.mean([len(set(a) & set(b)) / max(len(b), 1) for a, b in pairs])),
    }


def singles(path: Path, bare: Path, mind: Kept, recipe: str) -> Numbers:
    """Durable remembers one at a time, in turns with one-row commits of plain SQLite."""
    events = chatter(SINGLES, seed=11)
    plain = sqlite3.connect(bare, isolation_level=None)
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "CREATE TABLE said (text TEXT)"):
        plain.execute(statement)
    ours, theirs = 0.0, 0.0
    with Space(path, recipe=recipe, embedder=mind) as space:
        space.remember("The first one opens the files.", namespace=BIG)
        for at, event in enumerate(events):
            mind.reset()
            start = time.perf_counter()
            space.remember(event.text, namespace=BIG, speaker=event.speaker, at=event.at, source=f"single:{at}")
            ours += time.perf_counter() - start - mind.seconds
            start = time.perf_counter()
            plain.execute("INSERT INTO said VALUES (?)", (event.text,))
            theirs += time.perf_counter() - start
    plain.close()
    return {
        "single_per_second": SINGLES / ours,
        "bare_per_second": SINGLES / theirs,
        "single_remember_ratio": theirs / ours,
    }


def candidate_recall(path: Path, questions: Sequence[str], mind: Kept) -> float:
    """The share of the exactly best rows, by words and by vector, that the indexes bring."""
    store = SqliteStore(path)
    try:
        view = store.view(BIG)
        rows = view.alive()
        vectors = mind.embed(questions, "query") if mind.dim else [None] * len(questions)
        cosines: Floats | None = None
        if mind.dim:
            cosines = exactly(path, view.column("key", rows), mind.embed(questions, "query"))
        shares: list[float] = []
        for question, vector in zip(questions, vectors, strict=True):
            words = view.words(terms(question))
            found = words.top(LIMIT)[0]
            exact = [words.at(rows)]
            if vector is not None and cosines is not None:
                found = np.union1d(found, view.near(vector).top(LIMIT)[0])
                exact.append(cosines[:, len(shares)])
            counts = [brought(rows, scores, found) for scores in exact]
            shares.append(sum(had for had, _ in counts) / max(sum(wanted for _, wanted in counts), 1))
        return float(np.mean(shares))
    finally:
        store.close()


def exactly(path: Path, keys: Rows, questions: Floats) -> Floats:
    """The cosines [rows, questions] of every version of these keys, from the vectors as the file holds them."""
    out = np.full((len(keys), len(questions)), -1.0, np.float32)
    with closing(sqlite3.connect(path)) as raw:
        found = raw.execute("SELECT pk, vector FROM vectors ORDER BY pk")
        while page := found.fetchmany(65_536):
            owner = np.array([pk // KEYS for pk, _ in page], np.int64)
            vectors = np.frombuffer(b"".join(vector for _, vector in page), np.float16).reshape(len(page), -1)
            rows = np.searchsorted(keys, owner).clip(max=len(keys) - 1)
            ours = keys[rows] == owner
            np.maximum.at(out, rows[ours], vectors[ours].astype(np.float32) @ questions.T)
    return out


def brought(rows: Rows, scores: Floats, found: Rows) -> tuple[int, int]:
    """How many of the `LIMIT` best were found, and how many there are; of equal scores at the edge any will do."""
    scores = np.nan_to_num(scores, nan=0.0)
    wanted = min(LIMIT, int((scores > 0).sum()))
    if not wanted:
        return 0, 0
    edge = np.partition(scores, len(scores) - wanted)[len(scores) - wanted]
    had = int((scores[np.isin(rows, found)] >= edge - 1e-6).sum())
    return min(had, wanted), wanted


def quantiles(seconds: Sequence[float]) -> tuple[float, float]:
    """The median and the 99th percentile, in milliseconds."""
    p50, p99 = np.quantile(np.array(seconds) * 1000.0, (0.5, 0.99))
    return float(p50), float(p99)


def sentences(data: Path, n: int) -> list[Event]:
    """`n` sentences of BEAM conversations as turns."""
    out: list[Event] = []
    for event in _messages(data):
        for part in SENTENCE.split(event.text):
            if 4 <= len(part.split()) <= 60:
                out.append(Event(part, event.speaker, event.at, f"{event.session}:{len(out)}", event.session))
                if len(out) == n:
                    return out
    raise BadInput(f"The BEAM data in {data} holds {len(out):,} sentences; ask for no more, or leave --data out.")


def _messages(data: Path) -> Iterator[Event]:
    for size in SIZES:
        for case in beam(size).load(data):
            for event in case.events:
                yield Event(event.text, event.speaker, event.at, session=f"{size}/{case.name}/{event.session}")


# --------------------------------------------------------------------------------------- the process that recalls


def in_own_process(ask: dict[str, Any]) -> dict[str, Any]:
    """Open a space and recall in a fresh interpreter; what it measured."""
    done = subprocess.run(
        [sys.executable, "-m", "mnesis.bench.speed"], input=json.dumps(ask), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise MnesisError(f"The process that times recalls ended with an error:\n{done.stderr.strip()[-2000:]}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def recalls(ask: dict[str, Any]) -> dict[str, Any]:
    """Open the space, answer the questions one after the other, and say how long each took."""
    mind = Kept(embedder_of(ask["embedder"]) if ask["embedder"] else WordDirections(ask["dim"]), None)
    mind.embed(["warm"], "query")
    seconds: list[float] = []
    sources: list[list[str]] = []
    mind.reset()
    start = time.perf_counter()
    with Space(ask["path"], recipe=ask["recipe"], embedder=mind) as space:
        space.recall(ask["questions"][0], namespace=ask["namespace"], k=10)
        reopen = time.perf_counter() - start - mind.seconds
        for question in ask["questions"]:
            mind.reset()
            start = time.perf_counter()
            hits = space.recall(question, namespace=ask["namespace"], k=10)
            seconds.append(time.perf_counter() - start - mind.seconds)
            sources.append([source for hit in hits for source in hit.sources])
        return {"reopen": reopen, "seconds": seconds, "sources": sources, "resident_gb": resident()}


def resident() -> float:
    """Resident memory of this process in gigabytes: now where the system says, else its peak."""
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text(encoding="ascii", errors="replace"))
        if found:
            return int(found[1]) * 1024 / 1e9
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e9 if sys.platform == "darwin" else peak * 1024 / 1e9


if __name__ == "__main__":
    print(json.dumps(recalls(json.load(sys.stdin))))
