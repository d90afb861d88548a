"""The speed bench at a toy size: every number is there and makes sense; and the chatter it is measured on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnesis.bench.chatter import WordDirections, asked, chatter
from mnesis.bench.measure import targets
from mnesis.bench.speed import speed
from mnesis.errors import BadInput
from mnesis.words import Event


def test_chatter_is_the_same_for_a_seed_and_looks_like_talk() -> None:
    events = chatter(500)
    assert events == chatter(500)
    assert events != chatter(500, seed=2)
    assert len({event.source for event in events}) == 500
    assert all(len({event.speaker for event in events[at : at + 20]}) == 2 for at in range(0, 500, 20))
    assert all(a.at < b.at for a, b in pairwise(events))
    counts = sorted(np.unique(" ".join(e.text.lower() for e in events).split(), return_counts=True)[1], reverse=True)
    assert counts[0] > 20 * counts[len(counts) // 2], "a few words are frequent, most are rare"
    assert asked(events, 5) == asked(events, 5)


def test_directions_are_unit_and_topical() -> None:
    mind = WordDirections(32)
    vectors = mind.embed(["grey kitten sleeping", "a grey kitten", "red kayak", ""])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_every_number_is_there(tmp_path: Path) -> None:
    line = speed((200, 400), 16, results=tmp_path)
    wanted = {target["metric"] for target in targets() if target["task"] == "speed"}
    assert wanted <= set(line["metrics"])
    assert set(line["groups"]) == {"200", "400"}
    values = {name: each["value"] for name, each in line["metrics"].items()}
    assert all(value > 0 for value in values.values())
    assert values["candidate_recall"] == pytest.approx(1.0), "so few are searched exactly"
    assert values["small_namespace_same"] == 1.0
    assert len((tmp_path / "speed.jsonl").read_text("utf-8").splitlines()) == 1


def test_too_small_a_size_is_refused() -> None:
    with pytest.raises(BadInput, match="200"):
        speed((100,))


def test_a_size_that_is_done_is_not_measured_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mnesis.bench import speed as module

    measured: list[int] = []
    whole = module.measure

    def measure(events: Sequence[Event], *rest: Any) -> dict[str, float]:
        measured.append(len(events))
        if len(events) == 400 and measured.count(400) == 1:
            raise KeyboardInterrupt
        return whole(events, *rest)

    monkeypatch.setattr(module, "measure", measure)
    with pytest.raises(KeyboardInterrupt):
        speed((200, 400), 16, results=tmp_path)
    assert not (tmp_path / "speed.jsonl").exists()
    line = speed((400, 200), 16, results=tmp_path)
    assert measured == [200, 400, 400]
    assert list(line["groups"]) == ["200", "400"]
    assert not list((tmp_path / ".partial").iterdir())
