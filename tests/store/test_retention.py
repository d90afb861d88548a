"""How long a namespace keeps what it was told, and holds that refuse to erase; each is a commit like any other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mnesis.errors import BadInput, Held, UnknownName
from mnesis.memory import Space
from mnesis.words import Erase, Event, Receipt

START = datetime(2026, 1, 1, tzinfo=UTC)


class Clock:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.day = 0.0

    def __call__(self) -> datetime:
        return START + timedelta(days=self.day)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def space(place: str | Path, clock: Clock) -> Iterator[Space]:
    with Space(place, embedder="none", clock=clock) as made:
        yield made


def texts(space: Space, namespace: str) -> list[str]:
    return [cube.text for cube in space.cubes(namespace=namespace)]


def test_what_was_told_too_long_ago_goes(space: Space, clock: Clock) -> None:
    space.retain("org", ttl="30d")
    space.remember("An old kettle.", namespace="org/ana")
    space.remember("An old kettle elsewhere.", namespace="other")
    revised = space.remember("A kettle to be revised.", namespace="org/ana")[0]
    clock.day = 20
    space.revise(revised.id, "A kettle that was revised.")
    space.remember("A younger kettle.", namespace="org/ana")
    assert space.tend() == []
    clock.day = 31
    (commit,) = space.tend()
    assert (commit.namespace, commit.reason) == ("org/ana", "retain")
    assert texts(space, "org/ana") == ["A kettle that was revised.", "A younger kettle."]
    assert texts(space, "other") == ["An old kettle elsewhere."]
    assert space.tend() == []
    clock.day = 60
    space.tend()
    assert texts(space, "org/ana") == []
    assert "kettle" not in repr([space.recall("kettle", namespace="org/ana", as_of=n) for n in range(1, 6)])
    assert space.verify().problems == ()


def test_what_happened_too_long_ago_goes(space: Space, clock: Clock) -> None:
    clock.day = 100
    space.remember(
        [
            Event("Long ago.", at=START - timedelta(days=10)),
            Event("Just now.", at=START + timedelta(days=99)),
            Event("At some time."),
        ],
        namespace="ana",
    )
    space.retain("ana", max_age=timedelta(days=50), then="retire")
    space.tend(namespace="ana")
    assert texts(space, "ana") == ["Just now.", "At some time."]
    assert "Long ago." in [cube.text for cube in space.cubes(namespace="ana", as_of=1)]
    clock.day = 151
    space.tend(namespace="ana")
    assert texts(space, "ana") == []


def test_a_narrower_rule_takes_the_place_of_a_wider_one(space: Space, clock: Clock) -> None:
    space.retain("org", ttl="10d")
    space.retain("org/ana", ttl="1y")
    for name in ("org", "org/ana", "org/ana/agent", "org/tom", "organ"):
        space.remember("A kettle.", namespace=name)
    clock.day = 11
    space.tend()
    assert space.namespaces() == {"org/ana": 1, "org/ana/agent": 1, "organ": 1}
    (rule,) = space.retention(namespace="org/ana/agent")
    assert (rule.namespace, rule.ttl) == ("org/ana/agent", timedelta(days=365))
    assert [each.namespace for each in space.retention(namespace="org", within=True)] == ["org", "org/ana"]
    space.retain("org/ana")
    clock.day = 12
    space.tend()
    assert space.namespaces() == {"organ": 1}


def test_a_hold_refuses_every_erasure_until_it_is_lifted(space: Space, clock: Clock) -> None:
    cube = space.remember("A kettle.", namespace="org/ana")[0]
    other = space.remember("A pot.", namespace="org/ana")[0]
    free = space.remember("A kettle.", namespace="tom")[0]
    space.retain("org", ttl="1d")
    space.hold("org", reason="case 12")
    before = list(space.journal())
    for how in (
        {"what": cube.id},
        {"what": cube},
        {"what": "kettle", "k": 1, "namespace": "org/ana"},
        {"namespace": "org/ana"},
        {"namespace": "org", "within": True},
    ):
        with pytest.raises(Held, match=r"a hold stands on 'org' \(case 12\)"):
            space.forget(erase=True, **how)  # type: ignore[arg-type]
    with pytest.raises(Held):  # the store itself refuses, whoever asks it
        space._store.commit([Erase(cube.id)], author="", reason="", at=clock(), namespace="org/ana")
    clock.day = 9
    assert space.tend() == []
    assert list(space.journal()) == before
    space.forget(other.id)
    assert isinstance(space.forget(free.id, erase=True), Receipt)
    space.hold("org")
    assert space.tend()
    assert texts(space, "org/ana") == []
    assert space.verify().problems == ()


def test_rules_are_journaled_and_outlive_the_process(space: Space, place: str | Path) -> None:
    space.retain("org", ttl="30d", max_age="2 weeks", then="retire", author="me")
    space.hold("org", reason="case 12", author="you")
    assert [(each.author, each.reason, each.namespace) for each in space.journal()] == [
        ("me", "retain", "~rules"), ("you", "retain", "~rules"),
    ]  # fmt: skip
    assert space.namespaces() == {}
    if isinstance(place, Path):
        space.close()
        with Space(place) as again:
            (rule,) = again.retention(namespace="org/ana")
            assert (rule.ttl, rule.max_age, rule.then, rule.hold) == (
                timedelta(days=30), timedelta(days=14), "retire", "case 12",
            )  # fmt: skip


def test_going_back_lifts_no_hold(space: Space) -> None:
    cube = space.remember("A kettle.", namespace="org")[0]
    space.hold("org", reason="case 12")
    space.rollback(1)
    assert space.retention(namespace="org")[0].hold == "case 12"
    with pytest.raises(Held):
        space.forget(cube.id, erase=True)
    assert space.verify().problems == ()


def test_the_vault_of_a_namespace_follows_its_rule(place: str | Path, clock: Clock) -> None:
    with Space(place, embedder="none", clock=clock, key="correct horse") as space:
        cube = space.remember("A secret.", namespace="org/ana", type="vault")[0]
        space.remember("A kettle.", namespace="org/ana")
        space.hold("org", reason="case 12")
        with pytest.raises(Held):
            space.forget(cube.id, erase=True)
        space.hold("org")
        space.retain("org", ttl="5d")
        clock.day = 6
        assert len(space.tend()) == 2
        assert space.recall("secret", namespace="org/ana", types=("vault",)) == []


@pytest.mark.parametrize("bad", ["soon", "-3d", "0d", 7, timedelta(0), "30 parsecs"])
def test_a_length_of_time_that_is_none_is_refused(space: Space, bad: Any) -> None:
    with pytest.raises(BadInput, match="length of time"):
        space.retain("org", ttl=bad)
    with pytest.raises(UnknownName, match="'erase'"):
        space.retain("org", ttl="3d", then="erasing")
    assert list(space.journal()) == []
