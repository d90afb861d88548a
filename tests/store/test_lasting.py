"""What every store promises that outlives its process: kills, damage, other schemas; memory is excused with words."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mnesis.errors import SpaceError
from mnesis.memory import Space
from mnesis.models.scripted import scripted
from mnesis.store.doctor import examine
from mnesis.store.migrations import newest
from mnesis.store.salvage import damaged_rows, salvage
from mnesis.store.sqlite import SqliteStore

WHY_NOT = {
    "kills": "a space in memory ends with its process: a kill leaves nothing that could be whole or torn",
    "damage": "a space in memory has no file that could be cut short or altered, and nothing to rescue afterwards",
    "schemas": "a space in memory is made by the release that reads it, so it never has the schema of another",
}


def lasting(place: str | Path, promise: str) -> Path:
    """Where a space lies that is still there when its process is gone."""
    if not isinstance(place, Path):
        pytest.skip(WHY_NOT[promise])
    return place


def tell(path: Path, count: int = 40) -> list[str]:
    """A space of a few commits; the texts that stand in it."""
    with Space(path, embedder=scripted(dim=16)) as space:
        for n in range(count):
            space.remember(f"A kettle, item{n}.", source=f"s:{n}")
        space.revise(space.recall("item3", k=1)[0].cube.id, "A lamp, item3.")
        space.forget(space.recall("item4", k=1)[0].cube.id)
        return sorted(cube.text for cube in space.cubes())


DYING = """
    import os, signal, sys
    from mnesis.memory import Space
    from mnesis.models.scripted import scripted
    space = Space(sys.argv[1], embedder=scripted(dim=16))
    for n in range(10**6):
        space.remember([f"Thing{n} was seen, part{part}." for part in range(3)])
        print(n, flush=True)
"""


def test_a_kill_loses_nothing_that_was_acknowledged(place: str | Path) -> None:
    path = lasting(place, "kills")
    dying = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(DYING), str(path)], env=os.environ, stdout=subprocess.PIPE, text=True
    )
    assert dying.stdout is not None
    told = [int(dying.stdout.readline()) for _ in range(25)]
    dying.send_signal(signal.SIGKILL)
    told += [int(line) for line in dying.communicate(timeout=60)[0].splitlines() if line]
    assert dying.returncode == -signal.SIGKILL
    with Space(path, embedder=scripted(dim=16)) as space:
        assert space.verify().problems == ()
        texts = {cube.text for cube in space.cubes()}
        whole = range(max(told) + 1)
        assert {f"Thing{n} was seen, part{part}." for n in whole for part in range(3)} <= texts
        assert len(texts) % 3 == 0, "a commit is there in part"
        assert len(texts) <= 3 * (len(whole) + 1)
        assert space.recall("thing7", k=1)[0].text.startswith("Thing7 ")


def test_damage_is_named_and_what_can_be_read_is_rescued(place: str | Path, tmp_path: Path) -> None:
    path = lasting(place, "damage")
    texts = tell(path)
    now = datetime.now(UTC)
    assert list(examine(path, now)) == []
    raw = path.read_bytes()
    path.write_bytes(bytes(4096) + raw[4096:])
    with pytest.raises(SpaceError):
        Space(path)
    assert any("--salvage" in each.do for each in examine(path, now))
    store = SqliteStore(tmp_path / "rescued.mnesis")
    report = salvage(damaged_rows(path), store)
    store.close()
    assert report.damaged == []
    with Space(tmp_path / "rescued.mnesis", embedder=scripted(dim=16)) as space:
        assert sorted(cube.text for cube in space.cubes()) == texts
        assert space.verify().problems == ()


def test_a_space_of_a_schema_to_come_is_refused_and_left_alone(place: str | Path) -> None:
    path = lasting(place, "schemas")
    texts = tell(path)
    ours = written(path, newest("sqlite") + 1)
    assert ours == str(newest("sqlite"))
    kept = path.read_bytes()
    with pytest.raises(SpaceError, match=r"newer mnesis.*install that version"):
        Space(path)
    assert path.read_bytes() == kept
    written(path, int(ours))
    with Space(path, embedder=scripted(dim=16)) as space:
        assert sorted(cube.text for cube in space.cubes()) == texts


def written(path: Path, schema: int) -> str:
    """Write another schema into a space, and say which was there."""
    with sqlite3.connect(path) as raw:
        (was,) = raw.execute("SELECT value FROM facts WHERE name = 'schema'").fetchone()
        raw.execute("UPDATE facts SET value = ? WHERE name = 'schema'", (str(schema),))
    raw.close()
    return str(was)
