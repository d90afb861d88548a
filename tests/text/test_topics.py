"""Conversations made for this, with the places at which somebody changes the subject known."""

from __future__ import annotations

import numpy as np
import pytest

from mnesis import catalog
from mnesis.store.terms import terms
from mnesis.text.surprise import episodes
from mnesis.text.topics import LONGEST, alike, cuts

TRIP = """I finally booked the flight to Lisbon for the first week of May.
Oh nice, is it a direct flight or do you change planes?
Direct, with the small airline that flies from our airport twice a week.
Have you got a hotel in Lisbon yet?
Not yet, I want one close to the river.
Hotels by the river are pricey in May, so book soon."""
KNEE = """By the way, my knee is hurting again.
The one you had the operation on?
Yes, the doctor says the knee needs physiotherapy twice a week.
Physiotherapy helped my sister after her operation.
The doctor also gave me pills against the pain."""
SCHOOL = """Did Max start at his new school?
Yes, Max likes his teacher and the other children in class.
My daughter's class has thirty children, which is too many for one teacher.
His class has only eighteen, it is a small school."""
BREAD = """The sourdough starter is bubbling at last.
How long did the starter take?
Nine days, with rye flour and water.
Rye flour is the best for a starter, bread flour is slower.
I will bake the first bread on Sunday.
Send me a photo of the bread!"""
OFFICE = """Our boss announced that the office moves to the harbour in June.
To the harbour? My commute to the office will double.
The boss says there will be a bus from the station to the harbour.
A bus would help with the commute, if it is on time."""
GARDEN = """I planted tomatoes and beans in the garden.
Tomatoes need a lot of sun in the garden.
The beans are climbing already.
My tomatoes had blight last year.
Blight comes with the rain, so keep the leaves of the tomatoes dry."""
TALKS = [[TRIP, KNEE, SCHOOL], [BREAD, OFFICE], [GARDEN], [OFFICE, TRIP, BREAD], [SCHOOL, GARDEN, KNEE, TRIP]]


def talk(parts: list[str]) -> tuple[list[str], list[int]]:
    """The turns of a conversation and where its topics begin."""
    turns = [line for part in parts for line in part.splitlines()]
    begins = np.cumsum([len(part.splitlines()) for part in parts])[:-1]
    return turns, begins.tolist()


def off(found: list[int], known: list[int]) -> list[int]:
    """How far each known cut is from the nearest that was found."""
    return [min((abs(each - other) for other in found), default=99) for each in known]


@pytest.mark.parametrize("parts", TALKS)
def test_words_alone_find_most_changes_of_subject_and_make_up_few(parts: list[str]) -> None:
    turns, known = talk(parts)
    found = cuts([terms(each) for each in turns])
    assert sum(each <= 1 for each in off(found, known)) >= len(known) / 2
    assert len(found) <= len(known)


@pytest.mark.parametrize("parts", TALKS)
def test_with_vectors_every_change_of_subject_is_found(parts: list[str]) -> None:
    turns, known = talk(parts)
    vectors = catalog.make("models.static").embed(turns)
    found = cuts([terms(each) for each in turns], list(vectors))
    assert all(each <= 1 for each in off(found, known))
    assert len(found) == len(known)


def test_one_odd_turn_is_not_a_topic() -> None:
    turns = [*GARDEN.splitlines()[:3], "Sorry, the phone rang.", *GARDEN.splitlines()[3:]]
    assert cuts([terms(each) for each in turns]) == []


def test_a_short_talk_or_one_without_words_is_not_cut() -> None:
    assert cuts([]) == cuts([["a"]]) == cuts([["a"], ["b"], ["c"]]) == []
    assert cuts([[]] * 20) == []


def test_a_long_talk_is_cut_in_parts_that_join() -> None:
    topics = [[f"w{n}", f"v{n}"] for n in range(120)]
    turns = [topic for topic in topics for _ in range(10)]
    assert len(turns) > 2 * LONGEST
    assert cuts(turns) == list(range(10, 1200, 10))


def test_likeness_is_symmetric_and_between_nothing_and_all() -> None:
    turns, _ = talk(TALKS[0])
    vectors = [None, *catalog.make("models.static").embed(turns[1:])]
    for kernel in (alike([terms(each) for each in turns]), alike([terms(each) for each in turns], vectors)):
        assert np.allclose(kernel, kernel.T)
        assert kernel.min() >= 0
        assert kernel.max() <= 1 + 1e-9


@pytest.mark.parametrize("parts", TALKS)
def test_a_change_of_subject_surprises(parts: list[str]) -> None:
    turns, known = talk(parts)
    vectors = list(catalog.make("models.static").embed(turns))
    found = episodes([terms(each) for each in turns], vectors)
    assert all(each <= 1 for each in off(found, known))
    assert sum(each > 1 for each in off(known, found)) <= 2 if known else len(found) <= 2, "few are made up"


@pytest.mark.parametrize("parts", TALKS)
def test_what_comes_later_moves_no_surprise(parts: list[str]) -> None:
    turns, _ = talk(parts)
    held, vectors = [terms(each) for each in turns], list(catalog.make("models.static").embed(turns))
    whole = episodes(held, vectors)
    for end in range(len(turns)):
        assert episodes(held[:end], vectors[:end]) == [at for at in whole if at < end]


def test_nothing_surprises_without_words() -> None:
    assert episodes([]) == episodes([["a"]]) == episodes([[]] * 20) == episodes([["a", "b"]] * 20) == []
