"""Every part of the slot text.use: it only touches and keeps numbers, the same each time, and stays behind its wall."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnesis import Space, catalog
from mnesis.drive import settled
from mnesis.models.rules import answer
from mnesis.models.scripted import scripted
from mnesis.store import Store
from mnesis.store.ram import RamStore
from mnesis.store.sqlite import SqliteStore
from mnesis.text.recipes.verbatim import verbatim
from mnesis.words import Add, Change, MemCube, Query, Revise, Touch, replace

SUBJECTS = catalog.names("text.use")
START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = START + timedelta(days=40)
TEXTS = (
    "Ana keeps the red boat in the old harbour",
    "Tom painted the boat red in May 2026",
    "Where is the boat?",
    "The ferry leaves from the northern pier",
    "東京の天気は良いです",
    "Yes.",
)
QUESTIONS = ("Where does Ana keep the red boat?", "boat", "the of and", "東京の天気", "?")


def fill(store: Store, namespace: str = "test") -> list[MemCube]:
    cubes = [
        MemCube(f"c{n}", text, namespace, events=(f"c{n}",), valid_from=START + timedelta(days=n))
        for n, text in enumerate(TEXTS)
    ]
    store.commit([Add(each) for each in cubes], author="test", reason="", at=START, namespace=namespace)
    return cubes


def left(address: str, store: Store, query: str, order: Sequence[int], cited: Sequence[int] | None) -> list[Change]:
    view = store.view("test").sieved()
    cubes = [cube for n in order if (cube := view.get(f"c{n}")) is not None]
    ids = None if cited is None else [f"c{n}" for n in cited]
    made = catalog.make(address)(Query(query, now=NOW), cubes, ids, view, NOW)
    return list(settled(made, answer))


recalls = st.tuples(
    st.sampled_from(QUESTIONS),
    st.permutations(range(len(TEXTS))).flatmap(lambda order: st.integers(1, len(order)).map(lambda n: order[:n])),
).flatmap(lambda each: st.tuples(*map(st.just, each), st.none() | st.lists(st.sampled_from(each[1]), unique=True)))


@pytest.mark.parametrize("address", SUBJECTS)
@given(told=st.lists(recalls, min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_a_part_only_touches_and_keeps_numbers(address: str, told) -> None:
    store, other = RamStore(), RamStore()
    cubes = fill(store)
    fill(other)
    fill(other, "theirs")
    for query, order, cited in told:
        changes = left(address, store, query, order, cited)
        assert changes == left(address, store, query, order, cited)  # nothing is drawn by chance
        assert changes == left(address, other, query, order, cited)  # and what others have does not matter
        for each in changes:
            assert isinstance(each, Add | Revise | Touch)
            if isinstance(each, Touch):
                assert each.id in {cubes[n].id for n in order}
                assert each.used in (None, NOW)
            else:
                assert (each.cube.kind, each.cube.type, each.cube.namespace) == ("weights", "procedural", "test")
                assert each.cube.made_by == address
        for kept in (store, other):
            if changes:
                kept.commit(changes, author="test", reason="recall", at=NOW, namespace="test")
    assert [store.view("test").get(each.id).text for each in cubes] == [each.text for each in cubes]
    assert store.verify() == []


@pytest.mark.parametrize("address", SUBJECTS)
def test_nothing_recalled_leaves_nothing(address: str) -> None:
    store = RamStore()
    fill(store)
    assert left(address, store, "boat", [], None) == left(address, store, "boat", [], []) == []


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Store]:
    store = SqliteStore(tmp_path / "space.mnesis")
    yield store
    store.close()


@pytest.mark.parametrize("address", SUBJECTS)
def test_both_stores_keep_the_same(address: str, sqlite: Store) -> None:
    ram = RamStore()
    rows = []
    for store in (ram, sqlite):
        fill(store)
        for cited in (None, [1], [1, 0], None):
            changes = left(address, store, "Who painted the boat?", [0, 1, 2], cited)
            if changes:
                store.commit(changes, author="test", reason="recall", at=NOW, namespace="test")
        view = store.view("test")
        at = view.rows([f"c{n}" for n in range(len(TEXTS))])
        rows.append((view.cubes(at), view.column("uses", at).tolist(), str(view.column("used_at", at).tolist())))
        assert store.verify() == []
    assert rows[0] == rows[1]


@pytest.mark.parametrize("address", SUBJECTS)
@pytest.mark.parametrize("embedder", ["none", "scripted"])
def test_two_recalls_and_citations_at_once_both_land(address: str, embedder: str, tmp_path: Path) -> None:
    recipe = replace(verbatim(), use=(catalog.make(address),))
    mind = scripted(dim=16) if embedder == "scripted" else "none"
    with (
        Space(tmp_path / "at-once.mnesis", recipe=recipe, embedder=mind) as space,
        Space(recipe=recipe, embedder=mind) as alone,
    ):
        for each in (space, alone):
            each.remember([f"{text} ({n})" for n, text in enumerate(TEXTS)])
        faults: list[Exception] = []

        def ask() -> None:
            try:
                for _ in range(5):
                    hits = space.recall("Who painted the boat?", k=3)
                    space.cite("Who painted the boat?", hits[:1], k=3)
            except Exception as err:  # told by the test below
                faults.append(err)

        crowd = [Thread(target=ask) for _ in range(3)]
        for each in crowd:
            each.start()
        for each in crowd:
            each.join()
        for _ in range(15):
            alone.cite("Who painted the boat?", alone.recall("Who painted the boat?", k=3)[:1], k=3)
        assert faults == []
        assert space.verify().ok
        assert len(list(space.journal())) == len(list(alone.journal()))  # nobody's trace was lost


@pytest.mark.parametrize("address", SUBJECTS)
def test_a_recall_can_be_read_without_a_trace(address: str) -> None:
    recipe = replace(verbatim(), use=(catalog.make(address),))
    with Space(recipe=recipe, embedder="none") as space:
        space.remember(list(TEXTS))
        head = space.head()
        space.recall("boat", touch=False)
        space.recall("boat", as_of=1)
        space.recall("boat", valid_at=NOW)
        space.context("boat", touch=False)
        with pytest.raises(Exception, match="so nothing was forgotten"):
            space.forget("xyzzy")
        assert space.head() == head
