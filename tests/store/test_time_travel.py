"""Any life of a store, seen as of each of its commits: held against a naive model that replays the list of changes,
against a store that lived no longer than that, and against recalls that were written down as they happened."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mnesis.errors import BadInput, Entangled
from mnesis.memory import Space
from mnesis.models.scripted import scripted
from mnesis.store import Store, View, shelf, sqlite, vectorindex
from mnesis.store.ram import RamStore
from mnesis.store.rewind import rollback, undo
from mnesis.words import (
    Add,
    Change,
    Connect,
    Disconnect,
    Erase,
    Event,
    Link,
    MemCube,
    Move,
    Restore,
    Retire,
    Revise,
    Touch,
    replace,
)

DAY = datetime(2026, 3, 1, tzinfo=UTC)
WORDS = ("kettle", "pot", "blue", "lisbon", "berlin", "boat", "moved", "cat")
IDS = tuple(f"c{n}" for n in range(6))
SPEAKERS, ROLES, SESSIONS = ("", "Ana", "Tom", "Eve"), ("", "user", "assistant"), ("", "s", "t")


@pytest.fixture(autouse=True)
def early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever happens only when much has come happens soon."""
    monkeypatch.setattr(sqlite, "PULL", 3)
    monkeypatch.setattr(vectorindex, "PART", 5)
    monkeypatch.setattr(shelf, "LATELY", 4)


# ----------------------------------------------------------------------------------------------- the naive model


@dataclass
class Life:
    """One cube from its first version until it is erased."""

    versions: list[MemCube] = field(default_factory=list)
    vectors: list[list[float] | None] = field(default_factory=list)
    row: int = 0
    stands: bool = False


@dataclass
class State:
    """A namespace as one would keep it without thinking of time."""

    lives: dict[str, Life] = field(default_factory=dict)
    seats: dict[str, list[str]] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    roles: set[str] = field(default_factory=set)
    rows: int = 0

    def cube(self, id: str) -> MemCube:
        return self.lives[id].versions[-1]

    def standing(self) -> list[str]:
        return sorted((id for id, life in self.lives.items() if life.stands), key=lambda id: self.lives[id].row)

    def apply(self, change: Change) -> None:
        if isinstance(change, Add | Revise):
            vector = None if change.vectors is None else change.vectors[0].tolist()
            self._bring(change.cube, vector, vector is None)
        elif isinstance(change, Move):
            cube = self.cube(change.id)
            self._bring(replace(cube, type=change.type or cube.type, version=cube.version + 1), None, True)
        elif isinstance(change, Restore):
            life = self.lives[change.id]
            at = next(n for n, each in enumerate(life.versions) if each.version == change.version)
            again = replace(life.versions[at], version=life.versions[-1].version + 1, known_from=None)
            self._bring(again, life.vectors[at], False)
        elif isinstance(change, Retire):
            self.lives[change.id].stands = False
        elif isinstance(change, Touch):
            given = {"strength": change.strength, "importance": change.importance}
            self.lives[change.id].versions[-1] = replace(
                self.cube(change.id), **{name: value for name, value in given.items() if value is not None}
            )
        elif isinstance(change, Connect):
            self.links.append(change.link)
        elif isinstance(change, Disconnect):
            edge = (change.link.head, change.link.tail, change.link.kind)
            self.links = [each for each in self.links if (each.head, each.tail, each.kind) != edge]

    def _bring(self, cube: MemCube, vector: list[float] | None, keep: bool) -> None:
        life = self.lives.setdefault(cube.id, Life())
        fresh = not life.versions
        life.vectors.append(life.vectors[-1] if keep and not fresh else vector)
        life.versions.append(cube)
        self.rows += 1
        life.row, life.stands = self.rows, True
        if fresh and cube.session:
            self.seats.setdefault(cube.session, []).append(cube.id)
        if cube.speaker and cube.speaker not in self.heard:
            self.heard.append(cube.speaker)
        self.roles.add(cube.role)


