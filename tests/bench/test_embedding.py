"""The keeper of vectors: each text is embedded once, whoever asks."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mnesis.bench.embedding import Kept


class Counting:
    name, dim, language, reliance = "counting", 3, "en", 0.5

    def __init__(self) -> None:
        self.seen: list[str] = []

    def embed(self, texts, kind="document"):
        self.seen += texts
        return np.array([[len(text), len(kind), 1.0] for text in texts], np.float32).reshape(len(texts), 3)


def test_vectors_are_kept_between_runs(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "vectors.sqlite"
    with Kept(Counting(), path) as first:
        once = first.embed(["a", "bb", "a"])
        assert first.inner.seen == ["a", "bb"]
        assert once[:, 0].tolist() == [1, 2, 1]
    with Kept(Counting(), path) as second:
        assert (second.embed(["bb", "a", "ccc"]) == [[2, 8, 1], [1, 8, 1], [3, 8, 1]]).all()
        assert second.inner.seen == ["ccc"]
        second.embed(["a"], "query")
        assert second.inner.seen == ["ccc", "a"], "a query is not a document"
        assert second.embed([]).shape == (0, 3)


def test_without_a_file_nothing_is_kept_but_time_is() -> None:
    with Kept(Counting(), None) as keeper:
        keeper.embed(["a"])
        keeper.embed(["a"])
        assert keeper.inner.seen == ["a", "a"]
        assert keeper.made == 2
        assert keeper.seconds > 0
        keeper.reset()
        assert (keeper.seconds, keeper.made) == (0.0, 0)
        assert keeper.language == "en"
