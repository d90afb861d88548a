"""What every recipe owes: it survives any event, loses none, finds what was planted, and keeps namespaces apart.

One life of a thousand events is lived twice for each recipe: in one go, and in a file that is closed and opened again
in the middle, with a neighbour in the next namespace. Most checks look at these two lives, since living is what costs.
Shorter lives are lived without vectors, with a mind that answers anything that fits, and with one that talks nonsense.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnesis import Space, catalog
from mnesis.drive import Ask
from mnesis.schema import example
from mnesis.store.marks import rank
from mnesis.text.recipes import Recipe
from mnesis.words import TRUSTS, Event, MemCube, digest

SUBJECTS = catalog.names("text.recipes")
START = datetime(2026, 1, 1, tzinfo=UTC)
MANY = 1_000
SHORT = 240  # events of the lives that are lived with minds or without vectors
BATCH = 125
PLANTED = 137
CODE = "4711"
FACT = f"My locker at the swimming pool opens with the code {CODE}."
ASKED = "Which code opens the locker at the swimming pool?"
QUESTIONS = (ASKED, "What did Ana buy last Friday?", "¿Dónde está el gato?", "東京の天気", "?", "the of and", "🌍")
WORDS = """
    boat kettle garden ticket violin Lisbon Porto museum grey seven quickly painted sold bought lost yesterday never
    2019 3.5 -5 €30 naïve Straße Łódź мост вода 東京 天気 مرحبا बारिश ฝน 👩‍👩‍👧 🌍
    don't O'Neill C++ a/b <b> %s {} \\n "so" …
