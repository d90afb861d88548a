"""Carrying a space elsewhere: the same commits under the same hashes, in whatever store, and nothing altered passes."""

from __future__ import annotations

import gzip
import itertools
import json
import random
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import mnesis
from mnesis.errors import BadInput, Malformed, NotFound, SpaceError
from mnesis.memory import Space
from mnesis.models.scripted import scripted
from mnesis.words import Connect, Disconnect, Event, Link, Move, Touch

START = datetime(2026, 1, 1, tzinfo=UTC)
THINGS = "kettle lamp boat river window garden pencil violin stone bread cloud ladder button candle".split()


def clock() -> Callable[[], datetime]:
    ticks = itertools.count()
    return lambda: START + timedelta(minutes=next(ticks), microseconds=17)


def made(place: str | Path, seed: int = 0, steps: int = 60, embedder: Any = "scripted") -> Space:
    """A space after a random life; the same seed leads the same life in every store."""
    chance = random.Random(seed)
    space = Space(place, embedder=embedder, clock=clock())
    alive: dict[str, list[str]] = {"a": [], "b/c": []}
    for n in range(steps):
        name = chance.choice(["a", "a", "b/c"])
        here, store = alive[name], space._store
        deed = chance.random() if len(here) > 3 else 0.0
        id = chance.choice(here) if here else ""
        if deed < 0.45:
            told = [
                Event(
                    f"Ana{n} saw {chance.choice(THINGS)} number {n}.{k} — “{chance.choice(THINGS)}” 🌊",
                    speaker=chance.choice(["", "Ana", "Tom"]),
                    source=f"{name}:{n}.{k}" if chance.random() < 0.8 else "",
                    session=chance.choice(["", "s1"]),
                    at=START + timedelta(days=n) if chance.random() < 0.5 else None,
                    meta={"n": n, "z": [1, None, 0.1]} if chance.random() < 0.3 else {},
                    id=f"{name}-{n}-{k}" if chance.random() < 0.5 else f"{n * 10 + k:020x}",
                )
                for k in range(chance.randint(1, 3))
            ]
            key = {"key": f"once {n}"} if chance.random() < 0.2 else {}
            here += [cube.id for cube in space.remember(told, namespace=name, **key)]
        elif deed < 0.55:
            space.revise(id, f"It was the {chance.choice(THINGS)} of Ines, {n}.", namespace=name)
        elif deed < 0.62:
            space.forget(here.pop(here.index(id)), namespace=name, reason="Canaryreason")
        elif deed < 0.70:
            space.forget(here.pop(here.index(id)), namespace=name, erase=True)
        elif deed < 0.76:
            space.rollback(max(1, space.head().seq - 2), namespace=name)
            here[:] = [cube.id for cube in space.cubes(namespace=name)]
        else:
            link = Link(id, chance.choice([*here, "entity:tea"]), "mentions", 0.5, name, START, None, "by hand")
            changes: list[Any] = [
                [Connect(link), Connect(Link(here[0], id, "next", namespace=name))],
                [Disconnect(link), Touch(id, importance=chance.random())],
                [Touch(id, strength=chance.random()), Touch(id, importance=0.5)],
                [Move(id, type="semantic"), Touch(here[0], strength=0.5)],
            ]
            at = START + timedelta(hours=n)
            store.commit(chance.choice(changes), author="me", reason=f"by hand {n}", at=at, namespace=name)
    assert space.verify().problems == ()
    return space


@pytest.fixture(params=range(3))
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def text(space: Space, folder: Path, **options: Any) -> str:
    space.export(folder / "text.jsonl", **options)
    return (folder / "text.jsonl").read_text(encoding="ascii")


@pytest.fixture(params=["ram", "sqlite"])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    return ":memory:" if request.param == "ram" else tmp_path / "other.mnesis"


def test_every_store_journals_alike(seed: int, tmp_path: Path) -> None:
    with made(":memory:", seed) as ram, made(tmp_path / "space.mnesis", seed) as file:
        assert ram.head() == file.head()
        assert list(ram.journal()) == list(file.journal())
        assert text(ram, tmp_path) == text(file, tmp_path)


