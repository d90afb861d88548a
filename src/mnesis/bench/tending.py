"""What tending costs: the first time, after a hundred new memories, and when nothing is new.

    mnesis bench tending                    tending:n=1000+4000+16000 for other sizes

A space in a file takes in that many made-up turns and is tended; then a hundred more come in and it is tended again,
and once more when nothing has come in. Incremental tending takes as long for the hundred whatever the size is.

    first s            the first time, when everything is new;   a memory in the first ms is that for each of them
    hundred s          after a hundred more
    nothing s          when nothing is new
    everything s       looking at everything again, for comparison (``again=True``)
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mnesis import catalog
from mnesis.bench.chatter import chatter
from mnesis.bench.record import Progress, Record, append, circumstances
from mnesis.errors import BadInput
from mnesis.memory import Space

MORE = 100
BATCH = 500
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def tending(
    sizes: Sequence[int] = (1_000, 4_000, 16_000),
    recipe: str = "default",
    *,
    results: Path | None = Path("results"),
    progress: Progress | None = None,
) -> Record:
    """Time the tenders of a recipe at each of these sizes; one line to ``<results>/tending.jsonl``, if any."""
    if not sizes or min(sizes) < 1:
        raise BadInput(f"n={'+'.join(map(str, sizes))}: every size must be at least 1.")
    groups = {}
    for done, n in enumerate(sizes):
        if progress:
            progress(f"tending · {recipe}", done, len(sizes))
        groups[str(n)] = {name: {"value": round(value, 5)} for name, value in timed(n, recipe).items()}
    line = {
        "task": "tending",
        "recipe": catalog.find(recipe, "text.recipes").rpartition(".")[2],
        "embedder": "none",
        "metrics": groups[str(sizes[-1])],
        "groups": groups,
        "n": max(sizes),
        **circumstances(),
    }
    if results is not None:
        append(results / "tending.jsonl", line)
    return line


def timed(n: int, recipe: str) -> dict[str, float]:
    """Seconds at one size."""
    events = chatter(n + MORE)
    ticks = iter(range(10**9))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "space.mnesis"
        with Space(path, recipe=recipe, embedder="none", clock=lambda: NOW + timedelta(seconds=next(ticks))) as space:
            for at in range(0, n, BATCH):
                space.remember(events[at : min(at + BATCH, n)])
            first = _seconds(space)
            space.remember(events[n:])
            hundred = _seconds(space)
            space.tend()  # what the last one did is itself new
            nothing = _seconds(space)
            everything = _seconds(space, again=True)
    return {
        "first s": first,
        "a memory in the first ms": 1_000 * first / n,
        "hundred s": hundred,
        "nothing s": nothing,
        "everything s": everything,
    }


def _seconds(space: Space, again: bool = False) -> float:
    list(space.recall("anything", touch=False))  # the shelf is brought up to date first: that is not tending
    begun = time.perf_counter()
    space.tend(again=again)
    return time.perf_counter() - begun
