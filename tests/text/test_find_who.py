"""text.find.who: candidates said by somebody the question names."""

from __future__ import annotations

import numpy as np
import pytest

from mnesis.text.find.who import who
from mnesis.words import NOTHING, Found, Query


@pytest.fixture
def talk(world):
    for n, speaker in enumerate(("Ana Silva", "Tom", "Will", "Ana Silva", "", "Ана", "Tom")):
        world.tell(f"turn {n} about the boat", speaker=speaker, at=f"2026-03-{20 - n:02}")
    return world


def everything(world) -> Found:
    rows = world.view.alive()
    return Found(rows, np.zeros(len(rows), np.float32), {"words": np.ones(len(rows), np.float32)})


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("What did Ana say about the boat?", [0, 3]),
        ("what did ana's brother buy", [0, 3]),
        ("Did Ana Silva or Tom buy it?", [0, 1, 3, 6]),
        ("Что сказала Ана?", [5]),
        ("Who will buy the boat?", []),
        ("Will Tom buy the boat?", [1, 6]),
        ("Why did Will buy the boat?", [2]),
        ("Who bought the boat?", []),
        ("", []),
    ],
)
def test_the_turns_of_the_named_are_marked(talk, question: str, rows: list[int]) -> None:
    found = who()(Query(question), talk.view, everything(talk))
    assert sorted(found.rows.tolist()) == rows
    assert found.column("who").tolist() == [1.0] * len(rows)


def test_nothing_is_added_to_what_others_found(talk) -> None:
    found = who()(Query("And Tom?"), talk.view, everything(talk).take([0, 1]))
    assert found.rows.tolist() == [1]


def test_the_latest_few_come_when_nothing_else_was_found(talk) -> None:
    assert who(few=1)(Query("And Tom?"), talk.view, NOTHING).rows.tolist() == [1]
    assert sorted(who()(Query("And Tom?"), talk.view, NOTHING).rows.tolist()) == [1, 6]
    assert len(who()(Query("And Eve?"), talk.view, NOTHING)) == 0
