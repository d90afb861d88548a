"""What a recall leaves behind: uses counted and dated, traces that survive races, rollbacks, moves and time travel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

import mnesis
from mnesis import Space
from mnesis.errors import NotFound
from mnesis.store.ram import RamStore
from mnesis.text.recipes import Recipe
from mnesis.text.recipes.verbatim import verbatim
from mnesis.text.use.strengthen import strengthen
from mnesis.words import Add, MemCube, Touch, replace

START = datetime(2026, 1, 1, tzinfo=UTC)
ASKED = "Where is the spare key?"


def recipe(**options) -> Recipe:
    return replace(verbatim(), use=(strengthen(**options),))


@pytest.fixture(params=["ram", "sqlite"])
def space(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Space]:
    now = [START]

    def clock() -> datetime:
        now[0] += timedelta(hours=1)
        return now[0]

    path = ":memory:" if request.param == "ram" else tmp_path / "space.mnesis"
    with Space(path, recipe=recipe(), embedder="none", clock=clock) as made:
        made.remember(["The spare key is under the blue pot.", "Tom likes chess."])
        yield made


def uses(space: Space, id: str, **when) -> tuple[int, float]:
    view = space._view("default", **when)
    rows = view.rows([id])
    return int(view.column("uses", rows)[0]), float(view.column("used_at", rows)[0])


def test_each_recall_counts_and_is_dated(space: Space) -> None:
    first = space.recall(ASKED, k=1, now="2026-02-01")[0].cube
    space.recall(ASKED, k=1, now="2026-02-05")
    assert uses(space, first.id) == (2, datetime(2026, 2, 5, tzinfo=UTC).timestamp())
    assert space.get(first.id).strength == first.strength + 2
    (other,) = (cube for cube in space.cubes() if cube.id != first.id)
    count, last = uses(space, other.id)
    assert count == 0
    assert np.isnan(last)
    assert [commit.reason for commit in space.journal(1)] == ["recall", "recall"]
    assert space.verify().ok


def test_uses_follow_a_memory_through_its_versions(space: Space) -> None:
    id = space.recall(ASKED, k=1)[0].cube.id
    head = space.head().seq
    space.revise(id, "The spare key is under the red pot.")
    space.recall(ASKED, k=1)
    assert uses(space, id)[0] == 2
    assert uses(space, id, as_of=head)[0] == 1
    assert uses(space, id, as_of=1)[0] == 0
    assert space.get(id, as_of=1).strength == 1.0
    owner, at = space._view("default").uses(space._view("default").rows([id]))
    assert owner.tolist() == [0, 0]
    assert at[0] < at[1]


def test_a_rollback_weakens_again_but_a_use_stays_a_fact(space: Space) -> None:
    id = space.recall(ASKED, k=1)[0].cube.id
    space.rollback(to=1)
    assert space.get(id).strength == 1.0
    assert uses(space, id)[0] == 1
    assert space.verify().ok


def test_uses_move_with_the_space(space: Space, tmp_path: Path) -> None:
    id = space.recall(ASKED, k=1, now="2026-02-01")[0].cube.id
    space.export(tmp_path / "moved.jsonl")
    mnesis.restore(tmp_path / "moved.jsonl", tmp_path / "moved.mnesis").close()
    with Space(tmp_path / "moved.mnesis", recipe=recipe()) as moved:
        assert uses(moved, id) == uses(space, id)
        assert moved.verify().ok


def test_an_erased_memory_takes_its_uses_with_it(space: Space) -> None:
    id = space.recall(ASKED, k=1)[0].cube.id
    space.forget(id, erase=True)
    assert space.verify().ok
    assert space._store.read_uses([1], 99) == []


def test_citations_count_where_only_they_do(tmp_path: Path) -> None:
    with Space(tmp_path / "cited.mnesis", recipe=recipe(by="cite"), embedder="none") as space:
        key, chess = space.remember(["The spare key is under the blue pot.", "Tom likes the key of C in chess."])
        assert len(space.recall("key", k=2)) == 2
        assert space.head().seq == 1
        commit = space.cite("key", [chess.id, chess.id])
        assert commit is not None
        assert commit.reason == "cite"
        assert uses(space, chess.id)[0] == 1
        assert uses(space, key.id)[0] == 0
        assert space.cite("key", []) is None
        with pytest.raises(NotFound, match="no cube"):
            space.cite("key", ["nobody"])


def test_a_recipe_without_use_is_told_in_vain() -> None:
    with Space(embedder="none") as space:
        (cube,) = space.remember("The spare key is under the blue pot.")
        hits = space.recall(ASKED)
        assert space.cite(ASKED, hits) is None
        assert space.cite(ASKED, cube.id) is None
        assert space.head().seq == 1


def test_only_what_comes_back_from_several_namespaces_is_touched() -> None:
    with Space(recipe=recipe(), embedder="none") as space:
        (one,) = space.remember("The spare key is under the blue pot.", namespace="home")
        (other,) = space.remember("A key, somewhere among many other things, perhaps.", namespace="home/shed")
        assert [hit.cube.id for hit in space.recall(ASKED, namespace="home", within=True, k=1)] == [one.id]
        assert space.get(one.id).strength == 2.0
        assert space.get(other.id).strength == 1.0


def test_the_gain_is_added_to_what_stands_by_then() -> None:
    store = RamStore()
    for changes in ([Add(MemCube("a", "x", "n"))], [Touch("a", gain=1.0)], [Touch("a", strength=5.0, gain=0.5)]):
        store.commit(changes, author="", reason="", at=START, namespace="n")
    assert store.view("n").get("a").strength == 5.5
    assert [change.get("strength") for commit in store.journal(1) for change in commit.changes] == [2.0, 5.5]


@pytest.mark.parametrize("kind", ["weights", "kv"])
def test_what_is_no_text_is_never_recalled_but_can_be_read(space: Space, kind: str) -> None:
    state = MemCube("numbers", "spare key weights", kind=kind, type="procedural", meta={"values": [1.0]})
    space._commit([Add(state)], "", "keep", "default")
    assert "numbers" not in [hit.cube.id for hit in space.recall("spare key weights", k=50)]
    assert "numbers" not in [hit.cube.id for hit in space.recall("spare key weights", types=("procedural",))]
    assert space._view("default").sieved().state("numbers").meta == {"values": [1.0]}
    assert space._view("default", as_of=1).sieved().state("numbers") is None
    assert space.get("numbers").kind == kind