def lasting(commits: Sequence[Sequence[Change]]) -> list[list[Change]]:
    """The same commits without anything that was erased in one of them: as if it had never been told."""
    last: dict[str, tuple[int, int]] = {}
    for n, changes in enumerate(commits):
        for m, change in enumerate(changes):
            if isinstance(change, Erase):
                last[change.id] = (n, m)

    def lasts(change: Change, at: tuple[int, int]) -> bool:
        if isinstance(change, Connect | Disconnect):
            return all(at > last.get(id, (-1, 0)) for id in (change.link.head, change.link.tail))
        id = change.cube.id if isinstance(change, Add | Revise) else getattr(change, "id", "")
        return at > last.get(id, (-1, 0)) and not isinstance(change, Erase)

    return [[each for m, each in enumerate(changes) if lasts(each, (n, m))] for n, changes in enumerate(commits)]


def replayed(commits: Iterable[Iterable[Change]]) -> State:
    state = State()
    for changes in commits:
        for change in changes:
            state.apply(change)
    return state


# ------------------------------------------------------------------------------------------------- lives to live

ACTS = ("add", "add", "add", "revise", "retire", "restore", "touch", "move", "connect", "disconnect", "erase")
ACT = st.tuples(st.sampled_from(ACTS), st.integers(0, 5), st.integers(0, 7), st.integers(0, 7), st.booleans())
COMMITS = st.lists(st.lists(ACT, min_size=1, max_size=4), min_size=1, max_size=9)


def unit(*numbers: float) -> Any:
    vector = np.array(numbers, np.float16).astype(np.float32)
    return vector / np.linalg.norm(vector)


def changed(acts: Sequence[tuple[Any, ...]], state: State) -> list[Change]:
    """The acts that make sense, as changes; `state` follows them."""
    out: list[Change] = []
    gone: set[str] = set()  # what one commit erases it brings again at most, as a cube made anew is
    for act, n, a, b, flag in acts:
        id = IDS[n]
        if gone and (act not in ("add", "erase") or (act == "erase" and id in gone)):
            continue
        life = state.lives.get(id)
        change: Change | None = None
        text = " ".join(WORDS[each % 8] for each in (a, b, a + b, a * b)[: 2 + a % 3])
        vectors = unit(1, a, b, n)[None] if flag else None
        if act == "add" and life is None:
            session, speaker, role = SESSIONS[a % 3], SPEAKERS[b % 4], ROLES[(a + b) % 3]
            begin = DAY + timedelta(days=a) if a % 2 else None
            until = DAY + timedelta(days=a + b) if b % 3 == 0 and begin else None
            meta = {"dates": [[float(b), float(a + b)]]} if b % 4 == 1 else {}
            cube = MemCube(
                id, text, "a", events=(id,), session=session, speaker=speaker, role=role, meta=meta,
                valid_from=begin, valid_to=until, importance=0.5 if flag else 0.0,
            )  # fmt: skip
            change = Add(cube, Event(text, speaker, begin, id=id), vectors, (100 * n + a,) if flag else ())
        elif act == "connect":
            ends = (id, IDS[a % 6]) if flag else ("entity:tea", id)
            change = Connect(Link(*ends, "next", b / 4, "a", DAY + timedelta(days=a) if a % 2 else None))
        elif act == "disconnect" and state.links:
            change = Disconnect(state.links[a % len(state.links)])
        elif life is not None and act == "erase":
            change = Erase(id)
        elif life is not None and act == "restore":
            change = Restore(id, life.versions[a % len(life.versions)].version)
        elif life is not None and life.stands:
            cube = life.versions[-1]
            if act == "revise":
                new = replace(cube, text=text, version=cube.version + 1, importance=a / 8, role=ROLES[b % 3])
                change = Revise(new, None, vectors)
            elif act == "retire":
                change = Retire(id)
            elif act == "touch":
                change = Touch(id, strength=a / 8 if flag else None, importance=b / 8)
            elif act == "move":
                change = Move(id, type="semantic" if flag else "core")
        if change is not None:
            out.append(change)
            if isinstance(change, Erase):
                gone.add(id)
                del state.lives[id]
                state.links = [each for each in state.links if id not in (each.head, each.tail)]
            else:
                state.apply(change)
    return out


@contextmanager
def opened(make: Callable[[Path], Store]) -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        store = make(Path(folder))
        store.record(embedder="test", dim="4")
        yield store
        store.close()


