"""The fuzz run: thousands of steps through the whole front door of every store, held against a naive model.

The model is a dictionary and a copy of it for every commit. It knows nothing of rows, indexes or transactions; going
back in time is looking at an older copy, and a rollback is putting one in place.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from mnesis.errors import BadInput, Conflict, Entangled, NotFound
from mnesis.memory import Space
from mnesis.store import sqlite
from mnesis.words import Event, Hit, MemCube, Receipt, Rewound

NAMESPACES = ("a", "b", "a/b")
DAY = datetime(2026, 3, 1, tzinfo=UTC)
STEPS, EXAMPLES = 40, 50  # for each store
FEWEST = 1_000  # steps a run makes in each store, so that they come to 2,000 in all


@dataclass(frozen=True)
class Mine:
    """One version of a memory as the model knows it."""

    namespace: str
    text: str
    events: frozenset[str]
    day: int | None = None
    row: int = field(default=0, compare=False)  # the order in which versions came


Standing = dict[str, Mine]


@dataclass
class Naive:
    """A memory as one would write it without thinking: everything in a dictionary, a copy of it for every commit."""

    versions: dict[str, list[Mine]] = field(default_factory=dict)
    commits: list[Standing] = field(default_factory=lambda: [{}])
    where: list[str] = field(default_factory=lambda: [""])
    erasing: list[bool] = field(default_factory=lambda: [False])
    minutes: list[int] = field(default_factory=lambda: [0])
    keys: dict[tuple[str, str], tuple[list[str], list[str]]] = field(default_factory=dict)
    rows: int = 0

    @property
    def now(self) -> Standing:
        return self.commits[-1]

    def put(self, id: str, mine: Mine, stands: Standing) -> None:
        self.rows += 1
        stands[id] = replace(mine, row=self.rows)
        self.versions.setdefault(id, []).append(stands[id])

    def commit(self, namespace: str, stands: Standing, erasing: bool = False, minute: int | None = None) -> None:
        self.minutes.append(len(self.commits) if minute is None else minute)
        self.commits.append(stands)
        self.where.append(namespace)
        self.erasing.append(erasing)

    def erase(self, ids: Iterable[str]) -> None:
        for id in ids:
            self.versions.pop(id, None)
            for stands in self.commits:
                stands.pop(id, None)

    def go_back(self, to: int, only: str | None) -> list[str]:
        """Put the copy of a commit in place, namespace by namespace; those in which that changed something."""
        changed, minute = [], len(self.commits)
        for namespace in dict.fromkeys(self.where[to + 1 :]):
            if only in (None, namespace):
                stands = self.now | {}
                then = self.commits[to]
                for id in sorted({*then, *self.now}, key=lambda id: (then.get(id) or self.now[id]).row):
                    self.set_back(id, then.get(id), stands, namespace)
                if stands != self.now:
                    self.commit(namespace, stands, minute=minute)  # they happen together
                    changed.append(namespace)
        return changed

    def set_back(self, id: str, then: Mine | None, stands: Standing, namespace: str) -> None:
        now = stands.get(id)
        if then == now or (then or now or Mine("", "", frozenset())).namespace != namespace:
            return
        if then is None:
            del stands[id]
        else:
            self.put(id, then, stands)

    def undo(self, seq: int) -> Standing | None:
        """What stands when a commit is undone; None where something rests on it."""
        before, after, stands = self.commits[seq - 1], self.commits[seq], self.now | {}
        ids = [id for id in {*before, *after} if before.get(id) != after.get(id)]
        if any(self.now.get(id) not in (before.get(id), after.get(id)) for id in ids):
            return None
        brought = {event for id in ids if id in after for event in after[id].events - _events(before.get(id))}
        rows = {mine.row for mine in after.values()}
        for id, mine in self.now.items():
            fresh = mine.namespace == self.where[seq] and mine.row not in rows and id not in ids
            if fresh and mine.events & {*ids, *brought}:
                return None
        for id in sorted(ids, key=lambda id: (before.get(id) or after[id]).row):
            self.set_back(id, before.get(id), stands, self.where[seq])
        return stands


def _events(mine: Mine | None) -> frozenset[str]:
    return frozenset() if mine is None else mine.events


def mine(cube: MemCube) -> Mine:
    """A cube as the model sees it."""
    day = None if cube.valid_from is None else (cube.valid_from - DAY).days
    return Mine(cube.namespace, cube.text, frozenset(cube.events), day)


class FrontDoor(RuleBasedStateMachine):
    ids = Bundle("ids")
    place: ClassVar[Callable[[Path], str | Path]]
    steps: ClassVar[int]

    def __init__(self) -> None:
        super().__init__()
        self.naive = Naive()
        self.words = self.now = 0
        self.folder = tempfile.TemporaryDirectory()
        self.path = type(self).place(Path(self.folder.name))
        self.seen: list[tuple[dict[str, Any], list[Hit]]] = []
        self.space = self.open()

    def open(self) -> Space:
        return Space(self.path, embedder="none", clock=self.clock)

    def clock(self) -> datetime:
        return DAY + timedelta(minutes=len(self.naive.commits))

    def teardown(self) -> None:
        assert self.space.verify().problems == ()
        self.space.close()
        self.folder.cleanup()

    def text(self) -> str:
        """A text with a word nobody wrote before."""
        self.words += 1
        return f"The kettle stands beside planted{self.words}x."

    def seq(self, part: float) -> int:
        return round(part * (len(self.naive.commits) - 1))

    @initialize(target=ids)
    def begin(self) -> object:
        return self.remember(3, "a", True, None, None)

    # ------------------------------------------------------------------------------------------------- writing

    @rule(
        target=ids,
        n=st.integers(1, 3),
        namespace=st.sampled_from(NAMESPACES),
        session=st.booleans(),
        day=st.none() | st.integers(0, 5),
        key=st.none() | st.integers(0, 3),
    )
    def remember(self, n: int, namespace: str, session: bool, day: int | None, key: int | None) -> object:
        texts = [self.text() for _ in range(n)]
        when = None if day is None else DAY + timedelta(days=day)
        told = [Event(text, at=when, source=f"s:{text}", session="talk" if session else "") for text in texts]
        name = None if key is None else f"k{key}"
        if name is not None and (namespace, name) in self.naive.keys:
            with pytest.raises(Conflict, match="something else"):
                self.space.remember(told, namespace=namespace, key=name)
            return multiple()
        cubes = self.space.remember(told, namespace=namespace, key=name)
        assert [cube.text for cube in cubes] == texts
        stands = self.naive.now | {}
        for cube in cubes:
            self.naive.put(cube.id, mine(cube), stands)
            assert stands[cube.id] == Mine(namespace, cube.text, frozenset([cube.id]), day)
        self.naive.commit(namespace, stands)
        if name is not None:
            self.naive.keys[namespace, name] = (texts, [cube.id for cube in cubes])
            again = self.space.remember(told, namespace=namespace, key=name)
            assert again == cubes
        assert self.space.remember(told, namespace=namespace) == []
        return multiple(*(cube.id for cube in cubes))

    @rule(target=ids, id=ids)
    def say_again(self, id: str) -> object:
        """The same words without a source are another memory; tending will find that they say the same."""
        if id not in self.naive.now:
            return multiple()
        old = self.naive.now[id]
        (cube,) = self.space.remember(old.text, namespace=old.namespace)
        stands = self.naive.now | {}
        self.naive.put(cube.id, mine(cube), stands)
        self.naive.commit(old.namespace, stands)
        return cube.id

    @rule(id=ids, off=st.integers(-1, 1))
    def revise(self, id: str, off: int) -> None:
        if id not in self.naive.now:
            with pytest.raises(NotFound):
                self.space.revise(id, "Too late.")
            return
        old, count = self.naive.now[id], len(self.naive.versions[id])
        text = self.text()
        if off:
            with pytest.raises(Conflict) as lost:
                self.space.revise(id, text, expected_version=count + off)
            assert (lost.value.found, lost.value.expected) == (count, count + off)
            assert lost.value.standing is not None
            assert mine(lost.value.standing) == old
            assert (lost.value.known is not None) == (off < 0 and count > 1)
            return
        cube = self.space.revise(id, text, expected_version=count)
        assert cube.version == count + 1
        stands = self.naive.now | {}
        self.naive.put(id, replace(old, text=text, events=frozenset(cube.events)), stands)
        assert len(cube.events) == len(old.events) + 1
        self.naive.commit(old.namespace, stands)

    @rule(id=ids)
    def forget(self, id: str) -> None:
        if id not in self.naive.now:
            with pytest.raises(NotFound):
                self.space.forget(id)
            return
        self.space.forget(id)
        stands = self.naive.now | {}
        namespace = stands.pop(id).namespace
        self.naive.commit(namespace, stands)

    @rule(id=ids)
    def erase(self, id: str) -> None:
        if id not in self.naive.versions:
            with pytest.raises(NotFound):
                self.space.forget(id, erase=True)
            return
        namespace = self.naive.versions[id][-1].namespace
        receipt = self.space.forget(id, erase=True)
        assert isinstance(receipt, Receipt)
        assert receipt.erased == (id,)
        assert len(receipt.commits) == 1
        self.naive.erase((id, *receipt.derived, *receipt.retired, *receipt.rederived))
        stands = self.naive.now | {}
        for again in receipt.rederived:  # it lives on, made of what remains
            cube = self.space.get(again)
            assert id not in cube.events
            self.naive.put(again, mine(cube), stands)
        self.naive.commit(namespace, stands, erasing=True)
        self.seen = [(given, hits) for given, hits in self.seen if given["namespace"] != namespace]

    @rule(part=st.floats(0, 1), only=st.none() | st.sampled_from(NAMESPACES))
    def rollback(self, part: float, only: str | None) -> None:
        to, first = self.seq(part), len(self.naive.commits)
        done = self.space.rollback(to, namespace=only)
        before = self.naive.now
        changed = self.naive.go_back(to, only)
        assert done.commits == tuple(range(first, first + len(changed)))
        assert [entry.namespace for entry in self.space.journal(first - 1)] == changed
        self.told_of(done, before)

    @rule(part=st.floats(0, 1))
    def undo(self, part: float) -> None:
        self.undo_commit(max(1, self.seq(part)))

    @rule(id=ids)
    def undo_what_brought(self, id: str) -> None:
        held = (seq for seq, stands in enumerate(self.naive.commits) if id in stands)
        self.undo_commit(next(held, 1))

    def undo_commit(self, seq: int) -> None:
        if self.naive.erasing[seq]:
            with pytest.raises(BadInput, match="erased"):
                self.space.undo(seq)
            return
        stands, before = self.naive.undo(seq), self.naive.now
        if stands is None:
            with pytest.raises(Entangled) as err:
                self.space.undo(seq)
            assert err.value.commits
            assert all(seq < each < len(self.naive.commits) for each in err.value.commits)
            return
        done = self.space.undo(seq)
        assert bool(done.commits) == (stands != before)
        if done.commits:
            self.naive.commit(self.naive.where[seq], stands)
        self.told_of(done, before)

    def told_of(self, done: Rewound, before: Standing) -> None:
        """What a result says is what happened."""
        now = self.naive.now
        assert set(done.retired) == before.keys() - now.keys()
        assert set(done.restored) == {id for id in now if now[id] != before.get(id)}

    @rule()
    def tend(self) -> None:
        """Of memories that say the same the first that came stays, with the events of the others."""
        for namespace in sorted({each.namespace for each in self.naive.now.values()}):
            here = {id: each for id, each in self.naive.now.items() if each.namespace == namespace}
            by_time = sorted(here, key=lambda id: (here[id].day is None, here[id].day, here[id].row))
            same: dict[str, list[str]] = {}
            for id in by_time:
                same.setdefault(here[id].text, []).append(id)
            stands = self.naive.now | {}
            grown = 0
            groups = [ids for ids in same.values() if len(ids) > 1]
            for first, *others in sorted(groups, key=lambda ids: by_time.index(ids[1])):
                events = frozenset().union(*(here[id].events for id in (first, *others)))
                self.naive.put(first, replace(here[first], events=events), stands)
                grown += 1
                for id in others:
                    del stands[id]
            commits = self.space.tend(namespace=namespace)
            assert bool(commits) == bool(grown)
            if grown:
                self.naive.commit(namespace, stands)
        assert self.space.tend() == []

    @rule()
    def reopen(self) -> None:
        if self.path != ":memory:":
            self.space.close()
            self.space = self.open()

    # ------------------------------------------------------------------------------------------------- reading

    @rule(id=ids)
    def recall_finds_the_planted_word_iff_it_stands(self, id: str) -> None:
        now = self.naive.now
        for text in {each.text for each in self.naive.versions.get(id, ())}:
            word = text.split()[-1].strip(".")
            for namespace in NAMESPACES:
                hits = self.space.recall(f"What is {word}?", namespace=namespace, k=5)
                wanted = {id for id, each in now.items() if (each.namespace, each.text) == (namespace, text)}
                assert {hit.cube.id for hit in hits if word in hit.text} == wanted or len(wanted) > 5

    @rule(id=ids)
    def history_holds_every_version(self, id: str) -> None:
        told = self.naive.versions.get(id)
        if told is None:
            with pytest.raises(NotFound):
                self.space.history(id)
            return
        versions = self.space.history(id)
        assert [mine(each) for each in versions] == told
        assert [each.version for each in versions] == list(range(1, len(told) + 1))
        assert (versions[-1].known_to is None) == (id in self.naive.now)

    @rule(id=ids, part=st.floats(0, 1), by_moment=st.booleans())
    def as_of_any_commit(self, id: str, part: float, by_moment: bool) -> None:
        seq: int = self.seq(part)
        as_of: Any = seq
        if by_moment:
            as_of = DAY + timedelta(minutes=seq, seconds=30)
            seq = max(at for at, minute in enumerate(self.naive.minutes) if minute <= seq)
        expected = self.naive.commits[seq].get(id)
        if expected is None:
            with pytest.raises(NotFound):
                self.space.get(id, as_of=as_of)
        else:
            assert mine(self.space.get(id, as_of=as_of)) == expected
            word = expected.text.split()[-1].strip(".")
            hits = self.space.recall(word, namespace=expected.namespace, as_of=as_of, k=1)
            assert [hit.text for hit in hits] == [expected.text]

    @rule(part=st.floats(0, 1), namespace=st.sampled_from(NAMESPACES), day=st.none() | st.integers(0, 5))
    def everything_as_of_any_commit_and_day(self, part: float, namespace: str, day: int | None) -> None:
        seq = self.seq(part)
        valid_at = None if day is None else DAY + timedelta(days=day)
        cubes = list(self.space.cubes(namespace=namespace, as_of=seq, valid_at=valid_at))
        stood = {id: each for id, each in self.naive.commits[seq].items() if each.namespace == namespace}
        if day is not None:
            stood = {id: each for id, each in stood.items() if each.day is None or each.day <= day}
        assert {cube.id: mine(cube) for cube in cubes} == stood
        assert [cube.id for cube in cubes] == sorted(stood, key=lambda id: stood[id].row)

    @rule(namespace=st.sampled_from(NAMESPACES), word=st.integers(1, 40), day=st.none() | st.integers(0, 5))
    def recall_is_written_down(self, namespace: str, word: int, day: int | None) -> None:
        given = {"query": f"Which kettle stands beside planted{word}x?", "namespace": namespace, "now": DAY, "k": 4}
        given |= {"as_of": len(self.naive.commits) - 1, "valid_at": None if day is None else DAY + timedelta(days=day)}
        hits = self.space.recall(**{name: value for name, value in given.items() if name != "as_of"})
        self.seen.append((given, hits))

    @rule(part=st.floats(0, 1))
    def what_was_written_down_is_recalled_again(self, part: float) -> None:
        for given, hits in self.seen[round(part * len(self.seen)) :][:3]:
            assert self.space.recall(**given) == hits

    @rule()
    def verify(self) -> None:
        assert self.space.verify().problems == ()

    @invariant()
    def what_stands_is_what_was_told(self) -> None:
        type(self).steps += 1
        for namespace in NAMESPACES:
            stands = {id: each for id, each in self.naive.now.items() if each.namespace == namespace}
            assert {cube.id: mine(cube) for cube in self.space.cubes(namespace=namespace)} == stands
            assert self.space.namespaces().get(namespace, 0) == len(stands)
        assert [commit.seq for commit in self.space.journal()] == list(range(1, len(self.naive.commits)))


def test_any_sequence_of_verbs_does_what_a_naive_memory_does(
    monkeypatch: pytest.MonkeyPatch, at_place: Callable[[Path], str | Path]
) -> None:
    monkeypatch.setattr(sqlite, "PULL", 3)  # the index beside a space is saved early
    monkeypatch.setattr(sqlite, "WAITING", 3)
    machine = type("Fuzz", (FrontDoor,), {"place": staticmethod(at_place), "steps": 0})
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        machine,
        settings=settings(
            phases=[Phase.explicit, Phase.reuse, Phase.generate],  # making a failure smaller can take many minutes
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=checks,
        ),
    )
    assert machine.steps >= FEWEST
