"""Memory made of layers on made-up sequences: what each recalls, and in how many bytes.

    mnesis bench neural --preset cpu        every recipe of neural.recipes on every drill of the preset
    mnesis bench neural --recipe delta_net,softmax

Every memory stands in the same decoder, of the same width, trained on the same sequences with the same step sizes, and
is asked on sequences none has seen. One line a memory and drill goes to ``<results>/neural.jsonl``: accuracy with an
interval over sequences, the share of sequences without a mistake, stale answers where a drill has them, bytes of
state, parameters, tokens trained a second. Each finished training is kept in ``<results>/.partial``, so a run that
stopped goes on where it stopped, as long as the code of memories, drills and this file is the same.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mnesis import catalog
from mnesis.bench.record import Progress, Record, append, circumstances, silent
from mnesis.bench.tasks import NOT_ASKED, Batch, Drill
from mnesis.errors import BadInput, Unavailable, UnknownName

SLOT = "neural.recipes"
TASKS = "bench.tasks"
PARTIAL = ".partial"
TESTS = 1_000
UNSEEN = 7_919  # the seed of the sequences everybody is asked on


@dataclass(frozen=True, slots=True)
class Preset:
    """How large a run is: drills by name with options, the decoder, and how long it is trained."""

    drills: tuple[str, ...]
    width: int
    heads: int
    layers: int
    steps: int
    batch: int
    rates: tuple[float, ...]
    tests: int = TESTS


PRESETS = {
    "smoke": Preset(
        ("mqar:length=16,pairs=2,vocab=16", "stale:pairs=2,rewrites=1,vocab=16"), *(16, 2, 1, 4, 8, (1e-2,), 32)
    ),
    "cpu": Preset(
        ("mqar:length=32,pairs=4,vocab=32",),
        *(32, 2, 2, 400, 32, (1e-2,)),
    ),
    "drills": Preset(
        (
            "stale:pairs=4,rewrites=2,vocab=32",
            "copying:length=24,items=4,selective=true",
            "induction:length=32,vocab=16",
        ),
        *(32, 2, 2, 400, 32, (1e-2,)),
    ),
    "more": Preset(
        (
            "needle:length=32,beyond=4",
            "passkey:length=48,digits=3",
            "n_back:back=3,length=24",
            "parity:length=16,beyond=2",
            "permutation:length=12,cups=5",
            "delay:steps=8,length=24",
            "characters:length=64,later=true",
        ),
        *(32, 2, 2, 400, 32, (1e-2,)),
    ),
    "published": Preset(
        ("mqar:length=64,pairs=4,vocab=8192", "mqar:length=128,pairs=8,vocab=8192"),
        *(64, 1, 2, 25_000, 256, (1e-4, 4.6e-4, 2.2e-3, 1e-2)),
    ),
}


def neural(
    preset: str = "cpu",
    recipes: Sequence[str] = (),
    results: str | Path = "results",
    resume: bool = True,
    progress: Progress | None = None,
    jobs: int = 1,
) -> list[Record]:
    """Measure these recipes (all, where none is named) and return the lines appended to ``<results>/neural.jsonl``.

    With several `jobs` as many trainings go on at once, each in a process of its own with one thread.
    """
    if preset not in PRESETS:
        raise UnknownName("preset", preset, PRESETS)
    size, folder = PRESETS[preset], Path(results)
    addresses = [catalog.find(each, SLOT) for each in recipes] or list(catalog.names(SLOT))
    finished = Finished(folder / PARTIAL / f"neural-{preset}-{fingerprint()}.jsonl", resume)
    pairs = [(name, address) for name in size.drills for address in addresses]
    wanted = [Training(address, name, size, rate) for name, address in pairs for rate in size.rates]
    told = progress or silent
    missing = [each for each in wanted if each.name not in finished.known]
    for done, (training, record) in enumerate(_made(missing, jobs, told, len(wanted)), len(wanted) - len(missing) + 1):
        finished.put(training.name, record)
        told(f"{training.drill.partition(':')[0]} · {training.memory.rpartition('.')[2]}", done, len(wanted))
    lines = []
    for name, address in pairs:
        runs = [finished.known[Training(address, name, size, rate).name] for rate in size.rates]
        lines.append(
            {
                "task": name.partition(":")[0],
                "drill": name,
                "preset": preset,
                "memory": address,
                **max(runs, key=lambda run: run["metrics"]["accuracy"]["value"]),
                "rates": list(size.rates),
                "steps": size.steps,
                "batch": size.batch,
                "width": size.width,
                "layers": size.layers,
                "n": size.tests,
                "seed": UNSEEN,
                **circumstances(),
            }
        )
    for line in lines:  # only now: a run that is taken up again would write them twice
        append(folder / "neural.jsonl", line)
    finished.path.unlink(missing_ok=True)
    return lines


@dataclass(frozen=True, slots=True)
class Training:
    """One memory to be trained on one drill with one step size."""

    memory: str
    drill: str
    size: Preset
    rate: float

    @property
    def name(self) -> str:
        """What its record is kept under."""
        return f"{self.drill} {self.memory} {self.rate}"


def _made(trainings: Sequence[Training], jobs: int, told: Progress, many: int) -> Iterator[tuple[Training, Record]]:
    """Every training with its record, as they end."""
    if jobs == 1:
        for done, each in enumerate(trainings, many - len(trainings)):
            told(f"{each.drill.partition(':')[0]} · {each.memory.rpartition('.')[2]}", done, many)
            yield each, trained(each.memory, drill_of(each.drill), each.size, each.rate)
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=spawn, initializer=_alone) as pool:
        begun = {pool.submit(_record, each): each for each in trainings}
        try:
            for ended in as_completed(begun):
                yield begun[ended], ended.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _record(each: Training) -> Record:
    return trained(each.memory, drill_of(each.drill), each.size, each.rate)


def _alone() -> None:
    """What a process does before its first training: it keeps to one thread."""
    from mnesis.neural.fit import one_thread

    one_thread()


def trained(address: str, drill: Drill, size: Preset, rate: float) -> Record:
    """Train one memory on one drill and ask it."""
    try:
        from mnesis.neural.fit import trial
    except ModuleNotFoundError as err:
        raise Unavailable("Memory made of layers needs torch; install it with: pip install 'mnesis[torch]'") from err
    asked = (drill.asked or drill.draw)(np.random.default_rng(UNSEEN), size.tests)
    form = {"vocab": drill.vocab, "width": size.width, "heads": size.heads, "layers": size.layers}
    found = trial(address, drill.draw, asked["tokens"], form, size.steps, size.batch, rate)
    return {
        "metrics": measured(drill, asked, found.said),
        "state_bytes": found.state_bytes,
        "parameters": found.parameters,
        "lr": rate,
        "loss": round(found.loss, 4),
        "seconds": round(found.seconds, 1),
        "tokens_per_second": round(size.steps * size.batch * drill.length / found.seconds),
    }


def measured(drill: Drill, batch: Batch, said: np.ndarray) -> dict[str, dict[str, float]]:
    """The drill's scores; the accuracy with a 95 % interval over sequences."""
    found = {name: {"value": value} for name, value in drill.score(batch, said).items()}
    asked = batch["answers"] != NOT_ASKED
    each = ((said == batch["answers"]) & asked).sum(1) / asked.sum(1)
    half = 1.96 * float(each.std()) / len(each) ** 0.5
    value = found["accuracy"]["value"]
    found["accuracy"] |= {"low": max(0.0, value - half), "high": min(1.0, value + half)}
    return found