def lived(store: Store, life: Sequence[Sequence[tuple[Any, ...]]]) -> list[list[Change]]:
    """Live a life; the changes of every commit."""
    state, commits = State(), []
    for n, acts in enumerate(life):
        if changes := changed(acts, state):
            commit(store, changes, len(commits))
            commits.append(changes)
        if n % 2:
            store.view("a")  # what is read in between must not matter
    return commits


def commit(store: Store, changes: Sequence[Change], n: int) -> None:
    store.commit(changes, author="me", reason="because", at=DAY + timedelta(hours=n), namespace="a")


ANY_LIFE = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


# ---------------------------------------------------------------------------------------------------- the checks


@ANY_LIFE
@given(life=COMMITS, days=st.integers(0, 9))
def test_as_of_each_commit_is_what_a_naive_replay_gives(
    life: list[list[tuple[Any, ...]]], days: int, make_store: Callable[[Path], Store]
) -> None:
    with opened(make_store) as store:
        commits = lasting(lived(store, life))
        moment = DAY + timedelta(days=days)
        for seq in range(len(commits) + 1):
            state = replayed(commits[:seq])
            for as_of in (seq, DAY + timedelta(hours=seq - 1, minutes=30)):
                agree(store.view("a", as_of), state)
            agree(store.view("a", seq, moment), state, moment)
        assert store.verify() == []


def agree(view: View, state: State, moment: datetime | None = None) -> None:
    def true(what: MemCube | Link) -> bool:
        begun = moment is None or what.valid_from is None or what.valid_from <= moment
        return begun and (moment is None or what.valid_to is None or moment < what.valid_to)

    standing = [id for id in state.standing() if true(state.cube(id))]
    assert view.cubes(view.alive()) == [state.cube(id) for id in standing]
    assert len(view) == len(standing)
    for id in IDS:
        life = state.lives.get(id)
        assert view.get(id) == (state.cube(id) if id in standing else None)
        said = (
            [] if life is None else [(each.version, each.text, each.strength) for each in life.versions if true(each)]
        )
        assert [(each.version, each.text, each.strength) for each in view.history(id)] == said
        if said and moment is None:
            assert (view.history(id)[-1].known_to is None) == (id in standing)
        assert view.links(id) == [each for each in state.links if id in (each.head, each.tail) and true(each)]
        assert (view.event(id) is not None) == (life is not None)
    rows = view.rows(standing)
    assert view.column("importance", rows).tolist() == [np.float32(state.cube(id).importance) for id in standing]
    for got, wanted in zip(view.vectors(rows), (state.lives[id].vectors[-1] for id in standing), strict=True):
        assert (got is None) == (wanted is None)
        assert got is None or np.allclose(got, wanted, atol=2e-3)
    assert view.speakers() == tuple(state.heard)
    for role in ROLES:
        assert view.known("role", role) == (role in state.roles)
    for speaker in SPEAKERS[1:]:
        assert view.known("speaker", speaker) == (speaker in state.heard)
    for seats in state.seats.values():
        here = [id for id in seats if id in standing]
        places = view.rows(here)
        assert view.beside(places, 1).tolist() == [*places[1:].tolist(), -1][: len(here)]
        assert view.beside(places, -1).tolist() == [-1, *places[:-1].tolist()][: len(here)]
    owner, first, last = view.dates(rows)
    dates = [(n, *each) for n, id in enumerate(standing) for each in state.cube(id).meta.get("dates", ())]
    assert list(zip(owner.tolist(), first.tolist(), last.tolist(), strict=True)) == dates


@ANY_LIFE
@given(life=COMMITS)
def test_as_of_each_commit_is_what_a_store_shows_that_lived_no_longer(
    life: list[list[tuple[Any, ...]]], make_store: Callable[[Path], Store]
) -> None:
    with opened(make_store) as store:
        commits = lasting(lived(store, life))
        young = RamStore()
        young.record(embedder="test", dim="4")
        for seq, changes in enumerate([[], *commits]):
            if seq:
                commit(young, changes, seq - 1)
            same(store.view("a", seq), young.view("a"))


