"""A life led by chance, lived again: as of each of its moments, out and in again, and by many writers at once.

Measured by `mnesis bench promises`, which says what the names mean.
"""

from __future__ import annotations

import io
import itertools
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mnesis.errors import Conflict
from mnesis.memory import Space
from mnesis.models.scripted import scripted
from mnesis.moving import restore
from mnesis.words import Event

Numbers = dict[str, float]
DIM = 16
STEPS = 120
WRITERS, ROUNDS = 8, 50
ASKED = ("Who saw the kettle?", "violin garden boat", "the newest lamp of Ana")
THINGS = ("kettle", "lamp", "boat", "river", "window", "garden", "pencil", "violin", "stone", "bread")
START = datetime(2026, 1, 1, tzinfo=UTC)


def lead(space: Space, steps: int, erasing: bool, after: Callable[[], object] = lambda: None) -> None:
    """The same life in every space: told, revised, forgotten, erased, rolled back, tended; `after` comes each step."""
    chance = random.Random(7)
    for n in range(steps):
        alive = [cube.id for cube in space.cubes()]
        deed = chance.random() if len(alive) > 3 else 0.0
        if deed < 0.6:
            told = [
                Event(f"{chance.choice(('Ana', 'Tom'))} saw the {chance.choice(THINGS)} and a {chance.choice(THINGS)}.",
                      chance.choice(("", "Ana", "Tom")), source=f"{n}:{k}", session=f"s{n // 20}", id=f"{n:04}x{k}")
                for k in range(chance.randint(1, 3))
            ]  # fmt: skip
            space.remember(told)
        elif deed < 0.75:
            space.revise(chance.choice(alive), f"It was the {chance.choice(THINGS)}, number {n}.")
        elif deed < 0.85:
            space.forget(chance.choice(alive))
        elif deed < 0.92:
            space.forget(chance.choice(alive), erase=erasing)
        elif deed < 0.96:
            space.rollback(space.head().seq - 2)
        else:
            space.tend()
        after()


def by_replay(path: Path, steps: int = STEPS) -> Numbers:
    """Out, in and out again, through both stores; and the same life led in the other store."""
    file = path.with_name("export.jsonl")
    with _clocked(path) as space, _clocked(":memory:") as twin:
        lead(space, steps, erasing=True)
        lead(twin, steps, erasing=True)
        written = exported(space)
        others = [exported(twin)]
        commits = space.export(file).commits
    for place in (":memory:", path.with_name("again.mnesis")):
        with restore(file, place, embedder=scripted(dim=DIM)) as again:
            others.append(exported(again))
    return {
        "replayed_commits": commits,
        "replayed_bytes": sum(map(len, others)),
        "replayed_differing": sum(differing(written, each) for each in others),
    }


def exported(space: Space) -> str:
    file = io.StringIO()
    space.export(file)
    return file.getvalue()


def differing(one: str, other: str) -> int:
    """In how many characters (ASCII, so bytes) two exports differ."""
    return sum(a != b for a, b in zip(one, other, strict=False)) + abs(len(one) - len(other))


def by_as_of(path: str | Path, steps: int = STEPS) -> Numbers:
    """Recalls written down after every step of a life, and asked again as of then once it is over."""
    was: list[tuple[int, datetime, str, Any]] = []
    hours = itertools.count(1)
    now = [START]

    def tick() -> datetime:
        now[0] = START + timedelta(hours=next(hours))
        return now[0]

    with Space(path, embedder=scripted(dim=DIM), clock=tick) as space:

        def ask() -> None:
            newest = list(space.journal(since=space.head().seq - 1))[-1]
            was.extend((newest.seq, newest.at, query, recalled(space, query, now=newest.at)) for query in ASKED)

        lead(space, steps, erasing=False, after=ask)
        wrong = compared = 0
        for seq, at, query, hits in was:
            for then in (seq, at):
                compared += 1
                wrong += recalled(space, query, as_of=then) != hits
    changed = sum(one[3] != other[3] for one, other in zip(was, was[len(ASKED) :], strict=False))
    return {"recalls_compared": compared, "recalls_differing": wrong, "recalls_changed": changed}


def recalled(space: Space, query: str, **when: Any) -> list[tuple[str, int, str, float]]:
    return [(hit.cube.id, hit.cube.version, hit.text, hit.score) for hit in space.recall(query, k=10, **when)]


def by_races(path: str | Path, writers: int = WRITERS, rounds: int = ROUNDS) -> Numbers:
    """Threads that revise one version of one memory at once, and that tell one thing under one key at once."""
    with Space(path, embedder=scripted(dim=DIM)) as one:
        two = one if str(path) == ":memory:" else Space(path, embedder=scripted(dim=DIM))
        (cube,) = one.remember("Counted 0 times.")
        begin = threading.Barrier(writers)
        won, shown, lost = [0], [0], [0]
        counting = threading.Lock()

        def work(writer: int) -> None:
            space = (one, two)[writer % 2]
            for n in range(1, rounds + 1):
                begin.wait()
                try:
                    space.revise(cube.id, f"Counted {n} times by {writer}.", expected_version=n)
                    tally = [won]
                except Conflict as err:
                    both = err.known is not None and err.standing is not None
                    tally = [lost, shown] if both else [lost]
                with counting:
                    for each in tally:
                        each[0] += 1
                begin.wait()
                space.remember(f"Key {n} was told.", key=f"once {n}")

        with ThreadPoolExecutor(writers) as pool:
            list(pool.map(work, range(writers)))
        keyed = sum(each.text.startswith("Key ") for each in one.cubes())
        if two is not one:
            two.close()
    return {
        "races": rounds,
        "race_winners": won[0],
        "race_losers": lost[0],
        "race_losers_shown": shown[0],
        "key_races": rounds,
        "key_memories": keyed,
    }


def _clocked(place: str | Path) -> Space:
    ticks = itertools.count()
    return Space(place, embedder=scripted(dim=DIM), clock=lambda: START + timedelta(minutes=next(ticks)))
