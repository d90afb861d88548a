"""The front door, verb by verb, with what it should take and what it should refuse."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mnesis
from mnesis.errors import BadInput, Conflict, MnesisError, NotFound, Rejected, SpaceError, UnknownName
from mnesis.memory import Space
from mnesis.models.scripted import scripted
from mnesis.words import Event, Hit, MemCube, Query, Receipt

MOVED = datetime(2026, 3, 2, tzinfo=UTC)


class Clock:
    """A clock that goes on by an hour whenever it is read."""

    def __init__(self) -> None:
        self.now = datetime(2026, 6, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(hours=1)
        return self.now


@pytest.fixture(params=["ram", "sqlite"])
def space(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Space]:
    path = ":memory:" if request.param == "ram" else tmp_path / "space.mnesis"
    with Space(path, embedder=scripted(dim=16), clock=Clock()) as made:
        yield made


@pytest.fixture
def worded() -> Iterator[Space]:
    """A space that finds by words and times alone."""
    with Space(embedder="none", clock=Clock()) as made:
        yield made


@pytest.fixture
def told(space: Space) -> Space:
    space.remember("I moved to Lisbon.", namespace="ana", speaker="Ana", at="2026-03-02", source="chat:1", session="s")
    space.remember("I adopted a cat called Miso.", namespace="ana", speaker="Ana", at="2026-04-11", source="chat:2")
    space.remember("My bicycle was stolen in Berlin.", namespace="tom", speaker="Tom", at="2026-04-12", source="chat:3")
    return space


def state(space: Space) -> Any:
    """Everything a caller can see of a space."""
    names = space.namespaces()
    return (names, [list(space.cubes(namespace=name)) for name in names], list(space.journal()))


def one(space: Space, namespace: str = "ana", n: int = 0) -> MemCube:
    return list(space.cubes(namespace=namespace))[n]


# ---------------------------------------------------------------------------------------------------- remember


def test_what_is_told_is_kept_with_everything_said_about_it(space: Space) -> None:
    (cube,) = space.remember(
        "I moved to Lisbon.",
        namespace="ana",
        speaker="Ana",
        at="2026-03-02",
        source="chat:1",
        session="s1",
        role="user",
        trust="user",
        place="Lisbon",
        meta={"mood": "glad"},
        author="me",
        reason="because",
    )
    assert (cube.text, cube.namespace, cube.speaker, cube.at) == ("I moved to Lisbon.", "ana", "Ana", MOVED)
    assert (cube.sources, cube.session, cube.role, cube.trust, cube.place) == (
        ("chat:1",),
        "s1",
        "user",
        "user",
        "Lisbon",
    )
    assert cube.meta["mood"] == "glad"
    assert space.get(cube.id) == cube
    event = space.event(cube.events[0], namespace="ana")
    assert (event.text, event.speaker, event.at, event.source) == ("I moved to Lisbon.", "Ana", MOVED, "chat:1")
    (commit,) = space.journal()
    assert (commit.author, commit.reason, commit.at) == ("me", "because", datetime(2026, 6, 1, 1, tzinfo=UTC))


def test_a_list_is_one_commit_and_keywords_fill_what_events_leave_empty(space: Space) -> None:
    cubes = space.remember(
        ["A kettle.", Event("A pot.", speaker="Tom"), Event("A pan.", at="2026-01-01")],  # type: ignore[arg-type]
        speaker="Ana",
        at=date(2026, 3, 2),
        session="s",
    )
    assert [(cube.text, cube.speaker, cube.at.date().isoformat() if cube.at else "") for cube in cubes] == [
        ("A kettle.", "Ana", "2026-03-02"),
        ("A pot.", "Tom", "2026-03-02"),
        ("A pan.", "Ana", "2026-01-01"),
    ]
    assert len(list(space.journal())) == 1
    assert space.remember([]) == []
    assert space.remember(each for each in ("One.", "Two.")) != []  # type: ignore[arg-type]
    assert len(list(space.journal())) == 2


def test_what_names_its_source_can_be_told_again(space: Space) -> None:
    chat = [Event(f"Line {n}.", "Ana", source=f"chat:{n}") for n in range(5)]
    assert len(space.remember(chat)) == 5
    before = state(space)
    assert space.remember(chat) == []
    assert space.remember([*chat, *chat]) == []
    assert state(space) == before
    assert [cube.text for cube in space.remember([*chat, Event("Line 5.", "Ana", source="chat:5")])] == ["Line 5."]
    assert len(space.remember(chat, namespace="elsewhere")) == 5
    changed = space.remember(Event("Line 0, corrected.", "Ana", source="chat:0"))
    assert len(changed) == 1


def test_what_was_forgotten_does_not_come_back_when_an_import_is_repeated(space: Space) -> None:
    (cube,) = space.remember("A kettle.", source="chat:1")
    (named,) = space.remember(Event("A pot.", id="mine"))
    space.forget(cube)
    space.forget(named)
    assert space.remember("A kettle.", source="chat:1") == []
    assert space.remember(Event("A pot.", id="mine")) == []
    assert list(space.cubes()) == []


def test_the_same_words_without_a_source_are_two_memories(space: Space) -> None:
    space.remember("Good morning!")
    space.remember(["Good morning!", "Good morning!"])
    assert [cube.text for cube in space.cubes()] == ["Good morning!"] * 3
    assert len({cube.id for cube in space.cubes()}) == 3


@pytest.mark.parametrize(
    ("what", "options", "says"),
    [
        ("", {}, "no text"),
        (" \n\t", {}, "no text"),
        ("x" * 10_000_000, {}, "the limit is"),
        ("half a \ud83d pair", {}, "surrogate"),
        (["fine", ""], {}, "event 2 of 2.*no text"),
        (None, {}, "NoneType"),
        (7, {}, "int"),
        (b"bytes", {}, "bytes"),
        ({"text": "fine"}, {}, "dict"),
        (["fine", 7], {}, "int"),
        ("fine", {"at": "next Tuesday"}, "ISO 8601"),
        ("fine", {"at": "2026-02-30"}, "ISO 8601"),
        ("fine", {"at": 7}, "at must be"),
        ("fine", {"namespace": ""}, "namespace"),
        ("fine", {"namespace": " "}, "namespace"),
        ("fine", {"namespace": None}, "namespace"),
        ("fine", {"namespace": "a\nb"}, "namespace"),
        ("fine", {"namespace": "a\ud800"}, "namespace"),
        ("fine", {"namespace": "n" * 501}, "namespace"),
        ("fine", {"trust": "usr"}, "did you mean 'user'"),
        ("fine", {"speaker": 7}, "speaker"),
        ("fine", {"session": "\x00"}, "session"),
        ("fine", {"meta": "text"}, "meta"),
        ("fine", {"meta": {"a": object()}}, "meta"),
        ("fine", {"author": "a\ud800"}, "author"),
        ("fine", {"reason": None}, "reason"),
    ],
)
def test_what_remember_refuses_leaves_the_space_as_it_was(told: Space, what: Any, options: Any, says: str) -> None:
    before = state(told)
    with pytest.raises((BadInput, Rejected), match=says):
        told.remember(what, **options)
    assert state(told) == before


def test_an_embedder_that_gives_nonsense_is_named_and_nothing_is_written() -> None:
    class Odd:
        name, dim, vectors = "odd", 4, np.zeros((1, 3), np.float32)

        def embed(self, texts: Any, kind: str = "document") -> Any:
            return self.vectors

    with Space(embedder=Odd()) as space:
        for vectors in (np.zeros((1, 3)), np.zeros((2, 4)), np.full((1, 4), np.nan)):
            Odd.vectors = vectors.astype(np.float32)
            with pytest.raises(BadInput, match="'odd' gave an array"):
                space.remember("A kettle.")
        assert list(space.journal()) == []


# ------------------------------------------------------------------------------------------------------ recall


def test_the_best_answer_comes_first_with_its_reasons(told: Space) -> None:
    hits = told.recall("Where did Ana move?", namespace="ana")
    assert (hits[0].text, hits[0].sources) == ("I moved to Lisbon.", ("chat:1",))
    assert hits[0].why["words"] > 0
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len(told.recall("Ana", namespace="ana", k=1)) == 1
    assert told.recall("bicycle", namespace="ana", k=10)[0].text != "My bicycle was stolen in Berlin."
    assert told.recall("bicycle", namespace="nobody") == []


def test_recall_of_what_was_known_and_what_was_true(space: Space) -> None:
    (cube,) = space.remember("Ana lives in Berlin.", at="2024-01-01")
    space.revise(cube.id, "Ana lives in Lisbon.", at="2026-03-02")

    def says(**options: Any) -> list[str]:
        return [hit.text for hit in space.recall("Where does Ana live?", **options)]

    assert says() == ["Ana lives in Lisbon."]
    assert says(as_of=1) == ["Ana lives in Berlin."]
    assert says(as_of="2026-06-01T01:30:00") == ["Ana lives in Berlin."]
    assert says(as_of=datetime(2026, 6, 1, 2, tzinfo=UTC)) == ["Ana lives in Lisbon."]
    assert says(as_of=date(2026, 6, 1)) == says(as_of=0) == []
    assert says(valid_at="2026-03-01") == []
    assert says(valid_at="2026-03-03") == ["Ana lives in Lisbon."]
    assert says(as_of=1, valid_at="2025-01-01") == ["Ana lives in Berlin."]


def test_now_is_what_relative_dates_are_read_from(worded: Space) -> None:
    space = worded
    space.remember("We had pizza.", at="2026-05-01")
    space.remember("We had soup.", at="2026-05-09")
    assert space.recall("What did we have yesterday?", now="2026-05-02")[0].text == "We had pizza."
    assert space.recall("What did we have yesterday?", now="2026-05-10")[0].text == "We had soup."


@pytest.mark.parametrize(
    ("query", "options", "says"),
    [
        ("", {}, "question is empty"),
        (" \t", {}, "question is empty"),
        (None, {}, "question is empty"),
        ("x" * 10_000_000, {}, "10,000,000 characters"),
        ("fine", {"k": 0}, "k=0"),
        ("fine", {"k": -1}, "k=-1"),
        ("fine", {"k": True}, "k=True"),
        ("fine", {"k": 1.5}, "k=1.5"),
        ("fine", {"k": "3"}, "k='3'"),
        ("fine", {"as_of": "soon"}, "as_of='soon'.*ISO 8601"),
        ("fine", {"as_of": -1}, "as_of=-1"),
        ("fine", {"as_of": True}, "as_of=True"),
        ("fine", {"as_of": 1.5}, "as_of"),
        ("fine", {"valid_at": "32 May"}, "valid_at"),
        ("fine", {"now": "today"}, "now"),
        ("fine", {"namespace": ""}, "namespace"),
    ],
)
def test_what_recall_refuses(told: Space, query: Any, options: Any, says: str) -> None:
    before = state(told)
    for verb in (told.recall, told.context):
        with pytest.raises(BadInput, match=says):
            verb(query, **options)
    assert state(told) == before


@pytest.mark.parametrize("query", ["?!", "🌊", "the of and", "\ud800 Lisbon", "a" * 5000, "\x00", "moved " * 3000, "'"])
def test_odd_questions_are_answered(told: Space, query: str) -> None:
    assert isinstance(told.recall(query, namespace="ana"), list)


def test_a_long_question_finds_by_its_last_word(worded: Space) -> None:
    space = worded
    space.remember(["A kettle.", "A xylophone.", "A pot."])
    words = " ".join(f"unheard{n}" for n in range(300))
    assert space.recall(f"{words} xylophone")[0].text == "A xylophone."


def test_a_context_keeps_to_its_budget_and_every_line_can_be_traced(told: Space) -> None:
    context = told.context("Where does Ana live, and what is her cat called?", namespace="ana", budget=100)
    assert "Lisbon" in context.text
    assert "Miso" in str(context)
    assert context.tokens <= 100
    assert {source for line in context for source in line.sources} == {"chat:1", "chat:2"}
    assert all(told.get(id).text in line.text for line in context for id in line.cubes)
    small = told.context("Lisbon", namespace="ana", budget=12)
    assert small.tokens <= 12
    assert told.context("Lisbon", namespace="ana", budget=30, count=len).tokens <= 30
    assert told.context("Lisbon", namespace="nobody").lines == ()
    for budget in (0, -5, True, 1.5):
        with pytest.raises(BadInput, match="budget="):
            told.context("Lisbon", namespace="ana", budget=budget)  # type: ignore[arg-type]


def test_a_hit_is_explained_in_plain_lines(told: Space) -> None:
    hit = told.recall("Where did Ana move?", namespace="ana")[0]
    said = told.explain(hit)
    assert said.startswith("Ana said on 2026-03-02: I moved to Lisbon.")
    for part in ("words", f"{hit.score:.4f}", "chat:1", "text.parse.turns", "version 1", hit.cube.id):
        assert part in said
    assert "It was told: Bare." in told.explain(Hit(MemCube("x", "Bare."), 1.0))


# ----------------------------------------------------------------------------------------- reading what is there


def test_cubes_come_oldest_first_with_their_vectors(told: Space) -> None:
    cubes = list(told.cubes(namespace="ana"))
    assert [cube.text for cube in cubes] == ["I moved to Lisbon.", "I adopted a cat called Miso."]
    for cube in cubes:
        assert cube.vector is not None
        assert cube.vector.shape == (16,)
        assert cube.vector.dtype == np.float32
        np.testing.assert_array_equal(told.get(cube.id).vector, cube.vector)
    assert list(told.cubes()) == []
    assert told.namespaces() == {"ana": 2, "tom": 1}
    with pytest.raises(BadInput):
        list(told.cubes(namespace=""))


def test_without_an_embedder_cubes_have_no_vector() -> None:
    with Space(embedder="none") as space:
        space.remember("A kettle.")
        assert [cube.vector for cube in space.cubes()] == [None]
        assert space.recall("kettle")[0].text == "A kettle."


def test_many_cubes_are_read_quickly(space: Space) -> None:
    space.remember([f"A kettle, number {n}." for n in range(2000)])
    begun = time.perf_counter()
    assert len(list(space.cubes())) == 2000
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize("unknown", ["nobody", "", "0" * 20, "a\ud800b", "x' OR 1=1 --", None, 7])
def test_an_unknown_id_is_not_found(told: Space, unknown: Any) -> None:
    before = state(told)
    calls: list[Callable[[], Any]] = [
        lambda: told.get(unknown),
        lambda: told.history(unknown),
        lambda: told.revise(unknown, "New."),
        lambda: told.event(unknown, namespace="ana"),
    ]
    for call in calls:
        with pytest.raises(NotFound):
            call()
    assert state(told) == before


def test_an_id_is_sought_in_the_namespace_that_is_named(told: Space) -> None:
    cube = one(told)
    assert told.get(cube.id, namespace="ana") == cube
    for call in (told.get, told.history):
        with pytest.raises(NotFound, match="in namespace 'tom'"):
            call(cube.id, namespace="tom")
    with pytest.raises(NotFound):
        told.revise(cube.id, "New.", namespace="tom")
    with pytest.raises(NotFound):
        told.forget(cube.id, namespace="tom")
    assert one(told) == cube


def test_an_id_in_two_namespaces_has_to_be_told_apart(space: Space) -> None:
    for name in ("a", "b"):
        space.remember(Event(f"Text of {name}.", id="same"), namespace=name)
    with pytest.raises(BadInput, match="'a' and 'b'; name the namespace"):
        space.get("same")
    assert space.get("same", namespace="b").text == "Text of b."
    space.revise("same", "New text of b.", namespace="b")
    space.forget("same", namespace="a")
    assert [space.history("same", namespace=name)[-1].text for name in "ab"] == ["Text of a.", "New text of b."]
    assert space.namespaces() == {"b": 1}


# ------------------------------------------------------------------------------------------------ revise, forget


def test_revising_puts_a_new_text_in_place(told: Space) -> None:
    cube = one(told)
    new = told.revise(cube.id, "I moved to Porto.", expected_version=1, at="2026-05-01", author="me")
    assert (new.id, new.version, new.text, new.at) == (
        cube.id,
        2,
        "I moved to Porto.",
        datetime(2026, 5, 1, tzinfo=UTC),
    )
    assert told.get(cube.id) == new
    assert (new.speaker, new.sources, new.session) == (cube.speaker, cube.sources, cube.session)
    assert told.recall("Porto", namespace="ana")[0].cube.id == cube.id
    assert all("Lisbon" not in hit.text for hit in told.recall("Lisbon", namespace="ana"))
    old, now = told.history(cube.id)
    assert (old.text, now.text, old.known_to) == ("I moved to Lisbon.", "I moved to Porto.", now.known_from)
    assert now.known_to is None
    was, stands = told.get(cube.id, as_of=1).vector, told.get(cube.id).vector
    assert was is not None
    assert stands is not None
    assert not np.array_equal(was, stands)
    np.testing.assert_array_equal(was, cube.vector)
    assert told.event(new.events[-1], namespace="ana").text == "I moved to Porto."


def test_revising_against_a_version_that_no_longer_stands_is_a_conflict(told: Space) -> None:
    cube = one(told)
    told.revise(cube.id, "I moved to Porto.", expected_version=1)
    before = state(told)
    with pytest.raises(Conflict, match="stands at version 2, not 1") as lost:
        told.revise(cube.id, "I moved to Faro.", expected_version=1)
    assert (lost.value.expected, lost.value.found) == (1, 2)
    for text, says in (("", "use forget"), (" ", "use forget"), (None, "use forget"), (7, "use forget")):
        with pytest.raises(BadInput, match=says):
            told.revise(cube.id, text)  # type: ignore[arg-type]
    for text in ("x" * 10_000_000, "\ud800"):
        with pytest.raises(Rejected):
            told.revise(cube.id, text)
    with pytest.raises(BadInput, match="ISO 8601"):
        told.revise(cube.id, "I moved to Faro.", at="soon")
    assert state(told) == before


def test_a_memory_is_forgotten_by_its_id_a_hit_or_a_cube(space: Space) -> None:
    cubes = space.remember(["A kettle.", "A pot.", "A pan.", "A cup."])
    assert space.forget(cubes[0].id) == [cubes[0]]
    assert space.forget(space.recall("pot")[0]) == [cubes[1]]
    assert space.forget(cubes[2]) == [cubes[2]]
    assert [cube.text for cube in space.cubes()] == ["A cup."]
    assert space.recall("kettle pot pan", as_of=1)
    with pytest.raises(NotFound, match="does not stand any more"):
        space.forget(cubes[0].id)
    with pytest.raises(NotFound, match="does not stand any more"):
        space.get(cubes[0].id)
    assert space.get(cubes[0].id, as_of=1) == cubes[0]
    with pytest.raises(NotFound, match="does not stand any more"):
        space.revise(cubes[0].id, "A kettle again.")
    assert [each.text for each in space.history(cubes[0].id)] == ["A kettle."]


def test_a_memory_is_forgotten_by_a_question(told: Space) -> None:
    assert [cube.text for cube in _list(told.forget("the cat Miso", namespace="ana"))] == [
        "I adopted a cat called Miso."
    ]
    assert [cube.text for cube in _list(told.forget(Query("Lisbon"), namespace="ana"))] == ["I moved to Lisbon."]
    assert told.namespaces() == {"tom": 1}
    before = state(told)
    with pytest.raises(NotFound, match="so nothing was forgotten"):
        told.forget("Lisbon", namespace="ana")
    with pytest.raises(NotFound, match="so nothing was forgotten"):
        told.forget("the bicycle")  # of the default namespace, where there is none
    for bad in ("", " "):
        with pytest.raises(BadInput, match="empty"):
            told.forget(bad)
    with pytest.raises(BadInput, match="k=0"):
        told.forget("bicycle", namespace="tom", k=0)
    with pytest.raises(BadInput, match="not int"):
        told.forget(7)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="namespace"):
        told.forget("bicycle", namespace="")
    with pytest.raises(NotFound):
        told.forget("f" * 20)
    assert state(told) == before


def _list(cubes: list[MemCube] | Receipt) -> list[MemCube]:
    assert isinstance(cubes, list)
    return cubes


def test_several_memories_are_forgotten_by_one_question(space: Space) -> None:
    space.remember([f"A kettle, number {n}." for n in range(5)] + ["A pot."])
    assert len(_list(space.forget("kettle", k=3))) == 3
    assert len(list(space.cubes())) == 3
    assert len(list(space.journal())) == 2


def test_erasing_gives_a_receipt_and_leaves_nothing(told: Space) -> None:
    cube = one(told)
    told.revise(cube.id, "I moved to Porto.")
    receipt = told.forget(cube.id, erase=True)
    assert isinstance(receipt, Receipt)
    assert (receipt.erased, receipt.versions) == ((cube.id,), 2)
    assert receipt.bytes == len("I moved to Lisbon.") + len("I moved to Porto.")
    commit = list(told.journal())[-1]
    assert (receipt.commit, receipt.digest) == (commit.seq, commit.hash)
    for call in (told.get, told.history):
        with pytest.raises(NotFound):
            call(cube.id)
    with pytest.raises(NotFound):
        told.event(cube.events[0], namespace="ana")
    for as_of in (None, 1, 4):
        texts = [hit.text for hit in told.recall("moved to Lisbon or Porto", namespace="ana", as_of=as_of)]
        assert all("moved" not in text for text in texts)
    assert told.verify().ok


def test_what_was_forgotten_can_still_be_erased(told: Space) -> None:
    cube = one(told)
    told.forget(cube)
    receipt = told.forget(cube.id, erase=True)
    assert isinstance(receipt, Receipt)
    assert receipt.erased == (cube.id,)
    with pytest.raises(NotFound):
        told.history(cube.id)


# ------------------------------------------------------------------------------------------------------- tending


def test_tending_retires_what_was_said_twice(space: Space) -> None:
    space.remember(
        ["The kettle is in the kitchen.", "The kettle is in the kitchen.", "The pot is broken."], speaker="Ana"
    )
    (commit,) = space.tend()
    assert {change["op"] for change in commit.changes} >= {"retire"}
    assert sorted(cube.text for cube in space.cubes()) == ["The kettle is in the kitchen.", "The pot is broken."]
    assert space.tend() == []
    assert space.tend(namespace="nobody") == []
    assert space.tend(now="2027-01-01") == []
    with pytest.raises(BadInput, match="now"):
        space.tend(now="later")
    with pytest.raises(BadInput, match="namespace"):
        space.tend(namespace="")


# ----------------------------------------------------------------------------------------------------- the space


def test_a_space_is_opened_with_words(tmp_path: Path) -> None:
    with mnesis.open(str(tmp_path / "a.mnesis"), recipe="verbatim", embedder="none") as space:
        space.remember("A kettle.")
        assert space.verify() == mnesis.memory.Report(True, ())
    with pytest.raises(SpaceError, match="closed"):
        space.recall("kettle")
    with pytest.raises(SpaceError, match="closed"):
        space.remember("A pot.")
    with mnesis.open(tmp_path / "a.mnesis") as again:  # type: ignore[arg-type]
        assert again.recall("kettle")[0].text == "A kettle."


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"recipe": "defualt"}, UnknownName, "no recipe named 'defualt'; did you mean 'default'"),
        ({"recipe": "xyzzy"}, UnknownName, "there are: .*default"),
        ({"recipe": 7}, BadInput, "is no recipe"),
        ({"recipe": "builtins:dict"}, BadInput, "is no recipe"),
        ({"recipe": "nowhere.to:be"}, BadInput, "cannot be imported"),
        ({"embedder": "statik"}, UnknownName, "did you mean 'static'"),
        ({"embedder": 7}, BadInput, "is no embedder"),
        ({"embedder": "builtins:dict"}, BadInput, "is no embedder"),
        ({"embedder": "none", "language": "englisch"}, UnknownName, "did you mean 'english'"),
        ({"path": "postgresql://localhost/x"}, BadInput, "names a server"),
        ({"path": ""}, SpaceError, "is a folder"),
    ],
)
def test_what_cannot_be_opened_says_so(options: Any, error: type[MnesisError], says: str) -> None:
    with pytest.raises(error, match=says):
        Space(**{"embedder": "none", **options})


def test_a_space_refuses_another_embedder_than_its_own(tmp_path: Path) -> None:
    path = tmp_path / "space.mnesis"
    with Space(path, embedder=scripted(dim=16)) as space:
        space.remember("A kettle.")
    before = path.read_bytes()
    for other in ("none", scripted(dim=8)):
        with pytest.raises(SpaceError, match=r"made with 'scripted/16', not with '(none|scripted/8)'"):
            Space(path, embedder=other)
    assert path.read_bytes() == before
    with Space(tmp_path / "none.mnesis", embedder="none") as space:
        space.remember("A kettle.")
    with pytest.raises(SpaceError, match="open it with embedder='none'"):
        Space(tmp_path / "none.mnesis", embedder=scripted())
    with Space(tmp_path / "none.mnesis") as space:  # the one it was made with, without being told
        assert [cube.vector for cube in space.cubes()] == [None]


def test_embeddings_are_made_once_for_the_same_text() -> None:
    asked: list[str] = []
    mind = scripted(dim=16)
    embed = mind.embed

    def counting(texts: Any, kind: str = "document") -> Any:
        if kind == "document":
            asked.extend(texts)
        return embed(texts, kind)

    mind.embed = counting  # type: ignore[method-assign]
    with Space(embedder=mind) as space:
        space.remember(["A kettle.", "A kettle.", "A pot."])
        space.remember("A kettle.")
        assert sorted(asked) == ["A kettle.", "A pot."]
        vectors = [cube.vector for cube in space.cubes()]
        np.testing.assert_array_equal(vectors[0], vectors[3])


def test_closing_twice_is_fine_and_errors_inside_with_still_close(tmp_path: Path) -> None:
    path = tmp_path / "space.mnesis"
    with pytest.raises(NotFound), Space(path, embedder="none") as space:
        space.get("nobody")
    space.close()
    with pytest.raises(SpaceError, match="closed"):
        space.namespaces()
