"""Tending by increments: what a tender is shown, where it goes on after a stop, and what that costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import mnesis
from mnesis import Space, catalog, tending
from mnesis.errors import NotFound
from mnesis.store import View
from mnesis.text.recipes import Recipe
from mnesis.text.tend import Tend
from mnesis.words import Change, Move, Retire

NOW = datetime(2026, 3, 1, tzinfo=UTC)


class Noting:
    """A tender that notes what it is shown, and moves what says so to another type."""

    def __init__(self) -> None:
        self.shown: list[list[str]] = []
        self.gone: list[list[str]] = []
        self.dies_at = ""

    def __call__(self, view: View, now: datetime) -> list[Change]:
        cubes = view.cubes(view.changed())
        self.shown.append([cube.text for cube in cubes])
        self.gone.append([cube.text for cube in view.cubes(view.retired())])
        if self.dies_at in self.shown[-1]:
            raise KeyboardInterrupt
        wanted = (cube for cube in cubes if "keep" in cube.text and cube.type == "episodic")
        return [Move(cube.id, type="semantic", reason="it asks to be kept") for cube in wanted]


def space_of(tend: Tend, path: str | Path = ":memory:", **options: Any) -> Space:
    recipe: Recipe = catalog.make("text.recipes.verbatim")
    ticks = iter(range(1_000_000))
    clock = lambda: NOW + timedelta(seconds=next(ticks))  # noqa: E731
    return Space(path, recipe=replace(recipe, tend=(tend,)), embedder="none", clock=clock, **options)


def test_a_tender_is_shown_what_changed_since_it_was_here(tmp_path: Path) -> None:
    for path in (":memory:", tmp_path / "space.mnesis"):
        noting = Noting()
        with space_of(noting, path) as space:
            one, two = space.remember(["keep the key", "buy milk"])
            (commit,) = space.tend()
            assert (commit.reason, commit.changes[0]["reason"]) == ("tend", "it asks to be kept")
            assert space.tend() == []
            space.forget(two.id)
            three = space.remember("call Tom")[0]
            assert space.tend() == []
            assert noting.shown == [["keep the key", "buy milk"], ["keep the key"], ["call Tom"]]
            assert noting.gone == [[], [], ["buy milk"]]
            space.revise(three.id, "call Tom and keep it short")
            assert len(space.tend()) == 1
            assert noting.shown[-1] == ["call Tom and keep it short"]
            space.rollback(2)
            assert space.tend() == []
            assert sorted(noting.shown[-1]) == ["buy milk"]
            assert noting.gone[-1] == ["call Tom and keep it short"]
            space.tend(again=True)
            assert sorted(noting.shown[-1]) == ["buy milk", "keep the key"]
            assert space.get(one.id).type == "semantic"


def test_tending_that_was_stopped_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tending, "BATCH", 10)
    monkeypatch.setitem(tending.tend.__kwdefaults__, "batch", 10)
    path, noting = tmp_path / "space.mnesis", Noting()
    with space_of(noting, path) as space:
        space.remember([f"keep number {n}" for n in range(35)])
        noting.dies_at = "keep number 27"
        with pytest.raises(KeyboardInterrupt):
            space.tend()
        moved = [cube for cube in space.cubes() if cube.type == "semantic"]
        assert len(moved) == 20  # two batches were committed
    again = Noting()
    with space_of(again, path) as space:
        commits = space.tend()
        assert [len(each.changes) for each in commits] == [10, 5]
        assert again.shown[0] == [f"keep number {n}" for n in range(20, 30)]
        assert all(cube.type == "semantic" for cube in space.cubes())
        assert space.tend() == []
        assert space.verify().ok


def test_a_tender_that_died_before_its_mark_was_kept_meets_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    noting = Noting()
    with space_of(noting) as space:
        space.remember("keep the key")
        with monkeypatch.context() as patch:
            patch.setattr(tending, "_keep", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                space.tend()
        assert [cube.type for cube in space.cubes()] == ["semantic"]
        assert space.tend() == []
        assert noting.shown == [["keep the key"], ["keep the key"]]


def test_nothing_is_written_where_nothing_changed(tmp_path: Path) -> None:
    with space_of(Noting(), tmp_path / "space.mnesis") as space:
        space.remember("keep the key", namespace="a")
        for _ in range(3):
            space.tend()
        facts = space._store.facts()
        space.remember("call Tom", namespace="b")
        space.tend(namespace="a")
        assert space._store.facts() == facts
        assert not any(name.removeprefix(tending.FACT) == "a" for name in facts)  # names of namespaces may be erased


def test_other_options_and_other_journals_start_anew(tmp_path: Path) -> None:
    dedupe = catalog.make("text.tend.dedupe")
    names = {tending.signature("r", each) for each in (dedupe, catalog.make("text.tend.dedupe", overlap=0.9))}
    assert len({*names, tending.signature("s", dedupe)}) == 3
    with space_of(Noting(), tmp_path / "space.mnesis") as space:
        space.remember("buy milk")
        space.tend()
        name = tending.signature("verbatim", space._recipe.tend[0])
        mark = tending.marked(space._store, "default", name)
        assert (mark.commit, mark.hash) == (1, space.head().hash)
        tending._keep(space._store, "default", name, mark._replace(hash="0" * 32))
        assert tending.marked(space._store, "default", name) == tending.NEVER
        space.export(tmp_path / "space.jsonl")
    assert tending.FACT not in (tmp_path / "space.jsonl").read_text(encoding="utf-8")


def test_tenders_see_the_work_of_those_before_them() -> None:
    recipe: Recipe = catalog.make("text.recipes.verbatim")
    first, second = Noting(), Noting()
    with Space(recipe=replace(recipe, tend=(first, second)), embedder="none", clock=lambda: NOW) as space:
        space.remember("keep the key")
        space.tend()
        assert second.shown == [["keep the key"]]
        assert len(space.history(next(iter(space.cubes())).id)) == 2


def test_dedupe_finds_repeats_of_what_is_old() -> None:
    with mnesis.open(embedder="none", clock=lambda: NOW) as space:
        first, *_ = space.remember(["The ferry leaves from the northern pier", "Ana has a red boat"], speaker="Tom")
        assert space.tend() == []
        space.remember("the ferry leaves from the northern pier!", speaker="Tom", at="2026-02-01")
        space.remember("the ferry leaves from the northern pier", speaker="Ana")
        (commit,) = space.tend()
        assert [each["op"] for each in commit.changes] == ["revise", "retire"]
        assert len(list(space.cubes())) == 3
        assert isinstance(Retire("x").reason, str)
        assert space.tend() == []
        assert first.id in space.explain(commit)


@pytest.mark.parametrize("path", [":memory:", "space.mnesis"])
def test_a_batch_that_somebody_changed_meanwhile_is_looked_at_again(path: str, tmp_path: Path) -> None:
    noting = Noting()
    with space_of(noting, path if path == ":memory:" else tmp_path / path) as space:
        key, cat = space.remember(["keep the key", "keep the cat"])
        plain = noting.__class__.__call__
        meddled = iter([True])

        def meddling(view: View, now: datetime) -> list[Change]:
            changes = plain(noting, view, now)
            if next(meddled, False):
                space.forget(key.id)
            return changes

        space._recipe = replace(space._recipe, tend=(meddling,))
        (commit,) = space.tend()
        assert [each["id"] for each in commit.changes] == [cat.id]
        assert noting.shown == [["keep the key", "keep the cat"], ["keep the cat"]]
        space._recipe = replace(space._recipe, tend=(lambda view, now: [Retire(key.id, "gone already")],))
        with pytest.raises(NotFound):
            space.tend(again=True)