@pytest.mark.parametrize("through", ["file", "compressed", "space", "its file"])
def test_what_is_restored_is_the_same_space(
    place: str | Path, other: str | Path, seed: int, through: str, tmp_path: Path
) -> None:
    with made(place, seed) as space:
        before = text(space, tmp_path)
        source: Any = {"space": space, "its file": place}.get(through, tmp_path / f"x.{through[:4]}.gz")
        if through == "its file" and place == ":memory:":
            pytest.skip("a space in memory has no file")
        if through in ("file", "compressed"):
            source = tmp_path / ("x.jsonl.gz" if through == "compressed" else "x.jsonl")
            space.export(source)
        seen: list[tuple[int, int]] = []
        with mnesis.restore(source, other, progress=lambda *done: seen.append(done)) as again:
            assert seen[-1] == (space.head().seq, space.head().seq)
            assert again.verify().problems == ()
            assert again.head() == space.head()
            assert text(again, tmp_path) == before
            for name in ("a", "b/c"):
                assert list(again.cubes(namespace=name)) == list(space.cubes(namespace=name))
                for cube in space.cubes(namespace=name):
                    ours, theirs = (each.history(cube.id, namespace=name) for each in (space, again))
                    assert ours == theirs
                    assert [again.event(e, namespace=name) for e in cube.events] == [
                        space.event(e, namespace=name) for e in cube.events
                    ]
                for commit in range(0, space.head().seq + 1, 7):
                    hits = [
                        [(hit.cube, hit.score) for hit in each.recall("the violin", namespace=name, as_of=commit)]
                        for each in (space, again)
                    ]
                    assert hits[0] == hits[1]


def test_a_restored_space_goes_on_as_the_first_would(place: str | Path, other: str | Path, tmp_path: Path) -> None:
    with made(place) as space, mnesis.restore(space, other, clock=lambda: START + timedelta(days=9)) as again:
        space._clock = lambda: START + timedelta(days=9)
        for each in (space, again):
            each.remember(Event("A late lamp.", source="late"), namespace="a")
            first = next(each.cubes(namespace="a"))
            each.revise(first.id, "Said otherwise.", namespace="a")
            each.forget(first.id, namespace="a", erase=True)
            each.rollback(20)
            assert each.verify().problems == ()
        assert again.head() == space.head()
        assert text(again, tmp_path) == text(space, tmp_path)


def test_an_export_of_one_namespace_holds_nothing_of_another(
    place: str | Path, other: str | Path, seed: int, tmp_path: Path
) -> None:
    with made(place, seed) as space:
        space.remember(Event("The canaryword of b.", speaker="Canaryname", source="canarysource"), namespace="b/c")
        part = text(space, tmp_path, namespace="a")
        assert not {"canary", "Canaryname", "b/c"} & set(part.replace(".", " ").split())
        assert "canary" not in part.casefold().replace("canaryreason", "")
        assert "b/c" not in part
        names = [json.loads(line).get("namespace", "a") for line in part.splitlines()]
        assert set(names) == {"a"}
        with mnesis.restore(tmp_path / "text.jsonl", other) as again:
            assert again.verify().problems == ()
            assert again.namespaces().keys() == {"a"}
            assert list(again.cubes(namespace="a")) == list(space.cubes(namespace="a"))
            assert text(again, tmp_path, namespace="a") == part
        with pytest.raises(NotFound, match="nothing to export"):
            space.export(tmp_path / "none.jsonl", namespace="nobody")
        assert not (tmp_path / "none.jsonl").exists()


def test_without_vectors_they_are_made_anew(place: str | Path, other: str | Path, tmp_path: Path) -> None:
    with made(place) as space:
        space.export(tmp_path / "bare.jsonl", vectors=False)
        assert '"vectors":[' not in (tmp_path / "bare.jsonl").read_text(encoding="ascii")
        with mnesis.restore(tmp_path / "bare.jsonl", other) as again:
            assert again.verify().problems == ()
            assert again.head() == space.head()
            for ours, theirs in zip(space.cubes(namespace="a"), again.cubes(namespace="a"), strict=True):
                assert ours.vector is not None
                assert theirs.vector is not None
                assert (ours.vector == theirs.vector).all()
            assert text(again, tmp_path, vectors=False) == (tmp_path / "bare.jsonl").read_text(encoding="ascii")


