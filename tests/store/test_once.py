"""Compare-and-swap and keys, in every store: of two writers one wins, and the same key twice is one memory."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mnesis.errors import BadInput, Conflict
from mnesis.memory import Space
from mnesis.words import Event


@pytest.fixture
def space(place: str | Path) -> Iterator[Space]:
    with Space(place, embedder="none") as made:
        yield made


@pytest.fixture
def file(place: str | Path) -> Path:
    if not isinstance(place, Path):
        pytest.skip("a space in memory belongs to one process and is gone when it is closed")
    return place


def texts(space: Space, namespace: str = "default") -> list[str]:
    return [cube.text for cube in space.cubes(namespace=namespace)]


# --------------------------------------------------------------------------------------------- compare and swap


def test_the_one_who_loses_is_shown_both_versions(space: Space) -> None:
    (cube,) = space.remember("I live in Berlin.")
    space.revise(cube.id, "I live in Porto.", expected_version=1)
    with pytest.raises(Conflict, match="stands at version 2, not 1") as lost:
        space.revise(cube.id, "I live in Faro.", expected_version=1)
    err = lost.value
    assert (err.expected, err.found) == (1, 2)
    assert (err.known, err.standing) == (space.history(cube.id)[0], space.get(cube.id))
    with pytest.raises(Conflict) as odd:
        space.revise(cube.id, "I live in Faro.", expected_version=7)
    assert (odd.value.known, odd.value.standing) == (None, space.get(cube.id))
    space.revise(cube.id, "I live in Faro.", expected_version=2)


def test_of_many_threads_exactly_one_wins_each_time(space: Space) -> None:
    (cube,) = space.remember("Counted 0 times.")
    won: list[int] = []
    lost: list[Conflict] = []
    begin = threading.Barrier(6)

    def work(name: int) -> None:
        for version in range(1, 8):
            begin.wait()
            try:
                space.revise(cube.id, f"Counted {version} times by {name}.", expected_version=version)
                won.append(version)
            except Conflict as err:
                lost.append(err)
            begin.wait()

    threads = [threading.Thread(target=work, args=(name,)) for name in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert won == list(range(1, 8))
    assert len(lost) == 5 * 7
    for err in lost:
        assert err.standing is not None
        assert err.known is not None
        assert (
            (err.known.version, err.standing.version) == (err.expected, err.found) == (err.expected, err.expected + 1)
        )
    history = space.history(cube.id)
    assert [each.version for each in history] == list(range(1, 9))
    assert space.verify().ok


WRITER = """
import json, sys
from mnesis.errors import Conflict
from mnesis.memory import Space

path, name, id = sys.argv[1:]
won, lost = [], 0
with Space(path, embedder="none") as space:
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(40):
        version = space.get(id).version
        try:
            won.append(space.revise(id, f"Version {version + 1} by {name}.", expected_version=version).version)
        except Conflict as err:
            assert err.known.version == version and err.standing.version == err.found > version, err
            lost += 1
print(json.dumps([won, lost]))
"""

TELLER = """
import json, sys
from mnesis.memory import Space

path, name = sys.argv[1:]
with Space(path, embedder="none") as space:
    print("ready", flush=True)
    sys.stdin.readline()
    made = [[cube.id for cube in space.remember([f"Message {n}.", f"More of {n}."], key=f"m{n}")] for n in range(25)]
