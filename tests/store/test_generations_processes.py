"""A change of model in one process, while others read and write, and one that is killed half-way."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import mnesis
from mnesis.errors import SpaceError
from mnesis.memory import Space
from mnesis.models.static import static
from mnesis.words import Event

SOURCE = Path(mnesis.__file__).parent.parent
THINGS = "kettle lamp boat river window garden pencil violin stone bread cloud ladder button candle".split()

CHANGING = """
import sys, time
from mnesis.memory import Space
from mnesis.models import static

class Slow(static.Static):
    def embed(self, texts, kind="document"):
        time.sleep(float(sys.argv[2]))
        return super().embed(texts, kind)

static.Static = Slow
with Space(sys.argv[1]) as space:
    print("open", flush=True)
    report = space.reembed(sys.argv[3] or None, batch=4, progress=lambda done, total: print(done, total, flush=True))
    print("made", report.memories, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    where = tmp_path / "space.mnesis"
    with Space(where, embedder="scripted") as space:
        space.remember([event(n) for n in range(120)], namespace="a")
    return where


def event(n: int) -> Event:
    return Event(f"Number {n}: the {THINGS[n % 14]} beside the {THINGS[n * 5 % 14]}.", speaker="Ana", source=f"m:{n}")


Changing = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def changing(path: Path) -> Iterator[Changing]:
    """Start a process that changes the model: changing(pause, embedder); none outlives the test."""
    started: list[subprocess.Popen[str]] = []
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "OMP_NUM_THREADS": "1"}

    def start(pause: float, embedder: str = "static") -> subprocess.Popen[str]:
        command = [sys.executable, "-c", CHANGING, str(path), str(pause), embedder]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        started.append(subprocess.Popen(command, text=True, env=environment, **pipes))  # type: ignore[call-overload]
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def until(process: subprocess.Popen[str], done: int) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line[0].isdigit() and int(line.split()[0]) >= done:
            return
    _, err = process.communicate()
    pytest.fail(f"it ended before {done} were done: {err}")


def test_recall_and_remember_work_while_another_process_changes_the_model(path: Path, changing: Changing) -> None:
    with Space(path) as space:
        before = space.recall("the violin", namespace="a", k=3)
        process = changing(0.02)
        until(process, 4)
        during = after = 0
        for n in itertools.count(1000):
            space.remember(event(n), namespace="a")
            hits = space.recall("the violin", namespace="a", k=3)
            assert len(hits) == len(before)
            assert "vectors" in hits[0].why
            running = process.poll() is None
            during, after = during + running, after + (not running)
            if after == 5:
                break
        said, err = process.communicate()
        assert process.returncode == 0, err
        assert said.splitlines()[-1].startswith("made ")
        assert during > 10
        cubes = list(space.cubes(namespace="a"))
        assert len(cubes) == 120 + during + after
        assert {cube.vector.shape for cube in cubes if cube.vector is not None} == {(256,)}
        assert all(cube.vector is not None for cube in cubes)
        assert space.verify().ok
    with Space(path) as space:  # what it was changed to is what it opens with
        assert space.recall("the violin", namespace="a", k=3)[0].text == hits[0].text
    with pytest.raises(SpaceError, match="mnesis reembed"):
        Space(path, embedder="scripted")


@pytest.mark.parametrize("point", [1, 40, 80])
def test_killed_half_way_it_goes_on_where_it_stood(path: Path, changing: Changing, point: int) -> None:
    process = changing(0.01)
    until(process, point)
    process.send_signal(signal.SIGKILL)
    process.wait()
    with Space(path) as space:  # nothing has changed yet
        assert space.recall("the violin", namespace="a")[0].cube.namespace == "a"
        vector = next(space.cubes(namespace="a")).vector
        assert vector is not None
        assert vector.shape == (64,)
        assert space.verify().ok
    again = changing(0.0, "")
    said, err = again.communicate(timeout=60)
    assert again.returncode == 0, err
    made = int(said.splitlines()[-1].split()[1])
    assert 0 < made <= 120 - point + 4
    with Space(path) as space, Space(embedder="static") as other:
        other.remember([event(n) for n in range(120)], namespace="a")
        for ours, theirs in zip(space.cubes(namespace="a"), other.cubes(namespace="a"), strict=True):
            assert ours.vector is not None
            assert theirs.vector is not None
            assert (ours.vector == theirs.vector).all()
        assert space.verify().ok


def test_killed_around_the_switch_it_is_one_model_or_the_other(path: Path, changing: Changing) -> None:
    """Killed at many moments of the last steps: every vector is of the model the space says it has."""
    seen = set()
    for pause in (0.0, 0.002, 0.004, 0.006, 0.01, 0.02):
        with Space(path) as space:
            there = space._store.facts()["dim"] == "256"
        process = changing(0.0, "scripted" if there else "static")
        until(process, 116)
        time.sleep(pause)
        process.kill()
        process.wait()
        with Space(path) as space:
            dim = int(space._store.facts()["dim"])
            seen.add(dim)
            assert {len(cube.vector) for cube in space.cubes(namespace="a") if cube.vector is not None} == {dim}
            assert len(space.recall("the violin", namespace="a")) == 10
            assert space.verify().ok
    assert seen <= {64, 256}


def test_two_processes_that_make_the_same_change_share_the_work(path: Path, changing: Changing) -> None:
    both = [changing(0.005), changing(0.005)]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    with Space(path, embedder=static()) as space:
        assert all(cube.vector is not None and len(cube.vector) == 256 for cube in space.cubes(namespace="a"))
        assert space.verify().ok


def test_a_process_that_cannot_make_the_new_model_says_so(path: Path) -> None:
    from mnesis.models.scripted import scripted

    with Space(path) as space, Space(path) as other:
        assert len(space.recall("the violin", namespace="a")) == 10
        other.reembed(scripted(dim=8))
        with pytest.raises(SpaceError, match="scripted/8"):
            space.recall("the violin", namespace="a")
        with pytest.raises(SpaceError, match="open it with that embedder"):
            space.remember("One more.", namespace="a")
    with Space(path, embedder=scripted(dim=8)) as space:
        assert len(space.recall("the violin", namespace="a")) == 10
        assert sum(1 for _ in space.cubes(namespace="a")) == 120