def same(view: View, young: View) -> None:
    """To the last bit, whatever is asked."""
    rows, wanted = view.alive(), young.alive()
    assert view.cubes(rows) == young.cubes(wanted)
    for name in ("at", "length", "session", "speaker", "role", "novel", "asks", "timed", "detailed", "until"):
        np.testing.assert_array_equal(view.column(name, rows), young.column(name, wanted), name)
    for terms in (["kettl"], ["blue", "boat", "lisbon"], list(WORDS)):
        one, other = view.words(terms), young.words(terms)
        assert (one.attainable, one.idf.tolist()) == (other.attainable, other.idf.tolist())
        assert [each.tolist() for each in one.top(3)] == [each.tolist() for each in other.top(3)]
        assert one.at(rows).tolist() == other.at(wanted).tolist()
        np.testing.assert_array_equal(one.saturation(rows), other.saturation(wanted))
    for vector in (unit(1, 0, 0, 0), unit(1, 3, 2, 1)):
        near, close = view.near(vector), young.near(vector)
        assert [each.tolist() for each in near.top(2)] == [each.tolist() for each in close.top(2)]
        np.testing.assert_array_equal(near.at(rows), close.at(wanted))
    start = DAY.timestamp()
    assert view.during(start, start + 5 * 86400, 3).tolist() == young.during(start, start + 5 * 86400, 3).tolist()
    assert [each.tolist() for each in view.terms(rows)] == [each.tolist() for each in young.terms(wanted)]


def said(view: View) -> dict[str, MemCube]:
    """What stands, whatever its version."""
    return {cube.id: replace(cube, version=1, known_from=None) for cube in view.cubes(view.alive())}


def drawn(view: View) -> Counter[Link]:
    """The links of a view: each once for every end it was found at."""
    return Counter(link for id in (*IDS, "entity:tea") for link in view.links(id))


@ANY_LIFE
@given(life=COMMITS, part=st.floats(0, 1))
def test_a_rollback_to_any_commit_gives_what_a_naive_replay_gives(
    life: list[list[tuple[Any, ...]]], part: float, make_store: Callable[[Path], Store]
) -> None:
    with opened(make_store) as store:
        commits = lasting(lived(store, life))
        to = round(part * len(commits))
        rollback(store, to, namespace=None, author="me", at=DAY + timedelta(days=1))
        view, state = store.view("a"), replayed(commits[:to])
        wanted = {id: replace(state.cube(id), version=1, known_from=None) for id in state.standing()}
        assert said(view) == wanted
        assert drawn(view) == drawn(store.view("a", to))
        for id in wanted:
            vector, then = view.vector(id), state.lives[id].vectors[-1]
            assert (vector is None) == (then is None)
            assert vector is None or np.allclose(vector, then, atol=2e-3)
        for seq in range(len(commits) + 1):
            agree(store.view("a", seq), replayed(commits[:seq]))
        assert rollback(store, to, namespace=None, author="me", at=DAY + timedelta(days=1)).commits == ()
        assert store.verify() == []


@ANY_LIFE
@given(life=COMMITS, part=st.floats(0, 1))
def test_an_undo_takes_back_one_commit_or_nothing(
    life: list[list[tuple[Any, ...]]], part: float, make_store: Callable[[Path], Store]
) -> None:
    with opened(make_store) as store:
        commits = lived(store, life)
        if not commits:
            return
        seq = max(1, round(part * len(commits)))
        before, after, now = (store.view("a", each) for each in (seq - 1, seq, len(commits)))
        refused: Entangled | BadInput | None = None
        try:
            undo(store, seq, author="me", at=DAY + timedelta(days=1))
        except (Entangled, BadInput) as err:
            refused = err
        if refused is not None:
            assert set(getattr(refused, "commits", ())) <= set(range(seq + 1, len(commits) + 1))
            assert isinstance(refused, BadInput) == any(isinstance(change, Erase) for change in commits[seq - 1])
            assert store.head().seq == len(commits)
            return
        left = store.view("a")
        for id in IDS:
            was, became, stood, stands = (said(view).get(id) for view in (before, after, now, left))
            if worded(was) != worded(became):
                assert worded(stands) == worded(was)
            elif was == became:
                assert stands == stood
        edges = {edge(change.link) for change in commits[seq - 1] if isinstance(change, Connect | Disconnect)}
        for each in edges:
            assert among(now, each) in (among(before, each), among(after, each))  # nothing later rests on it
        for view, drawn_by_it in ((before, True), (now, False)):
            stood, stands = (
                {each: count for each, count in drawn(one).items() if (edge(each) in edges) == drawn_by_it}
                for one in (view, left)
            )
            assert stands == stood
        assert store.verify() == []


