"""Every ranker of the slot text.rank: it may drop but never invents, and the order of rows means nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnesis import catalog
from mnesis.drive import settled
from mnesis.models.rules import answer
from mnesis.store.ram import RamStore
from mnesis.store.view import ShelfView
from mnesis.text.rank import Rank
from mnesis.words import NOTHING, Add, Found, MemCube, Query

SUBJECTS = catalog.names("text.rank")
# Options of makers that cannot be called without any, and why they cannot.
ARGUMENTS: dict[str, tuple[dict[str, Any], str]] = {
    "text.rank.behind": ({"column": "who"}, "it says what stands behind"),
    "text.rank.weighted": ({"weights": {"words": 1.0, "vectors": 0.5}}, "no weights fit every recipe"),
}
START = datetime(2026, 1, 1, tzinfo=UTC)
DIM = 4
COLUMNS = ("words", "vectors", "neighbours", "who", "time")
QUESTIONS = (
    "Where does Ana keep the red boat?",
    "red boat",
    "What happened in May 2026?",
    "the of and",
    "",
    "東京の天気",
)
TEXTS = (
    "Ana keeps the red boat in the old harbour",
    "Ana keeps the blue boat in the old harbour",
    "Tom painted the boat red in May 2026",
    "Where is the boat?",
    "Yes.",
    "東京の天気は良いです",
    "",
)


@pytest.fixture(scope="module")
def view() -> ShelfView:
    """Forty turns of three sessions, some without time, speaker or session, each with a vector."""
    store = RamStore()
    store.record(dim=str(DIM))
    vectors = np.random.default_rng(7).normal(size=(40, DIM)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    changes = [
        Add(
            MemCube(
                f"c{n}",
                TEXTS[n % len(TEXTS)],
                "test",
                speaker=("Ana", "Tom", "")[n % 3],
                role=("user", "assistant", "")[n % 3],
                session=("a", "b", "")[n // 14],
                valid_from=START + timedelta(days=n) if n % 5 else None,
                meta={"dates": [[20574.0, 20605.0]]} if "May" in TEXTS[n % len(TEXTS)] else {},
            ),
            vectors=vectors[n : n + 1],
        )
        for n in range(40)
    ]
    store.commit(changes, author="test", reason="", at=START, namespace="test")
    return store.view("test")


def made(address: str) -> Rank:
    options = ARGUMENTS.get(address, ({}, ""))[0]
    rank = catalog.make(address, **options)
    return lambda *given: settled(rank(*given), answer)


@st.composite
def candidates(draw: st.DrawFn) -> Found:
    """Some rows, in any order, with scores and columns such as finders write."""
    rows = draw(st.lists(st.integers(0, 39), min_size=1, max_size=40, unique=True))
    number = st.sampled_from([0.0, 0.25, 0.5, 1.0]) | st.floats(0, 1, width=32)
    score = draw(st.lists(number, min_size=len(rows), max_size=len(rows)))
    why = {}
    for name in draw(st.lists(st.sampled_from(COLUMNS), unique=True)):
        column = draw(st.lists(number | st.just(float("nan")), min_size=len(rows), max_size=len(rows)))
        why[name] = np.array(column, np.float32)
    return Found(np.array(rows, np.int64), np.array(score, np.float32), why)


@st.composite
def queries(draw: st.DrawFn) -> Query:
    vector = draw(st.sampled_from([None, np.full(DIM, 0.5, np.float32)]))
    return Query(draw(st.sampled_from(QUESTIONS)), vector, draw(st.sampled_from([None, START + timedelta(days=60)])))


def check_nothing_is_invented(ranked: Found, found: Found) -> None:
    assert len(set(ranked.rows.tolist())) == len(ranked)
    assert set(ranked.rows.tolist()) <= set(found.rows.tolist())


def check_scores_are_finite(ranked: Found) -> None:
    assert ranked.score.shape == ranked.rows.shape
    assert ranked.score.dtype == np.float32
    assert np.isfinite(ranked.score).all()


def check_the_finders_reasons_are_kept(ranked: Found, found: Found) -> None:
    at = {row: n for n, row in enumerate(found.rows.tolist())}
    index = [at[row] for row in ranked.rows.tolist()]
    for name, column in found.why.items():
        if name in COLUMNS:
            np.testing.assert_array_equal(ranked.why[name], column[index])
    assert all(len(column) == len(ranked) for column in ranked.why.values())


def check_same(one: Found, other: Found) -> None:
    assert one.rows.tolist() == other.rows.tolist()
    np.testing.assert_array_equal(one.score, other.score)


@pytest.mark.parametrize("address", SUBJECTS)
@given(query=queries(), found=candidates(), seed=st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_a_ranker_keeps_its_promises(address: str, view: ShelfView, query: Query, found: Found, seed: Any) -> None:
    rank = made(address)
    ranked = rank(query, found, view)
    check_nothing_is_invented(ranked, found)
    check_scores_are_finite(ranked)
    check_the_finders_reasons_are_kept(ranked, found)
    check_same(ranked.best(), made(address)(query, found, view).best())
    shuffled = list(range(len(found)))
    seed.shuffle(shuffled)
    check_same(ranked.best(), rank(query, found.take(np.array(shuffled)), view).best())


@pytest.mark.parametrize("address", SUBJECTS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_nothing_stays_nothing(address: str, view: ShelfView, question: str) -> None:
    assert len(made(address)(Query(question), NOTHING, view)) == 0


@pytest.mark.parametrize("address", SUBJECTS)
def test_the_candidates_given_are_not_changed(address: str, view: ShelfView) -> None:
    found = Found(
        np.arange(30, dtype=np.int64),
        np.linspace(1, 0, 30, dtype=np.float32),
        {"words": np.linspace(0, 1, 30, dtype=np.float32), "vectors": np.full(30, np.nan, np.float32)},
    )
    before = (found.rows.copy(), found.score.copy(), {name: column.copy() for name, column in found.why.items()})
    made(address)(Query(QUESTIONS[0], now=START), found, view)
    np.testing.assert_array_equal(found.rows, before[0])
    np.testing.assert_array_equal(found.score, before[1])
    assert set(found.why) == set(before[2])
    for name, column in found.why.items():
        np.testing.assert_array_equal(column, before[2][name])


def test_no_options_are_given_where_none_are_needed() -> None:
    assert set(ARGUMENTS) <= set(SUBJECTS)
    for address in ARGUMENTS:
        with pytest.raises(TypeError):
            catalog.make(address)