def test_another_embedder_makes_vectors_of_its_own(place: str | Path, other: str | Path) -> None:
    with made(place) as space, mnesis.restore(space, other, embedder=scripted(dim=8)) as again:
        assert again.head() == space.head()
        assert {cube.vector.shape for cube in again.cubes(namespace="a") if cube.vector is not None} == {(8,)}
        assert again.verify().problems == ()


def test_a_change_of_model_goes_along(place: str | Path, other: str | Path, tmp_path: Path) -> None:
    with made(place) as space:
        space.reembed("static")
        space.remember("One more, since.", namespace="a")
        before = text(space, tmp_path)
        with mnesis.restore(space, other) as again:
            assert again.verify().problems == ()
            assert text(again, tmp_path) == before
            hits = [each.recall("the violin", namespace="a", now=START) for each in (space, again)]
            assert [hit.score for hit in hits[0]] == [hit.score for hit in hits[1]]


# ------------------------------------------------------------------------------------------------------- damage


def damaged(lines: list[bytes], chance: random.Random) -> tuple[list[bytes], int]:
    """One thing wrong with the lines, and the number of the first line it shows in."""
    at = chance.randrange(len(lines))
    kind = chance.choice(["altered", "gone", "twice", "torn", "swapped", "cut"])
    line = lines[at]
    if kind == "altered":
        where = chance.randrange(len(line) - 1)
        letter = bytes([line[where] ^ chance.choice([1, 2, 4])])
        if letter in b"\n\r":
            letter = b"x"
        return [*lines[:at], line[:where] + letter + line[where + 1 :], *lines[at + 1 :]], at + 1
    if kind == "gone":
        return [*lines[:at], *lines[at + 1 :]], at + 1
    if kind == "twice":
        return [*lines[: at + 1], *lines[at:]], at + 2 if at + 1 < len(lines) else at + 1
    if kind == "torn":
        return [*lines[:at], line[: chance.randrange(len(line))]], at + 1
    if kind == "swapped" and at + 1 < len(lines):
        return [*lines[:at], lines[at + 1], line, *lines[at + 2 :]], at + 1
    return lines[:at], at + 1


def test_an_altered_or_torn_line_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    with made(tmp_path / "space.mnesis") as space:
        lines = text(space, tmp_path).encode().splitlines(keepends=True)
    chance = random.Random(5)
    folder = tmp_path / "damaged"
    folder.mkdir()
    for n in range(150):
        wrong, first = damaged(lines, chance)
        (tmp_path / "wrong.jsonl").write_bytes(b"".join(wrong))
        target: Any = folder / "space.mnesis" if n % 5 == 0 else ":memory:"
        with pytest.raises(Malformed) as told:
            mnesis.restore(tmp_path / "wrong.jsonl", target)
        assert told.value.where == f"wrong.jsonl:{first}"
        assert list(folder.iterdir()) == []


def test_whoever_alters_the_checks_too_is_told_by_the_chain(tmp_path: Path) -> None:
    from mnesis.store.archive import _Checks

    with made(tmp_path / "space.mnesis") as space:
        records = [json.loads(line) for line in text(space, tmp_path).splitlines()]
    wrong = []
    for at, record in enumerate(records):
        for name in ("text", "at", "reason", "author", "hash", "died", "importance", "event", "id", "by", "weight"):
            inner = next((record[each] for each in ("cube", "link") if isinstance(record.get(each), dict)), record)
            if isinstance(inner.get(name), str | float | int) and at:
                wrong.append((at, name))
    chance = random.Random(1)
    for at, name in chance.sample(wrong, 60):
        altered = json.loads(json.dumps(records))
        inner = next(
            (altered[at][each] for each in ("cube", "link") if isinstance(altered[at].get(each), dict)), altered[at]
        )
        inner[name] = inner[name] + (1 if not isinstance(inner[name], str) else "0")
        checks = _Checks()
        lines = [checks.line({key: value for key, value in each.items() if key != "check"}) for each in altered]
        (tmp_path / "wrong.jsonl").write_text("".join(lines), encoding="ascii")
        with pytest.raises((Malformed, SpaceError)):
            mnesis.restore(tmp_path / "wrong.jsonl")