print(json.dumps(made))
"""


def race(program: str, *arguments: str, writers: int = 3) -> list[Any]:
    """What processes that begin together print last."""
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    path, *rest = arguments
    running = [subprocess.Popen([sys.executable, "-c", program, path, str(n), *rest], **pipes) for n in range(writers)]
    for each in running:
        assert each.stdout.readline() == "ready\n"
    for each in running:
        each.stdin.write("go\n")
        each.stdin.flush()
    said = [each.communicate(timeout=120)[0] for each in running]
    assert [each.returncode for each in running] == [0] * writers
    return [json.loads(each) for each in said]


def test_of_several_processes_exactly_one_wins_each_time(file: Path) -> None:
    with Space(file, embedder="none") as space:
        (cube,) = space.remember("Version 1.")
        results = race(WRITER, str(file), cube.id)
        won = sorted(version for versions, _ in results for version in versions)
        assert won == list(range(2, len(won) + 2))
        assert sum(lost for _, lost in results) == 3 * 40 - len(won)
        assert [each.version for each in space.history(cube.id)] == [1, *won]
        for n, (versions, _) in enumerate(results):
            assert all(space.history(cube.id)[v - 1].text == f"Version {v} by {n}." for v in versions)
        assert space.verify().ok


# --------------------------------------------------------------------------------------------------------- keys


def test_the_same_key_twice_is_one_memory(space: Space) -> None:
    first = space.remember(["A kettle.", "A pot."], key="k1", speaker="Ana")
    again = space.remember(["A kettle.", "A pot."], key="k1", speaker="Ana", at="2026-01-01", author="somebody")
    assert again == first
    assert texts(space) == ["A kettle.", "A pot."]
    assert len(list(space.journal())) == 1
    assert len(space.remember("A kettle.")) == 1
    assert texts(space) == ["A kettle.", "A pot.", "A kettle."]


@pytest.mark.parametrize(
    ("what", "more"),
    [
        ("A pot.", {}),
        (["A kettle.", "A kettle."], {}),
        ("A kettle.", {"speaker": "Tom"}),
        ("A kettle.", {"session": "t"}),
    ],
)
def test_the_same_key_for_something_else_is_refused(space: Space, what: Any, more: dict[str, str]) -> None:
    (cube,) = space.remember("A kettle.", key="k1", speaker="Ana", session="s")
    with pytest.raises(Conflict, match=r"'k1' was used in namespace 'default' for something else.*commit 1") as used:
        space.remember(what, key="k1", **{"speaker": "Ana", "session": "s"} | more)
    assert used.value.standing == cube
    assert texts(space) == ["A kettle."]


def test_a_key_belongs_to_its_namespace(space: Space) -> None:
    for name in ("a", "b"):
        space.remember(f"A kettle of {name}.", namespace=name, key="k1")
    assert [texts(space, name) for name in ("a", "b")] == [["A kettle of a."], ["A kettle of b."]]


def test_what_a_key_brought_is_returned_as_it_was(space: Space) -> None:
    first = space.remember([Event("A kettle.", id="e1"), Event("A pot.", id="e2")], key="k1")
    space.revise("e1", "A blue kettle.")
    space.forget("e1")
    again = [Event("A kettle.", id="e1"), Event("A pot.", id="e2")]
    assert space.remember(again, key="k1") == first
    space.forget("e1", erase=True)
    assert space.remember(again, key="k1") == first[1:]
    space.rollback(0)
    assert space.remember(again, key="k1") == first[1:]
    assert texts(space) == []


def test_a_key_stays_used_in_a_namespace_that_was_emptied(space: Space) -> None:
    (cube,) = space.remember("A kettle.", namespace="a/b", key="k1")
    space.forget(cube, erase=True)
    assert space.remember("A kettle.", namespace="a/b", key="k1") == []
    with pytest.raises(Conflict, match="something else"):
        space.remember("A pot.", namespace="a/b", key="k1")
    assert space.namespaces() == {}
    space.remember("A pot.", namespace="a/b", key="k2")
    assert space.remember("A kettle.", namespace="a/b", key="k1") == []
    assert space.verify().ok


def test_a_key_under_which_nothing_new_came_is_used_too(space: Space) -> None:
    space.remember("A kettle.", source="s:1")
    assert space.remember("A kettle.", source="s:1", key="k1") == []
    assert space.remember("A kettle.", source="s:1", key="k1") == []
    assert len(list(space.journal())) == 2
    with pytest.raises(Conflict):
        space.remember("A pot.", key="k1")
    assert space.verify().ok


@pytest.mark.parametrize("key", ["", " ", 7, "k" * 501, b"k", ["k"]])
def test_what_is_no_key(space: Space, key: Any) -> None:
    with pytest.raises(BadInput, match="is no key"):
        space.remember("A kettle.", key=key)
    assert texts(space) == []


def test_neither_key_nor_words_can_be_read_back(space: Space) -> None:
    space.remember("A zanzibar.", key="ana@example.org")
    assert "zanzibar" not in str(list(space.journal()))
    assert "example" not in str(list(space.journal()))


def test_threads_with_the_same_keys_make_each_memory_once(space: Space) -> None:
    made: list[list[str]] = []

    def work() -> None:
        made.append([cube.id for n in range(20) for cube in space.remember(f"Message {n}.", key=f"m{n}")])

    threads = [threading.Thread(target=work) for _ in range(5)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(made) == 5
    assert len({tuple(each) for each in made}) == 1
    assert texts(space) == [f"Message {n}." for n in range(20)]


def test_processes_with_the_same_keys_make_each_memory_once(file: Path) -> None:
    first, *others = race(TELLER, str(file))
    assert others == [first, first]
    with Space(file, embedder="none") as space:
        assert sorted(texts(space)) == sorted(
            [f"Message {n}." for n in range(25)] + [f"More of {n}." for n in range(25)]
        )
        assert [cube.id for cube in space.remember(["Message 3.", "More of 3."], key="m3")] == first[3]
        with pytest.raises(Conflict):
            space.remember("Something else.", key="m3")
        assert space.verify().ok
