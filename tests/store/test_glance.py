"""A remember looks at little: what it asks is answered as a full view would, without bringing the shelf up to date."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnesis.memory import Space
from mnesis.models.scripted import scripted
from mnesis.store import sqlite as module
from mnesis.store.shelf import Shelf
from mnesis.store.sqlite import SqliteStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "memory.mnesis"


def space_at(path: Path, **options: Any) -> Space:
    return Space(path, embedder=scripted(dim=16), **options)


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many versions each `Shelf.add` took in."""
    counts: list[int] = []
    whole = Shelf.add

    def count(self: Shelf, entries: Any, *rest: Any) -> None:
        counts.append(len(entries))
        whole(self, entries, *rest)

    monkeypatch.setattr(Shelf, "add", count)
    return counts


def test_remembering_takes_nothing_in_until_much_waits(
    path: Path, added: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAITING", 20)
    with space_at(path) as space:
        space.remember("The first kettle.", speaker="Ana")
        for n in range(18):
            space.remember(f"Kettle number {n}.", speaker=f"Speaker {n}")
        assert sum(added) <= 1
        for n in range(18, 60):
            space.remember(f"Kettle number {n}.", speaker="Ana")
        assert sum(added) >= 40
        assert max(added) <= 20
        assert len(space.recall("kettle", k=100)) == 61


def test_speakers_are_those_of_the_full_view(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAITING", 7)
    with space_at(path) as space:
        other = SqliteStore(path)
        for n in range(20):
            kept = space.remember(f"I saw kettle {n}.", speaker=f"Speaker {n % 9}", namespace="ana" if n % 3 else "bo")
            if n == 12:
                space.forget(kept[0], erase=True)
            for namespace in ("ana", "bo", "nobody"):
                here = space._store.glance(namespace).speakers()
                there = other.glance(namespace).speakers()
                full = SqliteStore(path)
                assert sorted(here) == sorted(there) == sorted(full.view(namespace).speakers())
                full.close()
        other.close()


def test_erased_speakers_are_not_known_any_more(path: Path) -> None:
    with space_at(path) as space, space_at(path) as other:
        kept = space.remember("I saw a kettle.", speaker="Zoe")
        space.remember("So did I.", speaker="Ana")
        assert set(other._store.glance("default").speakers()) == {"Zoe", "Ana"}
        space.forget(kept[0], erase=True)
        assert other._store.glance("default").speakers() == space._store.glance("default").speakers() == ("Ana",)


def test_a_glance_asked_for_more_is_a_full_view(path: Path, added: list[int]) -> None:
    with space_at(path) as space:
        cubes = [space.remember(f"Kettle number {n}.", speaker="Ana")[0] for n in range(5)]
        glance = space._store.glance("default")
        assert glance.rows(["nothing like it"]).tolist() == [-1]
        assert sum(added) == 1
        ids = [cubes[3].id, "nothing like it", cubes[0].id]
        rows = glance.rows(ids)
        assert sum(added) == 5
        assert rows.tolist() == space._store.view("default").rows(ids).tolist()
        assert len(glance) == 5
        assert [cube.text for cube in glance.cubes(rows[[0, 2]])] == [cubes[3].text, cubes[0].text]
        assert glance.commit == 5
        assert glance.speakers() == ("Ana",)
        assert glance.column("length", rows[[0, 2]]).tolist() == [3, 3]
        with pytest.raises(AttributeError, match="no attribute 'colour'"):
            _ = glance.colour


def test_the_same_event_told_again_adds_nothing(path: Path) -> None:
    with space_at(path) as space:
        assert len(space.remember("A kettle.", source="a:1")) == 1
        assert space.remember("A kettle.", source="a:1") == []
        assert len(space.remember("A kettle.", source="a:2")) == 1


def test_an_embedding_made_before_is_found_once_however_often_it_stands(path: Path) -> None:
    with space_at(path) as space:
        space.remember(["Good morning."] * 900 + [f"Kettle number {n}." for n in range(1_200)])
        (each,) = {name for _, name in _digests(path, "Good morning.")}
        others = [name for text, name in _digests(path) if text != "Good morning."]
        kept = space._store.embeddings([each, *others, 12_345])
        assert set(kept) == {each, *others}
        assert np.frombuffer(kept[each], np.float16).tolist() == pytest.approx(
            scripted(dim=16).embed(["Good morning."])[0].tolist(), abs=1e-3
        )


def _digests(path: Path, text: str = "%") -> list[tuple[str, int]]:
    with closing(sqlite3.connect(path)) as raw:
        query = "SELECT text, v.digest FROM vectors v JOIN cubes c ON c.row = v.pk / 4096 WHERE text LIKE ?"
        return raw.execute(query, (text,)).fetchall()
