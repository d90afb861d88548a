"""text.pack.greedy: best first."""

from __future__ import annotations

from mnesis.text.lines import estimate
from mnesis.text.pack.greedy import greedy
from mnesis.words import Hit, MemCube


def test_the_order_is_that_of_the_hits() -> None:
    hits = [Hit(MemCube(name, name), 0.0) for name in ("gamma", "alpha", "beta")]
    assert greedy()(hits, 100, estimate).text == "gamma\nalpha\nbeta"


def test_a_long_memory_does_not_keep_shorter_ones_out() -> None:
    hits = [Hit(MemCube("1", "short"), 3.0), Hit(MemCube("2", "word " * 500), 2.0), Hit(MemCube("3", "brief"), 1.0)]
    context = greedy()(hits, 20, estimate)
    assert [line.cubes for line in context] == [("1",), ("3",)]
    assert context.left_out == 1


def test_the_best_is_cut_rather_than_nothing_given() -> None:
    context = greedy()([Hit(MemCube("1", "word " * 500), 2.0)], 8, estimate)
    assert context.text.endswith("word…")
    assert 0 < context.tokens <= 8