def among(view: View, wanted: tuple[str, str, str]) -> dict[Link, int]:
    return {link: count for link, count in drawn(view).items() if edge(link) == wanted}


def edge(link: Link) -> tuple[str, str, str]:
    return link.head, link.tail, link.kind


def worded(cube: MemCube | None) -> MemCube | None:
    return None if cube is None else replace(cube, strength=1.0, importance=0.0)


# --------------------------------------------------------------------------------------- recalls, written down

QUESTIONS = (
    "Who moved to Lisbon?",
    "What did Ana say about the blue kettle?",
    "Where was the boat last week?",
    "cat",
    "Does Tom have a pot in Berlin on 3 March?",
)
TELL = st.tuples(st.integers(0, 3), st.integers(0, 7), st.integers(0, 7), st.integers(0, 2), st.booleans())
DOING = st.one_of(
    st.tuples(st.just("tell"), st.lists(TELL, min_size=1, max_size=5)),
    st.tuples(st.sampled_from(("revise", "forget", "touch", "move", "rollback", "undo", "tend")), st.integers(0, 99)),
)


def event(n: int, speaker: int, a: int, b: int, session: int, dated: bool) -> Event:
    text = f"{SPEAKERS[speaker] or 'Somebody'} {WORDS[a]} the {WORDS[b]} {WORDS[a * b % 8]}."
    when = DAY + timedelta(days=a + b) if dated else None
    said = f" It was on {DAY + timedelta(days=a):%d %B %Y}." if dated and b % 2 else ""
    role = ROLES[(a + session) % 3]
    return Event(text + said, SPEAKERS[speaker], when, session=SESSIONS[session], role=role, id=f"e{n}")


def witness(space: Space, as_of: int | None = None) -> list[Any]:
    """Everything that can be asked of a space, as of now or of a commit."""
    now = DAY + timedelta(days=10)
    out: list[Any] = []
    for valid_at in (None, DAY + timedelta(days=5)):
        given: dict[str, Any] = {"namespace": "a", "as_of": as_of, "valid_at": valid_at}
        out += [space.recall(question, k=6, now=now, **given) for question in QUESTIONS]
        out.append(space.context(QUESTIONS[0], budget=60, now=now, **given))
        cubes = list(space.cubes(**given))
        out.append(cubes)
        out += [None if cube.vector is None else cube.vector.tolist() for cube in cubes]
        out += [space.history(cube.id, **given) for cube in cubes]
        out += [space.get(cube.id, **given) for cube in cubes]
    return out


def do(space: Space, act: str, what: Any, told: list[Event]) -> None:
    """One verb through the front door."""
    if act == "tell":
        events = [event(len(told) + n, *each) for n, each in enumerate(what)]
        told.extend(events)
        space.remember(events, namespace="a")
        return
    cubes = list(space.cubes(namespace="a"))
    if not list(space.journal()):
        return
    if act == "tend":
        space.tend(DAY + timedelta(days=11), namespace="a")
    elif act == "undo":
        with suppress(Entangled):
            space.undo(1 + what % len(list(space.journal())))
    elif act == "rollback":
        space.rollback(what % (len(list(space.journal())) + 1))
    elif cubes:
        cube = cubes[what % len(cubes)]
        if act == "revise":
            space.revise(cube.id, f"{cube.text} And the {WORDS[what % 8]}.", namespace="a")
        elif act == "forget":
            space.forget(cube)
        elif act == "touch":
            touch = Touch(cube.id, strength=what / 100, importance=what / 99)
            space._store.commit([touch], author="me", reason="used", at=DAY, namespace="a")
        elif act == "move":
            space._store.commit([Move(cube.id, "core")], author="me", reason="moved", at=DAY, namespace="a")


