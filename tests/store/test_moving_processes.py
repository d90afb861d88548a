"""A restore that is killed at random moments goes on where it stood, and nothing is at its place before it is whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import mnesis
from mnesis.errors import SpaceError
from mnesis.memory import Space
from mnesis.words import Event

SOURCE = Path(mnesis.__file__).parent.parent
RESTORING = """
import sys, time
import mnesis
from mnesis import moving
moving.BATCH = 5
def progress(done, total):
    print(done, flush=True)
    time.sleep(0.004)
with mnesis.restore(sys.argv[1], sys.argv[2], progress=progress) as space:
    print("whole", space.head(), flush=True)
"""


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("from") / "space.mnesis"
    with Space(path, embedder="scripted") as made:
        for n in range(150):
            made.remember([Event(f"Thing {n}.{k} was there.", source=f"{n}.{k}") for k in range(3)], namespace="a")
        for cube in list(made.cubes(namespace="a"))[::9]:
            made.forget(cube.id, namespace="a", erase=True)
        made.export(path.with_name("x.jsonl.gz"))
        made.export(path.with_name("bare.jsonl"), vectors=False)
    return path


def restoring(source: Path, target: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", RESTORING, str(source), str(target)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


@pytest.mark.parametrize("name", ["x.jsonl.gz", "space.mnesis", "bare.jsonl"])
def test_killed_half_way_a_restore_goes_on_where_it_stood(space: Path, tmp_path: Path, name: str) -> None:
    chance = random.Random(name)
    source, target = space.with_name(name), tmp_path / "again.mnesis"
    kills = 0
    while kills < 6:
        process = restoring(source, target)
        assert process.stdout is not None
        wait = chance.randint(1, 40)
        for n, _ in enumerate(process.stdout, 1):
            if n == wait:
                break
        time.sleep(chance.random() / 100)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        kills += 1
        target.unlink(missing_ok=True)  # it was quick: from the beginning again
    process = restoring(source, target)
    said, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    with Space(space) as first, Space(target) as again:
        assert said.splitlines()[-1] == f"whole {first.head()}"
        assert again.head() == first.head()
        assert again.verify().problems == ()
        assert list(again.cubes(namespace="a")) == list(first.cubes(namespace="a"))
        assert all(cube.vector is not None for cube in again.cubes(namespace="a"))
    assert not list(tmp_path.glob("*.part*"))


def test_what_lies_half_made_from_another_space_is_not_gone_on_with(space: Path, tmp_path: Path) -> None:
    target = tmp_path / "again.mnesis"
    process = restoring(space, target)
    assert process.stdout is not None
    next(iter(process.stdout))
    process.kill()
    process.communicate()
    with Space(embedder="scripted") as other:
        with pytest.raises(SpaceError, match="begun with another export"):
            mnesis.restore(other, target)  # it is shorter
        for n in range(300):
            other.remember(f"Another {n}.", namespace="a")
        with pytest.raises(SpaceError, match="begun with another export"):
            mnesis.restore(other, target)
    assert Path(f"{target}.part").exists()
    assert not target.exists()


def test_an_export_is_of_one_moment_while_others_write(space: Path, tmp_path: Path) -> None:
    with Space(space) as writer, Space(space) as reader:

        def meanwhile(done: int, total: int) -> None:
            writer.remember(f"Said while {done} of {total} were written.", namespace="a")
            if done == 50:
                writer.forget(list(writer.cubes(namespace="a"))[-1].id, namespace="a", erase=True)

        head = reader.head()
        assert reader.export(tmp_path / "x.jsonl", progress=meanwhile).head == str(head)
        assert writer.head().seq > head.seq + 4
        assert len(list(reader.cubes(namespace="a"))) == len(list(writer.cubes(namespace="a")))
    with mnesis.restore(tmp_path / "x.jsonl") as again:
        assert again.head() == head
        assert again.verify().problems == ()