""".split()
ENDS = (".", "!", "?", "", " …", "。", ". It was last Friday.", "\nAnd then?", "\t\n")
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=200).filter(str.strip)
EVENTS = st.builds(
    Event,
    TEXTS,
    speaker=st.sampled_from(["", "Ana", "Tom", "user"]) | TEXTS,
    at=st.none() | st.datetimes(datetime(1500, 1, 1), datetime(2900, 1, 1)),
    source=st.just("") | TEXTS,
    session=st.sampled_from(["", "s1", "s2"]),
    role=st.sampled_from(["", "user", "assistant", "tool"]),
    trust=st.sampled_from(sorted(TRUSTS)),
    meta=st.dictionaries(TEXTS, st.none() | st.integers() | TEXTS, max_size=2),
)
PER_CALL = 7  # questions a call may ask in the lives with minds


def at_hour(n: int) -> datetime:
    return START + timedelta(hours=n)


NOW = at_hour(MANY)


def opened(address: str, path: str | Path = ":memory:", embedder: bool = True, **options: Any) -> Space:
    recipe: Recipe = catalog.make(address)
    mind = catalog.make("models.scripted", dim=32) if embedder else "none"
    return Space(path, recipe=recipe, embedder=mind, clock=lambda: NOW, **options)


def stream(many: int = MANY, seed: int = 7) -> list[Event]:
    """Events of every kind, some said more than once, one of them the planted fact."""
    chance = Random(seed)
    out: list[Event] = []
    for n in range(many):
        text = " ".join(chance.choices(WORDS, k=chance.choice((1, 2, 5, 9, 30)))) + chance.choice(ENDS)
        if n % 100 == 50:
            text = " ".join(chance.choices(WORDS, k=200))
        if n == PLANTED:
            text = FACT
        elif n % 20 == 19:
            text = out[chance.randrange(n - 1)].text
        event = Event(
            text,
            speaker=chance.choice(("Ana", "Tom", "user", "")),
            at=at_hour(n) if chance.random() < 0.8 else None,
            source=f"s:{n}" if chance.random() < 0.8 else "",
            session=f"day{n // 40}" if chance.random() < 0.8 else "",
            role=chance.choice(("user", "assistant", "")),
            trust=chance.choice(TRUSTS),
            meta=chance.choice(({}, {"image_caption": "a red door"}, {"n": n, "deep": [{"a": None}]})),
            id=f"event{n}",
        )
        out.append(event)
    return out


def said(space: Space, namespace: str = "default") -> list[list[tuple[str, float]]]:
    """Everything a space answers to the questions."""
    hits = (space.recall(question, namespace=namespace, k=20, touch=False) for question in QUESTIONS)
    return [[(hit.cube.id, hit.score) for hit in each] for each in hits]


def standing(space: Space, namespace: str = "default") -> list[tuple[str, int, str, tuple[str, ...]]]:
    return [(each.id, each.version, each.text, each.events) for each in space.cubes(namespace=namespace)]


def ever(space: Space) -> list[MemCube]:
    """Every memory that stands or stood."""
    return space._view("default").ever()


def found(space: Space) -> bool:
    """Whether the planted fact comes among the first."""
    hits = space.recall(ASKED, k=5, touch=False)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    return any(CODE in hit.text for hit in hits)


def check_nothing_is_lost(space: Space, events: Sequence[Event]) -> None:
    """Every event is there word for word, and some memory, standing or retired, was made of it."""
    for event in events:
        kept = space.event(event.id)
        assert (kept.text, kept.speaker, kept.at, kept.meta) == (event.text, event.speaker, event.at, event.meta)
    assert {each.id for each in events} <= {id for cube in ever(space) for id in cube.events}


def check_where_it_comes_from(space: Space) -> None:
    """Every memory names what it was made of, and is trusted no more than that."""
    cubes = {each.id: each for each in ever(space)}
    for cube in cubes.values():
        assert cube.events or cube.parents or cube.kind != "text", f"{cube.made_by} does not say what {cube.id} is of"
        sources = [space.event(id).trust for id in cube.events]
        sources += [cubes[id].trust for id in cube.parents if id in cubes]
        assert rank(cube.trust) <= min(map(rank, sources), default=rank("user"))


@dataclass
class Lives:
    """The same life twice, as it was before anything was tended and after."""

    whole: Space
    broken: Path
    before: list[list[tuple[str, float]]]
    found: bool
    events: list[Event]
    address: str


@pytest.fixture(scope="module", params=SUBJECTS)
def lives(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lives]:
    address, events = request.param, stream()
    path = tmp_path_factory.mktemp("lives") / "broken.mnesis"
    with opened(address) as whole:
        for at in range(0, MANY, BATCH):
            whole.remember(events[at : at + BATCH])
            with opened(address, path) as broken:
                broken.remember(events[at : at + BATCH])
                broken.remember([f"Bob's note {at + n}: {each.text}" for n, each in enumerate(events[at : at + 9])],
                                namespace="bob")  # fmt: skip
        before, was_found = said(whole), found(whole)
        whole.tend(now=NOW)
        with opened(address, path) as broken:
            broken.tend(now=NOW, namespace="default")
        yield Lives(whole, path, before, was_found, events, address)


def test_many_events_are_kept_and_none_is_lost(lives: Lives) -> None:
    check_nothing_is_lost(lives.whole, lives.events)
    check_where_it_comes_from(lives.whole)
    assert lives.whole.verify().ok


def test_a_planted_fact_is_found(lives: Lives) -> None:
    assert lives.found
    kept = [each for each in ever(lives.whole) if CODE in each.text]
    forgotten = all(each.known_to is not None for each in kept)
    assert forgotten or found(lives.whole)  # a tender may forget, and then it says so in the journal
    assert kept


def test_closing_and_opening_in_the_middle_changes_nothing(lives: Lives) -> None:
    with opened(lives.address, lives.broken) as broken:
        assert standing(broken) == standing(lives.whole)
        assert said(broken) == said(lives.whole)
        mine = [each.reason for each in broken.journal(namespace="default")]
        assert mine == [each.reason for each in lives.whole.journal()]
        check_nothing_is_lost(broken, lives.events)
        assert broken.verify().ok


def test_namespaces_are_walls(lives: Lives) -> None:
    """What is said in one namespace neither comes nor counts in another: the life without a neighbour is the same."""
    with opened(lives.address, lives.broken) as both:
        assert said(both) == said(lives.whole)
        hits = both.recall(ASKED, namespace="bob", k=50)
        assert hits
        assert all(hit.cube.namespace == "bob" for hit in hits)
        assert all("event" not in id[:5] for hit in hits for id in hit.cube.events)
        assert both.recall(ASKED, namespace="carol") == []


def test_tending_twice_is_tending_once(lives: Lives) -> None:
    once = standing(lives.whole)
    assert lives.whole.tend(now=NOW) == []
    assert standing(lives.whole) == once


def test_what_was_told_before_brings_nothing_new(lives: Lives) -> None:
    told, head = lives.events[:BATCH], lives.whole.head()
    assert lives.whole.remember(told) == []
    assert lives.whole.head() == head


def test_nothing_is_asked_without_a_mind(lives: Lives) -> None:
    account = lives.whole.account
    assert (account.questions, account.cached, account.malformed) == (0, 0, 0)
    assert account.unanswered == 0, "a question of a recipe has a rule, or is not asked at a budget of 0"


@pytest.mark.parametrize("address", SUBJECTS)
def test_words_alone_suffice(address: str) -> None:
    events = stream(SHORT)
    with opened(address, embedder=False) as space:
        space.remember(events[:BATCH])
        space.remember(events[BATCH:])
        check_nothing_is_lost(space, events)
        assert found(space)


class Mind:
    """Answers every question with what `says` makes of it, and counts them."""

    def __init__(self, says: Callable[[Ask], Any]) -> None:
        self.name = f"mind/{says.__name__}"
        self.says = says
        self.asked = 0

    def answer(self, ask: Ask) -> Any:
        self.asked += 1
        return self.says(ask)


def anything(ask: Ask) -> Any:
    """What fits the schema, and nothing else is certain of it."""
    return example(ask.schema, Random(digest(ask.purpose, ask.prompt)))


def nonsense(ask: Ask) -> Any:
    """What fits no schema."""
    return Random(digest(ask.prompt)).choice(["{", '{"reply": {"no": "thing"}}', {"reply": [None]}, [[]], "", 3.5j])


@pytest.mark.parametrize("says", [anything, nonsense])
@pytest.mark.parametrize("address", SUBJECTS)
def test_a_mind_of_any_kind_loses_nothing_within_its_budget(address: str, says: Callable[[Ask], Any]) -> None:
    events, mind = stream(SHORT), Mind(says)
    calls = 0

    def within(do: Callable[[], Any]) -> Any:
        nonlocal calls
        before, calls = mind.asked, calls + 1
        done = do()
        assert mind.asked - before <= PER_CALL
        return done

    with opened(address, mind=mind) as space:
        for at in range(0, SHORT, 40):
            within(lambda at=at: space.remember(events[at : at + 40], questions=PER_CALL))
        for question in QUESTIONS:
            within(lambda question=question: space.recall(question, questions=PER_CALL))
            context = within(lambda question=question: space.context(question, budget=80, questions=PER_CALL))
            assert context.tokens <= 80
        if says is nonsense:
            assert found(space)  # what was said comes, whatever was made of it
        within(lambda: space.tend(now=NOW, questions=PER_CALL))
        check_nothing_is_lost(space, events)
        check_where_it_comes_from(space)
        assert space.account.questions == mind.asked
        assert space.account.malformed == (0 if says is anything else space.account.malformed)
        assert space.verify().ok


@pytest.mark.parametrize("address", SUBJECTS)
@given(events=st.lists(EVENTS, min_size=1, max_size=6), question=TEXTS)
@settings(max_examples=25, deadline=None)
def test_no_event_and_no_question_is_too_odd(address: str, events: list[Event], question: str) -> None:
    with opened(address) as space:
        for event in events:
            space.remember(event)
        texts = {space.event(id).text for cube in ever(space) for id in cube.events}
        assert texts == {event.text for event in events}
        hits = space.recall(question, k=3)
        assert len({hit.cube.id for hit in hits}) == len(hits) <= 3
        assert space.context(question, budget=60).tokens <= 60


@pytest.mark.parametrize("address", SUBJECTS)
def test_an_empty_space_answers_nothing(address: str) -> None:
    with opened(address) as space:
        for question in QUESTIONS:
            assert space.recall(question) == []
        assert space.context(ASKED).lines == ()
        assert space.tend() == []
        assert list(space.cubes()) == []


@pytest.mark.parametrize("address", SUBJECTS)
def test_what_is_erased_leaves_no_word_in_any_file(address: str, tmp_path: Path) -> None:
    """However a recipe split, summed up and linked it, and whatever its recalls left behind."""
    path = tmp_path / "space.mnesis"
    told = [
        Event("Tom likes jazz and plays the piano in Porto.", speaker="Tom", at=START, source="a", session="x"),
        Event("Zaphira lives in Quillhaven and works there.", speaker="Ana", at=START, source="b", session="x"),
        Event("Tom moved to Lisbon because of the weather.", speaker="Tom", at=START, source="c", session="y"),
        Event("Tom and Zaphira met in Lisbon.", speaker="Ana", at=START, source="d", session="y"),
    ]
    with Space(path, recipe=catalog.make(address), embedder="none", clock=lambda: NOW) as space:
        space.remember(told)
        space.tend(NOW)
        space.recall("Where does Zaphira live?")
        space.tend(NOW + timedelta(days=30))
        secret = {event.id for event in map(space.event, _events(space)) if "Zaphira" in event.text}
        assert len(secret) == 2
        for id in sorted(secret):
            view = space._view("default")
            gone = [cube for cube in view.ever() if cube.events == (id,)]
            if gone:  # otherwise the erasure before took it along
                space.forget(gone, erase=True)
        assert space.recall("jazz")
        space.remember("Tom bought a boat.", session="x")  # what was made anew goes on from there
        space.tend(NOW + timedelta(days=60))
        assert space.verify().ok
    for each in tmp_path.rglob("*"):
        if each.is_file():
            raw = each.read_bytes().lower()
            assert b"zaphira" not in raw, each.name
            assert b"quillhaven" not in raw, each.name


def _events(space: Space) -> set[str]:
    return {id for cube in space._view("default").ever() for id in cube.events}
