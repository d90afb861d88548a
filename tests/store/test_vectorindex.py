"""The vector index with small parts, against a brute-force search."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnesis.store import vectorindex
from mnesis.store.vectorindex import VectorIndex

DIM = 24


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectorindex, "PART", 700)


def units(n: int, seed: int = 0, dim: int = DIM) -> Any:
    vectors = np.random.default_rng(seed).normal(size=(n, dim)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def filled(vectors: Any, owner: Any, step: int = 70) -> VectorIndex:
    index = VectorIndex(vectors.shape[1])
    for begin in range(0, len(vectors), step):
        index.add(owner[begin : begin + step], vectors[begin : begin + step])
    return index


def same(index: VectorIndex, vectors: Any, owner: Any, limit: int) -> None:
    """What is found is as near as what an exact search finds; rows nearly equally near may change places."""
    for query in units(20, seed=9, dim=vectors.shape[1]):
        every: dict[int, float] = {}
        for row, cosine in zip(owner.tolist(), (vectors @ query).tolist(), strict=True):
            every[row] = max(cosine, every.get(row, -2.0))
        rows, cosine = index.nearest(query, limit)
        assert len(set(rows.tolist())) == min(limit, len(every))
        np.testing.assert_allclose(cosine, [every[row] for row in rows.tolist()], atol=2e-5)
        np.testing.assert_allclose(cosine, sorted(every.values(), reverse=True)[:limit], atol=2e-5)


@pytest.mark.parametrize("step", [3100, 70, 333])
def test_the_nearest_are_those_of_an_exact_search(step: int) -> None:
    vectors, owner = units(3100), np.arange(3100)
    index = filled(vectors, owner, step)
    assert [part.size for part in index.parts] == [700, 700, 700, 700, 300]
    same(index, vectors, owner, 10)
    same(index, vectors, owner, 150)


@pytest.mark.parametrize("dim", [1, 7, 64, 257])
def test_vectors_of_any_dimension(dim: int) -> None:
    vectors, owner = units(900, dim=dim), np.arange(900)
    index = filled(vectors, owner)
    np.testing.assert_allclose(index.take(owner), vectors, atol=3e-5)
    if dim > 1:  # in one dimension all are equally near
        same(index, vectors, owner, 5)


def test_a_row_with_several_vectors_counts_with_its_best() -> None:
    vectors, owner = units(1500), np.arange(1500) // 3
    index = filled(vectors, owner, 90)
    same(index, vectors, owner, 30)
    rows, cosine = index.nearest(vectors[1234], 5)
    assert (rows[0], round(float(cosine[0]), 3)) == (1234 // 3, 1.0)


def test_of_equal_vectors_the_first_rows_are_found() -> None:
    vectors = np.repeat(units(2), [9_000, 1], axis=0)
    index = filled(vectors, np.arange(9_001), 3_000)
    rows, cosine = index.nearest(vectors[0], 40)
    assert rows.tolist() == list(range(40))
    np.testing.assert_allclose(cosine, 1.0, atol=1e-4)


def test_what_was_added_can_be_taken_out() -> None:
    vectors, owner = units(1555), np.arange(1555)
    vectors[5] *= 1e-20  # small, but a direction all the same
    index = filled(vectors, owner, 50)
    wanted = np.array([1554, 0, 3, 3, 699, 700, 1400, 299, 5])
    np.testing.assert_allclose(index.take(wanted), vectors[wanted], rtol=0, atol=3e-5)
    np.testing.assert_allclose(index.take(wanted[-1:]) * 1e20, vectors[5:6] * 1e20, atol=1e-4)
    assert index.take(np.zeros(0, np.int64)).shape == (0, DIM)


def test_an_empty_index_finds_nothing() -> None:
    rows, cosine = VectorIndex(DIM).nearest(units(1)[0], 5)
    assert (len(rows), len(cosine)) == (0, 0)
    rows, cosine = filled(units(3), np.arange(3)).nearest(units(1)[0], 0)
    assert (len(rows), len(cosine)) == (0, 0)


def test_a_vector_without_direction_is_near_nothing() -> None:
    vectors = units(500)
    vectors[[7, 450]] = 0
    index = filled(vectors, np.arange(500))
    for query in units(5, seed=3):
        rows, cosine = index.nearest(query, 500)
        assert np.isfinite(cosine).all()
        assert set(rows[:20].tolist()).isdisjoint({7, 450})
    rows, cosine = index.nearest(np.zeros(DIM, np.float32), 3)
    assert (rows.tolist(), cosine.tolist()) == ([0, 1, 2], [0, 0, 0])


def test_a_saved_index_answers_the_same_and_goes_on_growing(tmp_path: Path) -> None:
    vectors, owner = units(1600), np.arange(1600) // 2
    index = filled(vectors[:1200], owner[:1200])
    names = index.save(tmp_path)
    loaded = VectorIndex(DIM)
    loaded.load(tmp_path, names, owner[:1200])
    for query in units(10, seed=4):
        ours, theirs = index.nearest(query, 10), loaded.nearest(query, 10)
        assert (ours[0].tolist(), ours[1].tolist()) == (theirs[0].tolist(), theirs[1].tolist())
    for begin in range(1200, 1600, 80):
        loaded.add(owner[begin : begin + 80], vectors[begin : begin + 80])
    same(loaded, vectors, owner, 20)
    again = loaded.save(tmp_path)
    assert [again[0] == names[0], again[1] == names[1], len(again)] == [True, False, 3]


@pytest.mark.parametrize("harm", ["order", "missing", "owner", "cut", "dim"])
def test_parts_that_do_not_fit_are_refused(tmp_path: Path, harm: str) -> None:
    index = filled(units(1500), np.arange(1500))
    names, owner, dim = index.save(tmp_path), np.arange(1500), DIM
    if harm == "order":
        names = [names[1], names[0], names[2]]
    elif harm == "missing":
        names = names[:-1]
    elif harm == "owner":
        owner = owner[:-1]
    elif harm == "cut":
        (tmp_path / names[1]).write_bytes((tmp_path / names[1]).read_bytes()[:-500])
    else:
        dim += 1
    with pytest.raises(ValueError, match=r"vectors|cut short"):
        VectorIndex(dim).load(tmp_path, names, owner)
