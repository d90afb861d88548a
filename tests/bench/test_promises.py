"""What the figures of the promises say of a sound space, and that they would say otherwise of one that is not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

from mnesis.bench.lives import by_as_of, by_races, by_replay, differing
from mnesis.bench.traces import by_erasure, by_vault, by_walls, walled
from mnesis.errors import MnesisError
from mnesis.memory import Space
from mnesis.store.sqlite import SqliteStore


@pytest.fixture(params=["file", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    return tmp_path / "space.mnesis" if request.param == "file" else ":memory:"


def without(monkeypatch: pytest.MonkeyPatch, verb: str, name: str) -> None:
    """A verb that pays no heed to one of its arguments, called by one thread after the other."""
    heeding: Callable[..., Any] = getattr(Space, verb)
    turn = threading.RLock()

    @wraps(heeding)
    def heedless(self: Space, *given: Any, **more: Any) -> Any:
        with turn:
            return heeding(self, *given, **{key: value for key, value in more.items() if key != name})

    monkeypatch.setattr(Space, verb, heedless)


# ---------------------------------------------------------------------------------------------------- traces


def test_nothing_of_what_was_erased_is_found(tmp_path: Path) -> None:
    found = by_erasure(tmp_path / "space.mnesis", 3, 60)
    assert (found["erased"], found["erased_hits"]) == (3, 0)
    assert found["erased_before"] >= 3 * 8
    assert found["erased_searched"] > 10_000


def test_pages_that_are_not_emptied_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SqliteStore, "purge", lambda *_: True)
    assert by_erasure(tmp_path / "space.mnesis", 3, 60)["erased_hits"] > 0


def test_an_erasure_that_does_not_say_so_is_not_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "forget", "erase")
    with pytest.raises(MnesisError, match="did not say it took them"):
        by_erasure(tmp_path / "space.mnesis", 2, 10)


def test_a_vault_is_closed_and_what_is_told_in_clear_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("cryptography")
    found = by_vault(tmp_path / "space.mnesis", 20)
    assert found["vault_hits"] == 0
    assert found["vault_in_clear"] >= 8
    (tmp_path / "open").mkdir()
    without(monkeypatch, "remember", "type")
    without(monkeypatch, "recall", "types")
    assert by_vault(tmp_path / "open/space.mnesis", 20)["vault_hits"] == found["vault_in_clear"]


def test_no_verb_leaks_through_a_wall(place: str | Path) -> None:
    found = by_walls(place)
    assert found["foreign_leaks"] == 0
    assert found["walled_verbs"] == len(walled()) > 15
    assert found["foreign_calls"] > 3 * found["walled_verbs"]


@pytest.mark.parametrize("verb", ["get", "history", "revise", "forget", "journal", "export"])
def test_a_verb_without_a_wall_is_noticed(place: str | Path, verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, verb, "namespace")
    assert by_walls(place)["foreign_leaks"] > 0


def test_a_verb_nobody_knows_how_to_try_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def peek(self: Space, *, namespace: str, keyhole: str) -> None:
        """A verb that was added yesterday."""

    monkeypatch.setattr(Space, "peek", peek, raising=False)
    with pytest.raises(MnesisError, match=r"peek\(keyhole=\)"):
        by_walls(":memory:")


# ----------------------------------------------------------------------------------------------------- lives


def test_recalls_as_of_then_are_what_they_were(place: str | Path) -> None:
    found = by_as_of(place, 30)
    assert found["recalls_compared"] == 2 * 3 * 30
    assert found["recalls_differing"] == 0
    assert found["recalls_changed"] > 20


def test_a_recall_that_does_not_travel_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "recall", "as_of")
    assert by_as_of(":memory:", 30)["recalls_differing"] > 90


def test_exports_are_the_same_bytes(tmp_path: Path) -> None:
    found = by_replay(tmp_path / "space.mnesis", 30)
    assert found["replayed_differing"] == 0
    assert found["replayed_bytes"] > 30_000
    assert found["replayed_commits"] > 25
    assert [differing("abc", other) for other in ("abc", "abd", "ab", "abcd", "")] == [0, 1, 1, 1, 3]


def test_a_memory_that_is_restored_otherwise_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mnesis.bench import lives

    def otherwise(file: Path, place: str | Path, **options: Any) -> Space:
        made = Space(place, **options)
        made.remember("Something else.")
        return made

    monkeypatch.setattr(lives, "restore", otherwise)
    assert by_replay(tmp_path / "space.mnesis", 10)["replayed_differing"] > 1_000


def test_of_every_race_one_wins(place: str | Path) -> None:
    assert by_races(place, 4, 10) == {
        "races": 10, "race_winners": 10, "race_losers": 30, "race_losers_shown": 30, "key_races": 10,
        "key_memories": 10,
    }  # fmt: skip


def test_a_race_nobody_loses_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "revise", "expected_version")
    without(monkeypatch, "remember", "key")
    found = by_races(":memory:", 4, 5)
    assert (found["race_winners"], found["race_losers"], found["key_memories"]) == (20, 0, 20)
