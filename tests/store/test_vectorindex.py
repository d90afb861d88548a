"""The vector index with its limits lowered, so that graphs are built, against a brute-force search."""

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
    monkeypatch.setattr(vectorindex, "EXACT", 300)
    monkeypatch.setattr(vectorindex, "BATCH", 100)
    monkeypatch.setattr(vectorindex, "PART", 700)


def units(n: int, seed: int = 0) -> Any:
    vectors = np.random.default_rng(seed).normal(size=(n, DIM)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def filled(vectors: Any, owner: Any, step: int = 70) -> VectorIndex:
    index = VectorIndex(DIM)
    for begin in range(0, len(vectors), step):
        index.add(owner[begin : begin + step], vectors[begin : begin + step])
    return index


def brute(vectors: Any, owner: Any, query: Any, limit: int) -> tuple[list[int], list[float]]:
    best: dict[int, float] = {}
    for row, cosine in zip(owner.tolist(), (vectors @ query).tolist(), strict=True):
        best[row] = max(cosine, best.get(row, -2.0))
    rows = sorted(best, key=lambda row: -best[row])[:limit]
    return rows, [best[row] for row in rows]


def recall(index: VectorIndex, vectors: Any, owner: Any, limit: int) -> float:
    shares = []
    for query in units(40, seed=9):
        rows, cosine = index.nearest(query, limit)
        every = dict(zip(*brute(vectors, owner, query, len(vectors)), strict=True))
        expected = list(every)[: len(rows)]
        assert len(set(rows.tolist())) == len(rows)
        assert (np.diff(cosine) <= 1e-6).all()
        # Graphs built by several threads may miss a row, but never say anything wrong of one.
        np.testing.assert_allclose(cosine, [every[row] for row in rows.tolist()], atol=5e-3)
        shares.append(len(set(rows.tolist()) & set(expected)) / len(expected))
    return float(np.mean(shares))


@pytest.mark.parametrize("step", [1700, 70, 333])
def test_graphs_find_what_an_exact_search_finds(step: int) -> None:
    vectors, owner = units(1700), np.arange(1700)
    index = filled(vectors, owner, step)
    assert len(index.parts) >= 2
    assert recall(index, vectors, owner, 20) >= 0.95


def test_few_vectors_are_searched_exactly() -> None:
    vectors, owner = units(250), np.arange(250)
    index = filled(vectors, owner)
    assert index.parts == []
    assert recall(index, vectors, owner, 20) == 1.0


def test_a_row_with_several_vectors_counts_with_its_best() -> None:
    vectors, owner = units(1500), np.arange(1500) // 3
    index = filled(vectors, owner, 90)
    assert index.parts
    assert recall(index, vectors, owner, 30) >= 0.95
    rows, cosine = index.nearest(vectors[1234], 5)
    assert (rows[0], round(float(cosine[0]), 2)) == (1234 // 3, 1.0)


def test_what_was_added_can_be_taken_out() -> None:
    vectors, owner = units(1555), np.arange(1555)
    index = filled(vectors, owner, 50)
    assert index.parts
    wanted = np.array([1554, 0, 3, 3, 699, 700, 1400, 299])
    np.testing.assert_allclose(index.take(wanted), vectors[wanted], atol=1e-3)
    assert index.take(np.zeros(0, np.int64)).shape == (0, DIM)


def test_an_empty_index_finds_nothing() -> None:
    rows, cosine = VectorIndex(DIM).nearest(units(1)[0], 5)
    assert (len(rows), len(cosine)) == (0, 0)


def test_a_vector_without_direction_is_near_nothing() -> None:
    vectors = units(500)
    vectors[[7, 450]] = 0
    index = filled(vectors, np.arange(500))
    assert index.parts
    for query in units(5, seed=3):
        rows, cosine = index.nearest(query, 500)
        assert np.isfinite(cosine).all()
        assert set(rows[:20].tolist()).isdisjoint({7, 450})


def test_saved_graphs_answer_the_same_and_go_on_growing(tmp_path: Path) -> None:
    vectors, owner = units(1600), np.arange(1600) // 2
    index = filled(vectors[:1200], owner[:1200])
    listing = index.save(tmp_path)
    assert sum(each["size"] for each in listing) == index.saved
    loaded = VectorIndex(DIM)
    loaded.load(tmp_path, listing, owner[: index.saved])
    loaded.add(owner[index.saved : 1200], vectors[index.saved : 1200])
    for query in units(10, seed=4):
        ours, theirs = index.nearest(query, 10), loaded.nearest(query, 10)
        assert ours[0].tolist() == theirs[0].tolist()
        np.testing.assert_allclose(ours[1], theirs[1], atol=1e-3)
    for begin in range(1200, 1600, 80):
        loaded.add(owner[begin : begin + 80], vectors[begin : begin + 80])
    assert recall(loaded, vectors, owner, 20) >= 0.95
    np.testing.assert_allclose(loaded.take(np.arange(1600)), vectors, atol=1e-3)
    again = loaded.save(tmp_path)
    assert sum(each["size"] for each in again) == loaded.saved > index.saved


def test_a_listing_that_does_not_fit_its_file_is_refused(tmp_path: Path) -> None:
    index = filled(units(800), np.arange(800))
    listing = index.save(tmp_path)
    listing[0]["size"] -= 1
    with pytest.raises(ValueError, match="not"):
        VectorIndex(DIM).load(tmp_path, listing, np.arange(index.saved))
