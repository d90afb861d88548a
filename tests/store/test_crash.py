"""A writer that is killed at any moment loses nothing it was told was kept, and leaves nothing half done."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import pytest

from mnesis.bench.crash import Story, crash, killed, open_small, text_of
from mnesis.bench.run import run
from mnesis.errors import BadInput, UnknownName
from mnesis.store import sqlite

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork processes to be killed")
BROKEN = ("lost", "torn", "unsound", "unfound")


@pytest.fixture(autouse=True)
def usual_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "PULL", sqlite.PULL)  # lowered while the space is looked through


def test_two_hundred_kills_lose_nothing() -> None:
    """`mnesis bench crash` does a thousand."""
    found = killed(200, random.SystemRandom().randrange(10**6), lambda what, done, total: None)
    assert {name: found[name] for name in BROKEN} == dict.fromkeys(BROKEN, 0), found
    assert found["rounds"] == 200
    assert found["acknowledged"] > 200, found
    assert found["writing"] > 50, found
    assert found["opening"] > 0, found


# ------------------------------------------------------------------------- what would be noticed, if it were not so


@pytest.fixture
def story(tmp_path: Path) -> Story:
    made = Story(tmp_path / "space.mnesis")
    made.space = open_small(made.path)
    made.space.remember([text_of("one")])
    made.take({"verb": "remember", "come": ["one"], "gone": []}, made.space.head().hash)
    yield made
    made.close()


def broken(story: Story, *said: dict[str, object]) -> list[str]:
    assert story.space is not None
    found = story.check(story.space, list(said))
    return [name for name in BROKEN if found[name]]


def try_to(come: list[str], gone: list[str] | None = None) -> dict[str, object]:
    return {"try": {"verb": "remember", "come": come, "gone": gone or []}}


def test_nothing_is_wrong_where_nothing_is(story: Story) -> None:
    assert broken(story) == []
    assert broken(story, try_to(["two"])) == []  # killed before it was committed
    story.space.remember([text_of("two")])
    assert broken(story, try_to(["two"])) == []  # killed before it was acknowledged


def test_a_lost_commit_is_noticed(story: Story) -> None:
    assert broken(story, try_to(["two"]), {"kept": 2, "hash": "00"}) == ["lost", "torn", "unfound"]


def test_half_a_commit_is_noticed(story: Story) -> None:
    story.space.remember([text_of("two")])
    assert "torn" in broken(story, try_to(["two", "three"]))


def test_a_commit_nobody_tried_is_noticed(story: Story) -> None:
    story.space.remember([text_of("two")])
    assert "torn" in broken(story)


def test_an_index_that_misses_a_memory_is_noticed(story: Story) -> None:
    story.words = {"one", "two"}
    assert "unfound" in broken(story)
    story.words, story.erased = set(), {"one"}
    assert "unfound" in broken(story)


# ------------------------------------------------------------------------------------------------------- the bench


def test_the_bench_writes_a_line(tmp_path: Path) -> None:
    line = crash(3, 1, results=tmp_path)
    (kept,) = (tmp_path / "crash.jsonl").read_text("utf-8").splitlines()
    assert json.loads(kept) == line
    assert line["metrics"]["rounds"] == {"value": 3.0}
    assert all(line["metrics"][name] == {"value": 0.0} for name in BROKEN)
    (again,) = run(["crash:rounds=1,seed=2"], data=None, results=tmp_path, embedder="none")
    assert (again["n"], again["seed"]) == (1, 2)


def test_wrong_options_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="1 or more"):
        crash(0, results=tmp_path)
    with pytest.raises(UnknownName, match="rounds"):
        run(["crash:round=1"], data=None, results=tmp_path, embedder="none")
    with pytest.raises(BadInput, match="crash:rounds=1000"):
        run(["crash:rounds=many"], data=None, results=tmp_path, embedder="none")
