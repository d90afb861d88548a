"""The word index against a plain dictionary, for any split into segments, merges, files and views."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnesis.store.wordindex import BM25, FAN_OUT, Segment, WordIndex, merged, segment

K1, B = 1.2, 0.75
Rows = list[list[int]]

rows_of_codes = st.lists(st.lists(st.integers(1, 12), max_size=8), min_size=1, max_size=30)


def plain(rows: Rows, codes: list[int], size: int) -> tuple[list[float], list[float]]:
    """BM25 scores of every row below `size`, and the idf of each code, as the books have it."""
    rows = rows[:size]
    average = max(1.0, sum(map(len, rows)) / len(rows))
    held = [sum(code in row for row in rows) for code in codes]
    idf = [math.log(1 + (len(rows) - n + 0.5) / (n + 0.5)) for n in held]
    scores = []
    for row in rows:
        norm = K1 * (1 - B + B * len(row) / average)
        frequency = {code: min(255, times) for code, times in Counter(row).items()}
        terms = ((frequency.get(code, 0), weight) for code, weight in zip(codes, idf, strict=True))
        scores.append(sum(weight * f * (K1 + 1) / (f + norm) for f, weight in terms))
    return scores, idf


def indexed(rows: Rows, cuts: list[int]) -> WordIndex:
    index, begin = WordIndex(), 0
    for end in sorted({*(cut % (len(rows) + 1) for cut in cuts), len(rows)} - {0}):
        index.add(rows[begin:end])
        begin = end
    return index


def lengths(rows: Rows) -> np.ndarray:
    return np.array([len(row) for row in rows], np.int32)


@given(rows_of_codes, st.lists(st.integers(0, 30)), st.lists(st.integers(1, 15), max_size=6, unique=True), st.data())
def test_scores_are_those_of_a_plain_dictionary(
    rows: Rows, cuts: list[int], codes: list[int], data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, len(rows)))
    match = BM25(indexed(rows, cuts), lengths(rows), size, codes, None)
    scores, idf = plain(rows, codes, size)
    everyone = np.arange(size)
    np.testing.assert_allclose(match.at(everyone), scores, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(match.idf, idf, rtol=1e-5)
    assert match.attainable == pytest.approx(sum(idf) * (K1 + 1), rel=1e-5)
    assert match.at(np.array([-1])).tolist() == [0]


@given(rows_of_codes, st.lists(st.integers(0, 30)), st.lists(st.integers(1, 15), max_size=6, unique=True), st.data())
def test_bits_and_saturation_tell_which_terms_a_row_holds(
    rows: Rows, cuts: list[int], codes: list[int], data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, len(rows)))
    asked = np.array(data.draw(st.lists(st.integers(-1, size - 1), max_size=12)), np.int64)
    match = BM25(indexed(rows, cuts), lengths(rows), size, codes, None)
    average = max(1.0, sum(map(len, rows[:size])) / size)
    bits, full = match.bits(asked), match.saturation(asked)
    assert full.shape == (len(asked), len(codes))
    for n, row in enumerate(asked.tolist()):
        for t, code in enumerate(codes):
            times = rows[row].count(code) if row >= 0 else 0
            assert bool(int(bits[n]) >> t & 1) == (times > 0)
            norm = K1 * (1 - B + B * len(rows[row]) / average)
            assert full[n, t] == pytest.approx(times / (times + norm) if times else 0, rel=1e-4)


@given(rows_of_codes, st.lists(st.integers(0, 30)), st.lists(st.integers(1, 12), max_size=6, unique=True), st.data())
def test_top_is_the_order_of_the_scores(rows: Rows, cuts: list[int], codes: list[int], data: st.DataObject) -> None:
    dead = np.array(sorted(data.draw(st.sets(st.integers(0, len(rows) - 1)))), np.int64)
    limit = data.draw(st.integers(0, 8))
    match = BM25(indexed(rows, cuts), lengths(rows), len(rows), codes, dead)
    score = match.at(np.arange(len(rows)))
    expected = [row for row in np.lexsort((np.arange(len(rows)), -score)).tolist() if score[row] > 0][:limit]
    best, scores = match.top(limit)
    assert best.tolist() == expected
    assert scores.tolist() == score[expected].tolist()
    assert not set(best.tolist()) & set(dead.tolist())


@given(rows_of_codes, st.lists(st.integers(0, 30)))
def test_every_row_knows_its_terms(rows: Rows, cuts: list[int]) -> None:
    index = indexed(rows, cuts)
    assert [index.forms(row).tolist() for row in range(len(rows))] == [sorted(set(row)) for row in rows]
    assert index.forms(len(rows)).tolist() == []


def test_top_of_a_common_and_a_rare_term_among_many_rows() -> None:
    rows = [[1] * (1 + n % 7) + [100 + n] for n in range(5000)]
    index = indexed(rows, list(range(100, 5000, 100)))
    match = BM25(index, lengths(rows), len(rows), [1, 100 + 4321], None)
    best, _ = match.top(10)
    score = match.at(np.arange(5000))
    assert best[0] == 4321
    assert best.tolist() == np.lexsort((np.arange(5000), -score))[:10].tolist()
    rare = BM25(index, lengths(rows), len(rows), [100 + 7, 100 + 4000], None)
    assert sorted(rare.top(10)[0].tolist()) == [7, 4000]


def test_a_long_question_is_matched_to_its_last_term() -> None:
    codes = list(range(1, 101))
    rows = [codes[:50], codes[50:], [100]]
    match = BM25(indexed(rows, []), lengths(rows), 3, codes, None)
    np.testing.assert_allclose(match.at(np.arange(3)), plain(rows, codes, 3)[0], rtol=1e-4)
    assert len(match.idf) == match.saturation(np.array([0])).shape[1] == 100
    assert match.bits(np.array([0, 1, 2])).tolist() == [2**50 - 1, 2**64 - 2**50, 0]


def test_a_word_repeated_without_end_counts_as_often_as_can_be_kept() -> None:
    rows = [[1] * 300, [1] * 255, [2]]
    match = BM25(indexed(rows, []), lengths(rows), 3, [1], None)
    np.testing.assert_allclose(match.at(np.arange(3)), plain(rows, [1], 3)[0], rtol=1e-5)


def test_segments_stay_few_and_without_gaps() -> None:
    index = WordIndex()
    for n in range(500):
        index.add([[n % 5 + 1, n + 10]])
        assert index.segments[0].low == 0
        assert all(a.high == b.low for a, b in zip(index.segments, index.segments[1:], strict=False))
    assert index.high == 500
    assert len(index.segments) <= FAN_OUT * math.ceil(math.log(500, FAN_OUT))


def test_merging_is_indexing_the_rows_together() -> None:
    rows = [[3, 1, 1], [], [2], [5, 3], [1]]
    whole = segment(0, rows)
    parts = merged([segment(0, rows[:2]), segment(2, rows[2:3]), segment(3, rows[3:])])
    assert (parts.low, parts.high) == (0, 5)
    for name in ("vocab", "start", "docs", "freq", "first", "held"):
        assert getattr(parts, name).tolist() == getattr(whole, name).tolist(), name


@given(rows_of_codes, st.lists(st.integers(0, 30)))
@settings(max_examples=25)
def test_saved_segments_are_the_same(tmp_path_factory: pytest.TempPathFactory, rows: Rows, cuts: list[int]) -> None:
    folder = tmp_path_factory.mktemp("segments")
    index = indexed(rows, cuts)
    for n, each in enumerate(index.segments):
        each.save(folder / f"{n}.seg")
    loaded = WordIndex([Segment.load(folder / f"{n}.seg") for n in range(len(index.segments))])
    codes = list(range(1, 13))
    before, after = (BM25(each, lengths(rows), len(rows), codes, None) for each in (index, loaded))
    everyone = np.arange(len(rows))
    assert after.at(everyone).tolist() == before.at(everyone).tolist()
    assert after.saturation(everyone).tolist() == before.saturation(everyone).tolist()
    loaded.add([[1, 2]])
    assert loaded.forms(len(rows)).tolist() == [1, 2]


@pytest.mark.parametrize("keep", [0, 1, 40, 0.3, 0.9, 0.99])
def test_a_cut_file_is_refused(tmp_path: Path, keep: float) -> None:
    path = tmp_path / "words.seg"
    segment(0, [[n % 7 + 1, n + 10] for n in range(200)]).save(path)
    raw = path.read_bytes()
    path.write_bytes(raw[: int(keep * len(raw)) if isinstance(keep, float) else keep])
    with pytest.raises((ValueError, OSError, KeyError)):
        Segment.load(path)


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "words.seg"
    for raw in (b"garbage\n" * 100, b"{}\n", b'{"arrays": {}}\n', bytes(range(256)) * 4):
        path.write_bytes(raw)
        with pytest.raises((ValueError, KeyError)):
            Segment.load(path)