@settings(ANY_LIFE, max_examples=15)
@given(acts=st.lists(DOING, min_size=2, max_size=12), dim=st.sampled_from((0, 8)), again=st.booleans())
def test_an_as_of_recall_returns_what_a_recall_returned_then(
    acts: list[tuple[str, Any]], dim: int, again: bool, place: str | Path
) -> None:
    embedder = scripted(dim=dim) if dim else "none"
    with tempfile.TemporaryDirectory() as folder:
        path = place if place == ":memory:" else Path(folder) / "space.mnesis"
        space = Space(path, embedder=embedder, clock=lambda: DAY)
        seen: dict[int, list[Any]] = {0: witness(space)}
        told: list[Event] = []
        for act, what in acts:
            do(space, act, what, told)
            seen[len(list(space.journal()))] = witness(space)
            for seq, then in seen.items():
                assert witness(space, seq) == then, (seq, act)
        if again and path != ":memory:":
            space.close()
            space = Space(path, embedder=embedder, clock=lambda: DAY)
            for seq, then in seen.items():
                assert witness(space, seq) == then, seq
        assert space.verify().ok
        space.close()


@pytest.mark.parametrize("dim", [0, 16])
def test_among_many_that_say_the_same_the_same_are_found(dim: int, place: str | Path) -> None:
    """More candidates than a finder brings, most of them equal: which stay may not depend on what came later."""
    question, now = "Who moved the blue kettle to Lisbon?", DAY + timedelta(days=9)
    space = Space(place, embedder=scripted(dim=dim) if dim else "none", clock=lambda: DAY)
    seen = []
    for part in range(4):
        told = [event(400 * part + n, n % 4, n % 3, 7 - n % 2, n % 3, n % 5 == 0) for n in range(400)]
        space.remember(told, namespace="a")
        cubes = list(space.cubes(namespace="a"))
        space.revise(cubes[part].id, "The blue kettle moved to Lisbon.", namespace="a")
        space.forget(cubes[7 + part])
        seen.append((3 * part + 3, space.recall(question, namespace="a", k=50, now=now)))
    for seq, then in seen:
        assert space.recall(question, namespace="a", k=50, now=now, as_of=seq) == then
    space.close()


def test_the_present_of_an_as_of_question_is_that_time(place: str | Path) -> None:
    clock = [datetime(2026, 3, 3, 12, tzinfo=UTC)]
    with Space(place, embedder="none", clock=lambda: clock[0]) as space:
        space.remember("We had pizza.", at="2026-03-02")
        space.remember("We had soup.", at="2026-03-08")
        asked = "What did we have yesterday?"
        then = space.recall(asked)
        assert then[0].text == "We had pizza."
        third, clock[0] = clock[0], datetime(2026, 3, 9, 12, tzinfo=UTC)
        assert space.recall(asked)[0].text == "We had soup."
        assert space.recall(asked, as_of=2) == space.recall(asked, as_of=third) == then
        assert space.context(asked, as_of=2) == space.context(asked, now=third)
        assert space.recall(asked, as_of="2030-01-01") == space.recall(asked)


def test_as_of_after_an_erasure_is_as_if_it_had_never_been_told(place: str | Path) -> None:
    told = [event(n, n % 4, n % 8, n % 5, n % 3, n % 2 == 0) for n in range(60)]
    now = DAY + timedelta(days=9)
    with (
        Space(place, embedder=scripted(dim=8), clock=lambda: DAY) as space,
        Space(embedder=scripted(dim=8), clock=lambda: DAY) as never,
    ):
        gone = {each.id for each in told if each.speaker == "Eve" or each.text.startswith("Tom moved")}
        for n in range(0, 60, 10):
            space.remember(told[n : n + 10], namespace="a")
            never.remember([each for each in told[n : n + 10] if each.id not in gone], namespace="a")
        for id in sorted(gone):
            space.forget(id, erase=True, namespace="a")
        for seq in range(1, 7):
            for question in QUESTIONS:
                given: dict[str, Any] = {"namespace": "a", "now": now, "as_of": seq}
                assert space.recall(question, **given) == never.recall(question, **given)