def drill_of(wanted: str) -> Drill:
    """The drill of a name, with options after a colon: ``mqar:length=64,pairs=8``."""
    name, _, rest = wanted.partition(":")
    options = {key: _value(value) for key, _, value in (each.partition("=") for each in rest.split(",") if each)}
    made = catalog.make(catalog.find(name, TASKS), **options)
    if not isinstance(made, Drill):
        raise BadInput(f"{name} is a benchmark for text; drills for memory made of layers are mqar, stale, copying ….")
    return made


def _value(text: str) -> int | bool:
    return text == "true" if text in ("true", "false") else int(text)


def fingerprint() -> str:
    """Changes with the code of memories, drills and this file."""
    h = hashlib.blake2b(digest_size=6)
    names = sorted({each.partition(":")[0] for preset in PRESETS.values() for each in preset.drills})
    drills = [catalog.card(f"{TASKS}.{each}").path for each in names]
    for path in [*sorted((catalog.ROOT / "neural").rglob("*.py")), *drills, Path(__file__)]:
        h.update(path.read_bytes())
    return h.hexdigest()


class Finished:
    """Records by name, one JSON line each, that survive an interruption."""

    def __init__(self, path: Path, resume: bool) -> None:
        self.path = path
        self.known: dict[str, Record] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / ".gitignore").write_text("*\n", encoding="utf-8")
        if not resume:
            path.unlink(missing_ok=True)
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
            try:
                each = json.loads(line)
            except json.JSONDecodeError:  # the line that was being written when the run stopped
                continue
            self.known[each["name"]] = each["record"]

    def get(self, name: str, make: Callable[[], Record]) -> Record:
        """The record of that name, made and written down where there is none."""
        if name not in self.known:
            self.put(name, make())
        return self.known[name]

    def put(self, name: str, record: Record) -> None:
        """Write a record down."""
        self.known[name] = record
        append(self.path, {"name": name, "record": record})
