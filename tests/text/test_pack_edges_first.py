"""text.pack.edges_first: the weakest end up in the middle."""

from __future__ import annotations

import pytest

from mnesis.text.lines import estimate
from mnesis.text.pack.edges_first import edges_first
from mnesis.words import Hit, MemCube


@pytest.mark.parametrize(
    ("hits", "order"), [("", ""), ("1", "1"), ("12", "12"), ("123", "132"), ("12345", "13542"), ("123456", "135642")]
)
def test_best_first_and_second_best_last(hits: str, order: str) -> None:
    context = edges_first()([Hit(MemCube(name, name), 0.0) for name in hits], 100, estimate)
    assert "".join(line.text for line in context) == order


def test_what_is_left_out_is_the_end_of_the_ranking_not_of_the_page() -> None:
    hits = [Hit(MemCube(str(n), f"memory number {n}"), 0.0) for n in range(6)]
    context = edges_first()(hits, 11, estimate)
    assert [line.cubes[0] for line in context] == ["0", "2", "1"]
    assert context.left_out == 3
