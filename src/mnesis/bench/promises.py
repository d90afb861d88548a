"""What a store promises under load, measured: nothing lost among threads and processes, nothing half seen, no waiting.

    mnesis bench promises                   8 threads x 50 writes, 4 processes x 200 writes, readers beside them, races,
                                            a life lived again, files searched for what was erased and what is sealed
                                            (which needs mnesis[vault])

The names:

    threads_written, threads_lost       memories told by threads of one process, and those that are not there afterwards
    processes_written, processes_lost   the same for processes on one file
    locked                              writes that were refused because somebody else was writing
    read_idle_ms, read_beside_ms        a recall (the 99th of 100) while nobody writes, and while another process holds
                                        a write transaction open all the time
    looks, half_seen                    how often a reader looked while batches were committed with a link each, and
                                        how often memories, words, vectors and links did not tell of the same batches
    altered, unseen                     rows of a space that were altered one by one behind its back, and those that
                                        `verify` did not notice
    races, race_winners                 versions of one memory that threads revised at once, and revisions that stood
    race_losers, race_losers_shown      those that were refused, and those of them that were shown both versions
    key_races, key_memories             keys that threads told one thing under at once, and memories that came of it
    recalls_compared, recalls_differing recalls asked again later, as of the commit and the moment they were first asked
                                        at, and those that gave anything else (a memory, a version, an order, a score)
    recalls_changed                     recalls that gave something else one step of that life later
    replayed_commits, replayed_bytes    commits of a space, and bytes of its export compared with exports of what was
    replayed_differing                  restored from it, in a file and in memory, and of the same life led in memory
    erased, erased_traces               memories erased, and what they were known by: texts, names, vectors …
    erased_before                       those of the traces that stood in the files before
    erased_searched, erased_hits        bytes of the files of that space afterwards, and traces found in them
    walled_verbs, foreign_calls         public verbs, and how they were called from one namespace with what is known of
    foreign_leaks                       a memory in another; how often that was told of, or changed
    vault_traces, vault_in_clear        what a sealed memory is known by, and how much of it stands in the files of a
                                        space it was told to in clear
    vault_searched, vault_hits          bytes read of the files of the space it was sealed in, while it was open and
                                        once it was closed, and traces found in them
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from mnesis.bench.lives import by_as_of, by_races, by_replay
from mnesis.bench.record import Progress, append, circumstances
from mnesis.bench.traces import by_erasure, by_vault, by_walls
from mnesis.errors import MnesisError, SpaceError
from mnesis.memory import Space
from mnesis.models.scripted import scripted
from mnesis.store.sqlite import SqliteStore
from mnesis.words import Add, Change, Connect, Link, MemCube, Touch

DIM = 16
THREADS, EACH_THREAD = 8, 50
PROCESSES, EACH_PROCESS = 4, 200
RECALLS = 100
BATCH, BATCHES = 7, 60
WRITER = "from mnesis.bench.promises import tell; import sys; tell(*sys.argv[1:])"
HOLDER = "from mnesis.bench.promises import hold; import sys; hold(sys.argv[1])"
TABLES = ("cubes", "commits", "vectors", "events", "links", "names", "facts")
Numbers = dict[str, float]


def promises(*, results: Path | None = Path("results"), progress: Progress | None = None) -> dict[str, Any]:
    """Measure and append one line to ``<results>/promises.jsonl`` (None appends nothing)."""
    told = progress or (lambda what, done, total: None)
    parts: tuple[Callable[[Path], Numbers], ...] = (
        by_vault, by_threads, by_processes, by_readers, by_looks, by_alterations,
        by_races, by_as_of, by_replay, by_erasure, by_walls,
    )  # fmt: skip
    found: Numbers = {}
    with tempfile.TemporaryDirectory(prefix="mnesis-promises-") as place:
        for done, part in enumerate(parts):
            told("promises", done, len(parts))
            folder = Path(place) / str(done)
            folder.mkdir()
            for name, value in part(folder / "space.mnesis").items():
                found[name] = found.get(name, 0.0) + value
        told("promises", len(parts), len(parts))
    line = {
        "task": "promises",
        "recipe": "default",
        "embedder": f"scripted/{DIM}",
        "metrics": {name: {"value": round(value, 3)} for name, value in found.items()},
        "groups": {},
        "n": int(found["threads_written"] + found["processes_written"]),
        "references": {},
        "seconds": {},
        **circumstances(),
    }
    if results is not None:
        append(results / "promises.jsonl", line)
    return line


def opened(path: str | Path) -> Space:
    return Space(path, embedder=scripted(dim=DIM))


def by_threads(path: str | Path, threads: int = THREADS, each: int = EACH_THREAD) -> Numbers:
    """Threads of one process that write to one space, opened twice."""
    locked = [0]
    with opened(path) as one:
        two = one if str(path) == ":memory:" else opened(path)

        def work(thread: int) -> None:
            space = (one, two)[thread % 2]
            for n in range(each):
                try:
                    space.remember(f"Thread {thread} saw item{thread}x{n}.", source=f"t{thread}:{n}")
                except SpaceError:
                    locked[0] += 1

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, range(threads)))
        wanted = {f"Thread {thread} saw item{thread}x{n}." for thread in range(threads) for n in range(each)}
        lost = len(wanted - {cube.text for cube in one.cubes()}) + int(not one.verify().ok)
        if two is not one:
            two.close()
    return {"threads_written": threads * each, "threads_lost": lost, "locked": locked[0]}


def by_processes(path: Path, processes: int = PROCESSES, each: int = EACH_PROCESS) -> Numbers:
    """Processes that make and fill one file together."""
    command = [sys.executable, "-c", WRITER, str(path)]
    running = [
        subprocess.Popen([*command, str(n), str(each)], stdout=subprocess.PIPE, text=True) for n in range(processes)
    ]
    locked = sum(int(one.communicate()[0] or each) for one in running)
    with opened(path) as space:
        texts = {cube.text for cube in space.cubes()}
        wanted = {f"Process {name} saw item{name}x{n}." for name in range(processes) for n in range(each)}
        lost = len(wanted - texts) + int(not space.verify().ok)
        lost += abs(space.head().seq - processes * each)
    return {"processes_written": processes * each, "processes_lost": lost, "locked": locked}


def tell(path: str, name: str, each: str) -> None:
    """One of those processes; prints how often it was refused."""
    refused = 0
    with opened(path) as space:
        for n in range(int(each)):
            try:
                space.remember(f"Process {name} saw item{name}x{n}.", source=f"{name}:{n}")
            except SpaceError:
                refused += 1
    print(refused)


def by_readers(path: Path, recalls: int = RECALLS) -> Numbers:
    """How long a recall takes while nobody writes, and while somebody holds a write transaction open."""
    with opened(path) as space:
        space.remember([f"A blue kettle, item{n}." for n in range(500)])
        idle = _slowest(space, recalls)
        with subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as holder:
            if holder.stdout is None or holder.stdout.readline() != "held\n":
                raise MnesisError("The process that holds a transaction open did not come to it; run it again.")
            beside = _slowest(space, recalls)
            holder.communicate("done\n")
    return {"read_idle_ms": idle * 1000, "read_beside_ms": beside * 1000}


def hold(path: str) -> None:
    """Hold a transaction with many changes open until told otherwise."""
    store = SqliteStore(Path(path))
    with store._transaction() as connection:
        connection.execute("UPDATE cubes SET text = text || '!'")
        print("held", flush=True)
        sys.stdin.readline()
        connection.execute("UPDATE cubes SET text = substr(text, 1, length(text) - 1)")
    store.close()


def _slowest(space: Space, recalls: int) -> float:
    taken = []
    for n in range(recalls):
        begun = time.perf_counter()
        space.recall(f"item{n}", k=5)
        taken.append(time.perf_counter() - begun)
    return sorted(taken)[-2]


def by_looks(path: str | Path, batches: int = BATCHES) -> Numbers:
    """A reader that looks while batches of memories are committed, each with a link."""
    with opened(path) as writer:
        reader = writer if str(path) == ":memory:" else opened(path)
        writer.remember("The first.")
        done = threading.Event()
        looks = [0, 0]

        def look() -> None:
            while not done.is_set() or not looks[0]:
                looks[0] += 1
                looks[1] += not _is_whole(reader)

        looking = threading.Thread(target=look)
        looking.start()
        vectors = scripted(dim=DIM).embed([f"batch part{part}" for part in range(BATCH)])
        for n in range(batches):
            cubes = [MemCube(f"c{n}x{part}", f"A batch, part{part}.", "default") for part in range(BATCH)]
            changes: list[Change] = [Add(cube, None, vectors[at : at + 1]) for at, cube in enumerate(cubes)]
            changes += [Connect(Link(cubes[0].id, "entity:batch", "of"))]
            writer._commit(changes, "", "batch", "default")
        done.set()
        looking.join()
        if reader is not writer:
            reader.close()
    return {"looks": looks[0], "half_seen": looks[1]}


def _is_whole(space: Space) -> bool:
    """Whether memories, words, vectors, links and journal of a view tell of the same batches."""
    view = space._view("default")
    batches, rest = divmod(len(view) - 1, BATCH)
    words = len(view.words(["batch"]).top(10**6)[0])
    held = sum(each is not None for each in view.vectors(view.alive()))
    links = len(view.links("entity:batch"))
    return (rest, words, held, links) == (0, batches * BATCH, batches * BATCH + 1, batches)


def by_alterations(path: Path, tables: Sequence[str] = TABLES) -> Numbers:
    """Every row of every table altered, one at a time, in a copy."""
    with opened(path) as space:
        kept = space.remember([f"Memory {n} of the kettle." for n in range(8)], session="s", speaker="Ana")
        link = Link(kept[0].id, "entity:kettle", "of")
        space._commit([Connect(link), Touch(kept[1].id, strength=0.5)], "", "link", "default")
        space.revise(kept[2].id, "Memory 2, revised.")
    altered, unseen = 0, 0
    for table in tables:
        for n in range(_count(path, table)):
            copy = path.with_name("copy.mnesis")
            shutil.copy(path, copy)
            _alter(copy, table, n)
            altered += 1
            try:
                store = SqliteStore(copy)
            except SpaceError:
                continue
            unseen += not store.verify()
            store.close()
    return {"altered": altered, "unseen": unseen}


COLUMNS = {
    "cubes": "text = text || '.'",
    "commits": "author = author || '.'",
    "vectors": "vector = zeroblob(length(vector))",
    "events": "body = body || ' '",
    "links": "weight = weight + 1",
    "names": "name = name || '.'",
    "facts": "value = value || '.'",
}
KEYS = {"events": "id", "facts": "name"}


def _count(path: Path, table: str) -> int:
    raw = sqlite3.connect(path)
    (count,) = raw.execute(f"SELECT count(*) FROM {table}").fetchone()
    raw.close()
    return int(count)


def _alter(path: Path, table: str, n: int) -> None:
    key = KEYS.get(table, "rowid")
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute(f"UPDATE {table} SET {COLUMNS[table]} WHERE {key} = (SELECT {key} FROM {table} LIMIT 1 OFFSET {n})")
    raw.close()
