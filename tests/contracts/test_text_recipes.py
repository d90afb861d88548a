"""What every recipe owes: it survives any event, loses none, finds what was planted, and keeps namespaces apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnesis import Space, catalog
from mnesis.text.recipes import Recipe
from mnesis.words import TRUSTS, Event

SUBJECTS = catalog.names("text.recipes")
START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = START + timedelta(days=400)
MANY = 300
PLANTED = 137
FACT = "My locker at the swimming pool opens with the code 4711."
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


def opened(address: str, path: str | Path = ":memory:", embedder: bool = True) -> Space:
    recipe: Recipe = catalog.make(address)
    mind = catalog.make("models.scripted", dim=32) if embedder else "none"
    return Space(path, recipe=recipe, embedder=mind, clock=lambda: NOW)


def stream(seed: int = 7) -> list[Event]:
    """Three hundred events of every kind, some said more than once, one of them the planted fact."""
    chance = Random(seed)
    out: list[Event] = []
    for n in range(MANY):
        text = " ".join(chance.choices(WORDS, k=chance.choice((1, 2, 5, 9, 30, 200)))) + chance.choice(ENDS)
        if n == PLANTED:
            text = FACT
        elif n % 20 == 19:
            text = out[chance.randrange(n - 1)].text
        event = Event(
            text,
            speaker=chance.choice(("Ana", "Tom", "user", "")),
            at=START + timedelta(hours=n) if chance.random() < 0.8 else None,
            source=f"s:{n}" if chance.random() < 0.8 else "",
            session=f"day{n // 40}" if chance.random() < 0.8 else "",
            role=chance.choice(("user", "assistant", "")),
            meta=chance.choice(({}, {"image_caption": "a red door"}, {"n": n, "deep": [{"a": None}]})),
            id=f"event{n}",
        )
        out.append(event)
    return out


def said(space: Space, namespace: str = "default") -> list[list[tuple[str, float]]]:
    """Everything a space answers to the questions."""
    hits = (space.recall(question, namespace=namespace, k=20) for question in QUESTIONS)
    return [[(hit.cube.id, hit.score) for hit in each] for each in hits]


def standing(space: Space) -> list[tuple[str, int, str, tuple[str, ...]]]:
    return [(each.id, each.version, each.text, each.events) for each in space.cubes()]


def check_nothing_is_lost(space: Space, events: Sequence[Event]) -> None:
    for event in events:
        kept = space.event(event.id)
        assert (kept.text, kept.speaker, kept.at, kept.meta) == (event.text, event.speaker, event.at, event.meta)


@pytest.mark.parametrize("embedder", [True, False], ids=["vectors", "words"])
@pytest.mark.parametrize("address", SUBJECTS)
def test_many_events_are_kept_and_none_is_lost(address: str, embedder: bool) -> None:
    with opened(address, embedder=embedder) as space:
        events = stream()
        for at in range(0, MANY, 75):
            space.remember(events[at : at + 75])
        check_nothing_is_lost(space, events)
        witnessed = {id for cube in space.cubes() for id in cube.events}
        for id in {each.id for each in events} - witnessed:  # retired by the recipe, and never silently
            *_, last = space.history(id)
            assert last.known_to is not None
        assert space.remember(events) == []  # what was told before brings nothing new
        assert space.verify().ok


@pytest.mark.parametrize("address", SUBJECTS)
@given(events=st.lists(EVENTS, min_size=1, max_size=6), question=TEXTS)
@settings(max_examples=40, deadline=None)
def test_no_event_and_no_question_is_too_odd(address: str, events: list[Event], question: str) -> None:
    with opened(address) as space:
        for event in events:
            space.remember(event)
        texts = {space.event(id).text for cube in space.cubes() for id in cube.events}
        assert texts == {event.text for event in events}
        hits = space.recall(question, k=3)
        assert len({hit.cube.id for hit in hits}) == len(hits) <= 3
        assert space.context(question, budget=60).tokens <= 60


@pytest.mark.parametrize("embedder", [True, False], ids=["vectors", "words"])
@pytest.mark.parametrize("address", SUBJECTS)
def test_a_planted_fact_is_found(address: str, embedder: bool) -> None:
    with opened(address, embedder=embedder) as space:
        space.remember(stream())
        best = space.recall(ASKED, k=5)
        assert FACT in [hit.text for hit in best]
        assert [hit.score for hit in best] == sorted((hit.score for hit in best), reverse=True)


@pytest.mark.parametrize("address", SUBJECTS)
def test_closing_and_opening_in_the_middle_changes_nothing(address: str, tmp_path: Path) -> None:
    events = stream()
    with opened(address, tmp_path / "whole.mnesis") as whole:
        for at in range(0, MANY, 60):
            whole.remember(events[at : at + 60])
        whole.tend()
        for at in range(0, MANY, 60):
            with opened(address, tmp_path / "broken.mnesis") as broken:
                broken.remember(events[at : at + 60])
        with opened(address, tmp_path / "broken.mnesis") as broken:
            broken.tend()
        with opened(address, tmp_path / "broken.mnesis") as broken:
            assert standing(broken) == standing(whole)
            assert said(broken) == said(whole)
            assert [each.reason for each in broken.journal()] == [each.reason for each in whole.journal()]
            check_nothing_is_lost(broken, events)
            assert broken.verify().ok


@pytest.mark.parametrize("address", SUBJECTS)
def test_namespaces_are_walls(address: str) -> None:
    events = stream()
    with opened(address) as both, opened(address) as alone:
        for at in range(0, MANY, 100):
            both.remember(events[at : at + 100], namespace="ana")
            both.remember([f"Bob's note {n}: {event.text}" for n, event in enumerate(events[:50])], namespace="bob")
            alone.remember(events[at : at + 100], namespace="ana")
        assert both.recall(ASKED, namespace="bob", k=50)
        assert all(hit.cube.namespace == "bob" for hit in both.recall(ASKED, namespace="bob", k=50))
        assert said(both, "ana") == said(alone, "ana")
        assert both.recall(ASKED, namespace="carol") == []


@pytest.mark.parametrize("address", SUBJECTS)
def test_tending_twice_is_tending_once(address: str) -> None:
    events = stream()
    with opened(address) as space:
        space.remember(events)
        space.tend(now=NOW)
        once = standing(space)
        assert space.tend(now=NOW) == []
        assert standing(space) == once
        check_nothing_is_lost(space, events)
        assert FACT in [hit.text for hit in space.recall(ASKED, k=5)]


@pytest.mark.parametrize("address", SUBJECTS)
def test_an_empty_space_answers_nothing(address: str) -> None:
    with opened(address) as space:
        for question in QUESTIONS:
            assert space.recall(question) == []
        assert space.context(ASKED).lines == ()
        assert space.tend() == []
        assert list(space.cubes()) == []