def test_what_is_no_export_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"a":1}\n', encoding="ascii")
    with pytest.raises(Malformed, match=r"x.jsonl:1"):
        mnesis.restore(tmp_path / "x.jsonl")
    (tmp_path / "empty").write_bytes(b"")
    with pytest.raises(Malformed, match="empty:1"):
        mnesis.restore(tmp_path / "empty")
    (tmp_path / "torn.gz").write_bytes(gzip.compress(b'{"mnesis":"export","x":' + bytes(range(40, 90)) * 99)[:60])
    with pytest.raises(Malformed, match=r"torn.gz:1"):
        mnesis.restore(tmp_path / "torn.gz")
    with pytest.raises(NotFound, match="no export"):
        mnesis.restore(tmp_path / "nowhere")


def test_a_place_that_is_taken_is_left_alone(tmp_path: Path) -> None:
    with made(tmp_path / "one.mnesis", steps=5) as space, made(tmp_path / "two.mnesis", 1, steps=5) as two:
        head = two.head()
        with pytest.raises(SpaceError, match="there already"):
            mnesis.restore(space, tmp_path / "two.mnesis")
        assert two.head() == head


def test_every_table_is_thought_of(tmp_path: Path) -> None:
    """A new table has to be carried along (see `store.laying`), or be said here to be of one file alone."""
    carried = {"facts", "names", "commits", "cubes", "touches", "once", "vectors", "resealed", "events", "links"}
    carried |= {"erased", "erased_events", "derived", "tombs"}
    # Erasures after which that file still had to be emptied, and what a language model said about what is in it.
    of_one_file = {"unpurged", "replies"}
    with Space(tmp_path / "space.mnesis", embedder="none"), sqlite3.connect(tmp_path / "space.mnesis") as raw:
        tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    raw.close()
    assert tables == carried | of_one_file


def test_an_embedder_that_cannot_be_made_here_is_named(tmp_path: Path) -> None:
    with made(":memory:", steps=5, embedder=scripted(dim=8)) as space:
        space.export(tmp_path / "x.jsonl")
        with pytest.raises(BadInput, match="scripted/8"):
            mnesis.restore(tmp_path / "x.jsonl")
        with mnesis.restore(tmp_path / "x.jsonl", embedder=scripted(dim=8)) as again:
            assert again.head() == space.head()


def test_a_link_that_did_not_stand_leaves_no_word_of_what_was_erased(place: str | Path) -> None:
    """Taking away a link that was never drawn, or was taken away before, is a change that says nothing."""
    with Space(place, embedder="none") as space:
        (cube,) = space.remember(Event("The lamp.", source="x", id="0" * 20), namespace="a")
        link = Link(cube.id, "entity:canaryword", "mentions", namespace="a")
        for change in (Disconnect(link), Connect(link), Disconnect(link), Disconnect(link)):
            space._store.commit([change], author="me", reason="remember", at=START, namespace="a")
        told = [each.changes[0]["op"] for each in space.journal()]
        assert told == ["add", "nothing", "connect", "disconnect", "nothing"]
        space.forget(cube.id, namespace="a", erase=True)
        assert "canaryword" not in repr(list(space.journal()))
        assert space.verify().problems == ()


def test_the_vault_goes_along_sealed(place: str | Path, other: str | Path, tmp_path: Path) -> None:
    pytest.importorskip("cryptography")
    with Space(place, embedder="scripted", key="a long key") as space:
        space.remember("The canaryword opens the safe.", namespace="a", type="vault")
        space.remember("The lamp is green.", namespace="a")
        assert "canaryword" not in text(space, tmp_path)
        assert "canaryword" not in text(space, tmp_path, namespace="a")
        with mnesis.restore(space, other, key="a long key") as again:
            (hit,) = again.recall("canaryword", namespace="a", types=("vault",))
            assert hit.text == "The canaryword opens the safe."
            assert text(again, tmp_path) == text(space, tmp_path)
            assert again.reembed("static").memories == 2
            assert again.recall("canaryword", namespace="a", types=("vault",))[0].text == hit.text
            assert again.verify().problems == ()
