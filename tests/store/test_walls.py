"""Namespaces are walls: nothing crosses them, whichever verb is tried, and what lies beneath comes only when asked."""

from __future__ import annotations

import inspect
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mnesis.errors import BadInput, MnesisError
from mnesis.memory import Space
from mnesis.models.scripted import scripted
from mnesis.words import Connect, Event, Hit, Link, MemCube, Query

SECRET = "xylophonist"
OURS, THEIRS = "org/ana", "org/tom"

# Verbs that speak of the whole space and take no namespace; whoever may call them may see all of it.
WHOLE = {
    "verify": "checks the file",
    "head": "a number and a hash",
    "close": "lets go of the file",
    "explain": "reads only the hit or commit it is given",
    "accounts": "reads what a commit of the journal did",
    "undo": "takes a commit of the journal, which is the whole space's",
    "namespaces": "lists the rooms themselves",
    "reembed": "gives every memory new vectors and returns counts",
}
OUR_OWN = ("self", "namespace")  # given in every call
# What each parameter of a verb is given: everything a caller could know of a memory behind the wall.
KNOWN: dict[str, Callable[[MemCube], list[Any]]] = {
    "cube_id": lambda cube: [cube.id],
    "event_id": lambda cube: [cube.events[0]],
    "cited": lambda cube: [cube.id, [cube.id], cube],
    "what": lambda cube: [cube.id, cube, Hit(cube, 1.0), [cube.id], Query(cube.text), cube.text],
    "events": lambda cube: [[Event(cube.text, cube.speaker, source=cube.sources[0])]],
    "query": lambda cube: [cube.text, f"What did {cube.speaker} say of the {SECRET}?", cube.id],
    "text": lambda cube: ["Written over."],
    "to": lambda cube: [0],
    "commit": lambda cube: [1],
    "hit": lambda cube: [Hit(cube, 1.0)],
    "file": lambda cube: [io.StringIO()],
}


@pytest.fixture
def two(place: str | Path) -> Iterator[Space]:
    """Two rooms side by side, one above and one beneath, each with a secret of its own."""
    with Space(place, embedder=scripted(dim=16)) as space:
        for name in (OURS, THEIRS, "org", f"{OURS}/agent", "org/anabel"):
            told = Event(f"The {SECRET} of {name} lives here.", f"S {name}", session=f"t {name}", source=f"{name}:1")
            (cube,) = space.remember(told, namespace=name, trust="web")
            link = Link(cube.id, f"entity:{SECRET} {name}", "mentions", namespace=name)
            space._commit([Connect(link)], "", "link", name)
        yield space


def verbs() -> list[str]:
    """Every public method of a space, found by looking: a new one is tried without being named here."""
    return [name for name, _ in inspect.getmembers(Space, inspect.isfunction) if not name.startswith("_")]


def test_every_verb_is_tried_or_explained() -> None:
    for name in verbs():
        parameters = inspect.signature(getattr(Space, name)).parameters
        if name in WHOLE:
            continue
        assert "namespace" in parameters, f"{name} takes no namespace: give it one, or say in WHOLE why it needs none"
        needed = {each for each, it in parameters.items() if it.default is inspect.Parameter.empty}
        asked = needed - set(OUR_OWN)
        assert asked <= KNOWN.keys(), f"{name} asks for {asked}: say in KNOWN what to try it with"
    assert set(verbs()) >= WHOLE.keys(), "WHOLE names a verb that is not there"


def calls(name: str, cube: MemCube) -> Iterator[dict[str, Any]]:
    """Every way to call a verb from our room with what is known of a memory in another."""
    parameters = inspect.signature(getattr(Space, name)).parameters
    asked = [
        each
        for each, it in parameters.items()
        if each not in OUR_OWN and each in KNOWN and (it.default is inspect.Parameter.empty or each == "what")
    ]
    tries: list[dict[str, Any]] = [{}]
    for each in asked:
        tries = [{**given, each: value} for given in tries for value in KNOWN[each](cube)]
    flags: list[dict[str, Any]] = [{}]
    for flag in ("erase", "within", "again"):
        if flag in parameters:
            flags += [{flag: True}]
    for given in tries:
        for more in flags:
            if not (more.get("within") and given.get("what") is not None):
                yield {**given, **more, "namespace": OURS}


