"""Any sequence of verbs through the front door, held against a plain dictionary."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from mnesis.errors import Conflict, NotFound
from mnesis.memory import Space
from mnesis.store import sqlite
from mnesis.words import Event

NAMESPACES = ("a", "b")


@dataclass
class Told:
    """What the dictionary knows of one memory."""

    namespace: str
    texts: list[str]
    stands: bool = True
    erased: bool = False


@dataclass
class Naive:
    """A memory as one would write it without thinking: everything in a dictionary, a copy of it for every commit."""

    memories: dict[str, Told] = field(default_factory=dict)
    commits: list[dict[str, str]] = field(default_factory=lambda: [{}])

    def commit(self) -> None:
        self.commits.append({id: each.texts[-1] for id, each in self.memories.items() if each.stands})

    def erase(self, id: str) -> None:
        self.memories[id].stands, self.memories[id].erased = False, True
        for commit in self.commits:
            commit.pop(id, None)


class FrontDoor(RuleBasedStateMachine):
    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.naive = Naive()
        self.words = 0
        self.folder = tempfile.TemporaryDirectory()
        self.space = self.open()

    def open(self) -> Space:
        return Space(embedder="none")

    def teardown(self) -> None:
        self.space.close()
        self.folder.cleanup()

    def text(self) -> str:
        """A text with a word nobody wrote before."""
        self.words += 1
        return f"The kettle stands beside planted{self.words}x."

    @initialize(target=ids)
    def begin(self) -> object:
        return self.remember(3, "a", True)

    @rule(target=ids, n=st.integers(1, 4), namespace=st.sampled_from(NAMESPACES), session=st.booleans())
    def remember(self, n: int, namespace: str, session: bool) -> object:
        texts = [self.text() for _ in range(n)]
        told = [Event(text, source=f"s:{text}", session="talk" if session else "") for text in texts]
        cubes = self.space.remember(told, namespace=namespace)
        assert [cube.text for cube in cubes] == texts
        for cube in cubes:
            self.naive.memories[cube.id] = Told(namespace, [cube.text])
        self.naive.commit()
        assert self.space.remember(told, namespace=namespace) == []
        return multiple(*(cube.id for cube in cubes))

    @rule(id=ids)
    def revise(self, id: str) -> None:
        told = self.naive.memories[id]
        if not told.stands:
            with pytest.raises(NotFound):
                self.space.revise(id, "Too late.")
            return
        with pytest.raises(Conflict):
            self.space.revise(id, "Never read.", expected_version=len(told.texts) + 1)
        told.texts.append(self.text())
        assert self.space.revise(id, told.texts[-1]).version == len(told.texts)
        self.naive.commit()

    @rule(id=ids)
    def forget(self, id: str) -> None:
        told = self.naive.memories[id]
        if not told.stands:
            with pytest.raises(NotFound):
                self.space.forget(id)
            return
        self.space.forget(id)
        told.stands = False
        self.naive.commit()

    @rule(id=ids)
    def erase(self, id: str) -> None:
        if self.naive.memories[id].erased:
            with pytest.raises(NotFound):
                self.space.forget(id, erase=True)
            return
        self.space.forget(id, erase=True)
        self.naive.erase(id)
        self.naive.commit()

    @rule(id=ids)
    def recall_finds_the_planted_word_iff_it_stands(self, id: str) -> None:
        told = self.naive.memories[id]
        for text in told.texts:
            word = text.split()[-1].strip(".")
            for namespace in NAMESPACES:
                hits = self.space.recall(f"What is {word}?", namespace=namespace, k=5)
                expected = told.stands and namespace == told.namespace and text == told.texts[-1]
                assert [hit.cube.id for hit in hits if word in hit.text] == ([id] if expected else [])

    @rule(id=ids)
    def history_holds_every_version(self, id: str) -> None:
        told = self.naive.memories[id]
        if told.erased:
            with pytest.raises(NotFound):
                self.space.history(id)
            return
        versions = self.space.history(id)
        assert [each.text for each in versions] == told.texts
        assert (versions[-1].known_to is None) == told.stands

    @rule(id=ids, part=st.floats(0, 1))
    def as_of_any_commit(self, id: str, part: float) -> None:
        seq = round(part * (len(self.naive.commits) - 1))
        expected = self.naive.commits[seq].get(id)
        if expected is None:
            with pytest.raises(NotFound):
                self.space.get(id, as_of=seq)
        else:
            assert self.space.get(id, as_of=seq).text == expected
            word = expected.split()[-1].strip(".")
            namespace = self.naive.memories[id].namespace
            assert self.space.recall(word, namespace=namespace, as_of=seq, k=1)[0].cube.id == id

    @invariant()
    def what_stands_is_what_was_told(self) -> None:
        for namespace in NAMESPACES:
            stands = {
                id: each.texts[-1]
                for id, each in self.naive.memories.items()
                if each.stands and each.namespace == namespace
            }
            assert {cube.id: cube.text for cube in self.space.cubes(namespace=namespace)} == stands
            assert self.space.namespaces().get(namespace, 0) == len(stands)
        assert [commit.seq for commit in self.space.journal()] == list(range(1, len(self.naive.commits)))

    @rule()
    def verify(self) -> None:
        assert self.space.verify().problems == ()


class OnDisk(FrontDoor):
    """The same on a file, which may be closed and opened; the index beside it is saved early."""

    def open(self) -> Space:
        return Space(Path(self.folder.name) / "space.mnesis", embedder="none")

    @rule()
    def reopen(self) -> None:
        self.space.close()
        self.space = self.open()


class TestRam(FrontDoor.TestCase):  # type: ignore[name-defined,misc]
    settings = settings(max_examples=12, stateful_step_count=25, deadline=None)


class TestSqlite(OnDisk.TestCase):  # type: ignore[name-defined,misc]
    settings = settings(
        max_examples=12,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )

    @pytest.fixture(autouse=True)
    def early(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sqlite, "PULL", 3)
