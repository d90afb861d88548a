"""The reference rows against slow, plain computations."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mnesis.bench.references import bm25, chunks, dense, fused, ranking, references, scaled, vector_key, word_key
from mnesis.bench.run import task_of
from mnesis.store.terms import terms
from mnesis.words import Event

TEXTS = ["the grey kitten sleeps", "a grey kitten and a grey cat", "the red kayak", "kayaks are boats", ""]


class Letters:
    """Counts letters: enough of an embedder to rank with."""

    name, dim, reliance = "letters", 26, 1.0

    def embed(self, texts, kind="document"):
        out = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(out, texts, strict=True):
            for letter in text.lower():
                if "a" <= letter <= "z":
                    row[ord(letter) - ord("a")] += 1
        return out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)


def slow_bm25(question: str, text: str) -> float:
    corpus = [terms(each) for each in TEXTS]
    mean = sum(map(len, corpus)) / len(corpus)
    words = terms(text)
    total = 0.0
    for term in terms(question):
        n = sum(term in each for each in corpus)
        tf = words.count(term)
        idf = math.log(1 + (len(corpus) - n + 0.5) / (n + 0.5))
        total += idf * tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * len(words) / mean))
    return total


@pytest.mark.parametrize("question", ["grey kitten", "kayaks and a kayak", "nobody wrote this", ""])
def test_bm25_is_the_formula(question: str) -> None:
    assert bm25(TEXTS)(question) == pytest.approx([slow_bm25(question, text) for text in TEXTS])


def test_long_texts_count_as_their_best_chunk() -> None:
    long = " ".join(["zzz"] * 160 + ["kayak"] * 20)
    assert len(chunks(long)) == 2
    scores = dense([long, "zzz kayak"], Letters())("kayak")
    assert scores[0] == pytest.approx(1.0)
    assert scores[1] < 0.9


def test_fusion_adds_reciprocal_ranks() -> None:
    assert fused(np.array([3.0, 2.0, 1.0]), np.array([1.0, 3.0, 3.0])) == pytest.approx(
        [1 / 61 + 1 / 63, 1 / 62 + 1 / 61, 1 / 63 + 1 / 61]
    )


def test_scaled_runs_from_nought_to_one() -> None:
    assert scaled(np.array([2.0, 4.0, 3.0])).tolist() == [0.0, 1.0, 0.5]
    assert scaled(np.array([2.0, 2.0])).tolist() == [0.0, 0.0]


def test_ties_favour_neither_early_nor_late() -> None:
    events = [Event(str(at), source=str(at)) for at in range(1000)]
    places = [int(each) for each in ranking(events, np.zeros(1000), 500).sources]
    assert 400 < np.mean(places) < 600


def test_keys_hold_who_when_and_the_image() -> None:
    event = Event("Look!", speaker="Ana", at="2024-05-07", meta={"image_caption": "a red kayak"})
    assert word_key(event) == "Ana 7 May 2024 Look! a red kayak"
    assert vector_key(event) == "Ana: Look! a red kayak"
    assert vector_key(Event("Look!", speaker="user", role="user")) == "Look!"


def test_rows_on_a_sample() -> None:
    task = task_of("locomo")
    (case,) = task.load(None)
    plain = references(case, None, k=task.k, depth=task.depth)
    assert list(plain) == ["bm25"]
    done: list[int] = []
    rows = references(case, Letters(), k=2, depth=task.depth, asked=done.append)
    assert list(rows) == ["bm25", "dense", "rrf", "sum"]
    assert done == list(range(1, len(case.questions) + 1))
    assert all(rank <= 2 for outcomes in rows.values() for each in outcomes for rank in each.ranks)
    by_id = {each.question: each for each in rows["bm25"]}
    assert by_id["s0"].ranks == (1,) or by_id["s0"].sessions == (1,)
    assert all(each.top is None for each in rows["sum"])