def foreign(space: Space) -> dict[str, Any]:
    """Everything that can be read of the rooms that are not ours, or beneath it."""
    view = {name: space._store.view(name) for name in (THEIRS, "org", "org/anabel")}
    return {
        name: (each.cubes(each.alive()), [each.history(id.id) for id in each.cubes(each.alive())], len(each))
        for name, each in view.items()
    }


def spoken(value: Any) -> str:
    """Everything a verb gave back, as text."""
    if isinstance(value, Iterator):
        value = list(value)
    return repr(value)


@pytest.mark.parametrize("name", [name for name in verbs() if name not in WHOLE])
@pytest.mark.parametrize("room", [THEIRS, "org", "org/anabel"])
def test_no_verb_crosses_a_wall(two: Space, name: str, room: str) -> None:
    (cube,) = two.cubes(namespace=room)
    before = foreign(two)
    tried = 0
    for given in calls(name, cube):
        tried += 1
        try:
            said = spoken(getattr(two, name)(**given))
            if "file" in given:  # what a verb writes it says, too
                said += given["file"].getvalue()
                assert f"{SECRET} of {OURS} lives" in said
        except MnesisError as err:
            said = str(err)
            for each in _asked(given):
                said = said.replace(each, "")
        # What the caller brought along may come back; nothing else of that room may.
        brought = "".join(_asked(given))
        for word in (f"{SECRET} of {room} lives", f"S {room}'", f"t {room}'", f"{room}:1'", f"{SECRET} {room}'"):
            assert word not in said or word.rstrip("'") in brought or name == "remember", f"{name}{given}: {word}"
        assert f"namespace='{room}'" not in said or f"namespace='{room}'" in brought or name == "remember"
    assert tried
    assert foreign(two) == before


def _asked(given: dict[str, Any]) -> list[str]:
    return [each if isinstance(each, str) else repr(each) for each in given.values() if not isinstance(each, bool)]


def test_a_recall_sees_its_own_room_and_those_beneath_when_asked(two: Space) -> None:
    def rooms(namespace: str, **how: Any) -> set[str]:
        return {hit.cube.namespace for hit in two.recall(SECRET, namespace=namespace, k=50, **how)}

    assert rooms(OURS) == {OURS}
    assert rooms(OURS, within=True) == {OURS, f"{OURS}/agent"}
    assert rooms("org", within=True) == {"org", OURS, THEIRS, f"{OURS}/agent", "org/anabel"}
    assert rooms("org") == {"org"}
    assert rooms("nobody", within=True) == set()
    assert rooms("or", within=True) == set()
    hits = two.recall(SECRET, namespace="org", within=True, k=3)
    assert len(hits) == 3
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert "agent" in two.context(SECRET, namespace=OURS, within=True).text
    assert "agent" not in two.context(SECRET, namespace=OURS).text


def test_rooms_are_listed_from_one_downwards(two: Space) -> None:
    assert two.namespaces(within=OURS) == {OURS: 1, f"{OURS}/agent": 1}
    assert two.namespaces(within="org/an") == {}
    with pytest.raises(BadInput):
        two.namespaces(within="org/*")


def test_the_journal_of_a_room_says_nothing_of_others(two: Space) -> None:
    assert {each.namespace for each in two.journal(namespace=OURS)} == {OURS}
    assert {each.namespace for each in two.journal(namespace=OURS, within=True)} == {OURS, f"{OURS}/agent"}
    assert len({each.namespace for each in two.journal()}) == 5


def test_a_memory_named_by_a_value_does_not_open_another_room(two: Space) -> None:
    (cube,) = two.cubes(namespace=THEIRS)
    for what in (cube, Hit(cube, 1.0), [cube], cube.id):
        with pytest.raises(MnesisError):
            two.forget(what, namespace=OURS, erase=True)
    assert two.namespaces()[THEIRS] == 1
