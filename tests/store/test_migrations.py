"""Every released schema can still be opened, steps between schemas are taken whole or not at all."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sqlite3
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

from mnesis.errors import SpaceError
from mnesis.memory import Space
from mnesis.store import migrations
from mnesis.store.sql import schema
from mnesis.store.sqlite import SqliteStore

ROOT = Path(__file__).resolve().parents[2]
RELEASED = sorted(ROOT.glob("tests/golden/schema-*.mnesis"))
Steps = Mapping[int, str]


@pytest.fixture(scope="module")
def golden() -> ModuleType:
    """scripts/golden_schema.py"""
    spec = importlib.util.spec_from_file_location("scripts_golden_schema", ROOT / "scripts/golden_schema.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "space.mnesis"


def layout(path: Path) -> dict[str, set[tuple[str, str]]]:
    """Every table and index of a file, with its columns and what they hold."""
    raw = sqlite3.connect(path)
    found = {}
    for kind, name in raw.execute("SELECT type, name FROM sqlite_master").fetchall():
        pragma = "table_info" if kind == "table" else "index_info"
        found[name] = {
            (str(row[1 if kind == "table" else 2]), str(row[2:6])) for row in raw.execute(f"PRAGMA {pragma}({name})")
        }
    raw.close()
    return found


def extended(monkeypatch: pytest.MonkeyPatch, *more: str) -> int:
    """As if further schemas had been released; the number of the last."""
    known = dict(migrations.steps("sqlite"))
    first = migrations.newest("sqlite") + 1
    wanted = known | dict(enumerate(more, first))
    monkeypatch.setattr(migrations, "steps", lambda engine: wanted)
    return migrations.newest("sqlite")


@pytest.mark.skipif(not RELEASED, reason="no schema was released yet; scripts/golden_schema.py keeps one when it is")
@pytest.mark.parametrize("released", RELEASED, ids=lambda each: each.stem)
def test_a_space_of_every_released_schema_says_what_it_said(released: Path, path: Path, golden: ModuleType) -> None:
    shutil.copy(released, path)
    assert golden.answers(path) == json.loads(released.with_suffix(".json").read_text("utf-8"))
    fresh = path.with_name("fresh.mnesis")
    SqliteStore(fresh).close()
    assert layout(path) == layout(fresh)


def test_a_golden_space_holds_a_little_of_everything(path: Path, golden: ModuleType) -> None:
    golden.write(path)
    assert path.stat().st_size < 64_000
    said = golden.answers(path)
    assert said["verified"]
    assert "I moved to Porto." in said["found"]["Where does Ana live?"]
    assert "I moved to Lisbon." in said["as_of"]
    assert said["namespaces"] == {"default": 3}
    assert golden.answers(path) == said


def test_steps_are_numbered_without_a_gap() -> None:
    assert sorted(migrations.steps("sqlite")) == list(range(2, migrations.newest("sqlite") + 1))


def test_a_space_is_brought_up_to_date_when_it_is_opened(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Space(path, embedder="none") as space:
        space.remember("A blue kettle.")
        head = space.head()
    first = extended(
        monkeypatch,
        "-- Colours.\nCREATE TABLE colours (name TEXT PRIMARY KEY);\nINSERT INTO colours VALUES ('blue');",
        "ALTER TABLE colours ADD COLUMN shade TEXT",
    )
    with Space(path) as space:
        assert space._store.facts()["schema"] == str(first)
        assert space.verify(against=head).ok
        assert space.recall("kettle")[0].text == "A blue kettle."
        space.remember("A red pot.")
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT name, shade FROM colours").fetchall() == [("blue", None)]
    raw.close()
    with Space(path) as space:  # the steps are not taken again
        assert space.verify().ok


def test_a_step_that_fails_leaves_the_space_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Space(path, embedder="none") as space:
        space.remember("A blue kettle.")
    before = layout(path)
    with monkeypatch.context() as patched:
        extended(patched, "CREATE TABLE colours (name TEXT);", "ALTER TABLE nowhere ADD COLUMN shade TEXT;")
        with pytest.raises(SpaceError, match=r"could not be brought up to date.*It was left as it was"):
            Space(path)
    assert layout(path) == before
    with Space(path) as space:
        assert space.verify().ok
        assert space.recall("kettle")


def test_a_space_that_is_opened_twice_at_once_is_brought_up_to_date_once(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SqliteStore(path).close()
    latest = extended(monkeypatch, "CREATE TABLE colours (name TEXT);")
    failed: list[BaseException] = []

    def work() -> None:
        try:
            SqliteStore(path).close()
        except SpaceError as err:
            failed.append(err)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == []
    store = SqliteStore(path)
    assert store.facts()["schema"] == str(latest)
    assert store.verify() == []
    store.close()


@pytest.mark.parametrize("number", ["99", "-1", "0", "one", ""])
def test_a_schema_nobody_here_knows_is_refused(path: Path, number: str) -> None:
    SqliteStore(path).close()
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE facts SET value = ? WHERE name = 'schema'", (number,))
    raw.close()
    before = path.read_bytes()
    with pytest.raises(SpaceError, match=r"newer mnesis.*install that version"):
        SqliteStore(path)
    assert path.read_bytes() == before


def test_a_script_falls_into_its_statements() -> None:
    script = "CREATE TABLE a (x);\n-- A comment; with a semicolon.\nINSERT INTO a\nVALUES (';');\nDROP TABLE a"
    assert len(list(migrations.statements(script))) == 3
    assert len(list(migrations.statements(schema("sqlite")))) > 10


def test_the_script_leaves_what_was_released_alone(
    golden: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(golden, "GOLDEN", tmp_path)
    assert golden.main([]) == 0
    kept = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    assert {Path(each).suffix for each in kept} == {".mnesis", ".json"}
    assert golden.main([]) == 1
    assert "stays as it was" in capsys.readouterr().err
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == kept
    assert golden.main(["--again"]) == 0
    assert golden.main(["--more"]) == 2
    assert sys.modules.get("scripts_golden_schema") is None
