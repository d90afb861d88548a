"""What is filed under something else loses a share of its score, or is dropped; what is not filed stays."""

from __future__ import annotations

import numpy as np
import pytest

from mnesis.drive import settled
from mnesis.errors import BadInput
from mnesis.models.rules import answer
from mnesis.store.ram import RamStore
from mnesis.store.view import ShelfView
from mnesis.text.rank.tagged import KIND, NODE, tagged
from mnesis.words import Add, Connect, Found, Link, MemCube, Query, moment

FILED = {"food": ("soup", "bread"), "money": ("loan",)}
START = moment("2026-01-01")
assert START is not None


@pytest.fixture
def view() -> ShelfView:
    store = RamStore()
    names = ["loan", "soup", "bread", "plain"]
    links = [Link(name, f"{NODE}{tag}", KIND, 1.0, "test") for tag, some in FILED.items() for name in some]
    changes = [*(Add(MemCube(name, name, "test")) for name in names), *map(Connect, links)]
    store.commit(changes, author="test", reason="", at=START, namespace="test")
    return store.view("test")


def ranked(view: ShelfView, question: str, **options: float | bool) -> list[tuple[str, float]]:
    found = Found(np.arange(4), np.array([1.0, 0.99, 0.5, 0.6], np.float32))
    out = settled(tagged(**options)(Query(question), found, view), answer)  # type: ignore[arg-type]
    return [(cube.id, round(score, 3)) for cube, score in zip(view.cubes(out.rows), out.score.tolist(), strict=True)]


def test_what_is_filed_otherwise_loses_its_share(view: ShelfView) -> None:
    told = dict(ranked(view, "What do I cook for dinner?", cut=0.6))
    assert told == {"soup": 0.99, "plain": 0.6, "bread": 0.5, "loan": 0.4}
    assert list(told) == ["soup", "plain", "bread", "loan"]


def test_strict_drops_it(view: ShelfView) -> None:
    assert [name for name, _ in ranked(view, "What do I cook for dinner?", strict=True)] == ["soup", "plain", "bread"]


def test_a_question_under_no_tag_changes_nothing(view: ShelfView) -> None:
    assert [name for name, _ in ranked(view, "And then?", strict=True)] == ["loan", "soup", "plain", "bread"]


def test_options_that_make_no_sense_are_refused() -> None:
    with pytest.raises(BadInput, match="cut"):
        tagged(cut=2.0)
