"""Every finder of the slot text.find: living rows of one namespace, each with a reason, the same in every store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnesis import catalog
from mnesis.drive import settled
from mnesis.models.rules import answer
from mnesis.store import Store, View
from mnesis.store.ram import RamStore
from mnesis.store.sqlite import SqliteStore
from mnesis.store.terms import terms
from mnesis.text.buckets import buckets
from mnesis.text.decide.relations import node
from mnesis.text.find import Find
from mnesis.text.link.entities import entities
from mnesis.text.link.facts import facts
from mnesis.text.link.neighbours import neighbours as beside
from mnesis.text.link.phrases import phrases
from mnesis.text.when import mentions
from mnesis.words import NOTHING, Add, Change, Connect, Found, Link, MemCube, Query, Retire, replace

SUBJECTS = catalog.names("text.find")
# Options of makers that cannot be called without any, and why they cannot.
ARGUMENTS: dict[str, tuple[dict[str, Any], str]] = {}
# Finders whose column is not named like them, and why.
COLUMNS = {
    "text.find.granularities": ("turn", "each granularity has a column of its own"),
    "text.find.successors": ("first", "what took the place of another inherits the reasons that one was found for"),
    "text.find.time_window": ("time", "what counts for a reader is the time, however it was looked for"),
}
# Finders whose memories come whatever is asked, as long as anything is, and why.
UNASKED = {
    "text.find.always": "who somebody is matters to every answer",
    "text.find.latest": "what was just said is what a question goes on from",
    "text.find.status": "how somebody has been lately matters to every answer",
}
START = datetime(2026, 5, 1, tzinfo=UTC)
NOW = START + timedelta(days=30)
DIM = 4
ENDED, LATER = 12, 18  # turns of the same words, of which the first ended with the other
TEXTS = (
    "I keep the red boat in the old harbour",
    "Tom painted my boat on 7 May 2026",
    "Where is the boat now?",
    "Yes, it is.",
    "東京の天気は良いです",
    "My sister sold the boat last Friday",
)
QUESTIONS = (
    "Where does Ana keep the red boat?",
    "And Tom?",
    "What happened on 7 May 2026?",
    "What did we do last week?",
    "What did Ana do after Tom painted my boat?",
    "boat",
    "東京の天気",
)
EMPTY = ("", "   ", "the of and", "?!", "\x00", "half a pair \ud83d")


def unit(seed: int) -> Any:
    vector = np.random.default_rng(seed).normal(size=(1, DIM)).astype(np.float32)
    return vector / np.linalg.norm(vector)


def fill(store: Store, namespace: str, n: int = 48) -> list[str]:
    """Commit turns of four sessions, each the reason of the one three later, and what two of them come to; one
    that ended with another, buckets and relations; every seventh is retired again. Returns the retired ids."""
    changes: list[Change] = []
    draw = (entities(), phrases(), facts(), beside())
    for at in range(n):
        text, when = TEXTS[at % len(TEXTS)], START + timedelta(days=at % 30)
        dates = [[each.start, each.end] for each in mentions(text, when)]
        cube = MemCube(
            f"{namespace}-{at}",
            text,
            namespace,
            speaker=("Ana", "Tom", "")[at % 3],
            session=f"s{at // 12}",
            order=at,
            type="core" if at % 10 == 9 else "episodic",
            valid_from=when if at % 5 else None,
            meta={"dates": dates} if dates else {},
        )
        if at == ENDED and n > LATER:
            cube = replace(cube, valid_to=START + timedelta(days=20))
            changes.append(Connect(Link(f"{namespace}-{LATER}", cube.id, "supersedes", 1.0, namespace)))
        changes += [Connect(Link(cube.id, each, "bucket", 1.0, namespace)) for each in buckets(text)]
        if "boat" in text:
            changes.append(Connect(Link(cube.id, node("Tom"), "subject", 1.0, namespace)))
        changes.append(Add(cube, vectors=unit(at)))
        changes += [Connect(each) for link in draw for each in link([cube], store.view(namespace))]
    changes += [
        Connect(Link(f"{namespace}-{at}", f"{namespace}-{at + 3}", "cause", 1.0, namespace)) for at in range(n - 3)
    ]
    both = (f"{namespace}-1", f"{namespace}-2")
    changes.append(Add(MemCube(f"{namespace}-both", TEXTS[0], namespace, type="semantic", parents=both)))
    store.commit(changes, author="test", reason="", at=START, namespace=namespace)
    gone = [f"{namespace}-{at}" for at in range(0, n, 7)]
    store.commit([Retire(each) for each in gone], author="test", reason="", at=START, namespace=namespace)
    return gone


@pytest.fixture(params=["ram", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made: Store = RamStore() if request.param == "ram" else SqliteStore(tmp_path / "space.mnesis")
    made.record(dim=str(DIM))
    yield made
    made.close()


def made(address: str) -> Find:
    find = catalog.make(address, **ARGUMENTS.get(address, ({}, ""))[0])
    return lambda *given: settled(find(*given), answer)


def asked(text: str, limit: int = 200) -> Query:
    return Query(text, unit(99)[0], NOW, limit=limit)


def earlier(query: Query, view: View) -> Found:
    """What a first finder brings: the rows that share words with the question."""
    rows, score = view.words(terms(query.text)).top(query.limit)
    return Found(rows, score, {"first": score}) if len(rows) else NOTHING


def check_rows_are_unique_and_new_ones_within_the_limit(found: Found, before: Found, query: Query) -> None:
    rows = set(found.rows.tolist())
    assert len(rows) == len(found)
    assert len(rows - set(before.rows.tolist())) <= query.limit


def check_every_hit_says_why(found: Found, address: str) -> None:
    assert np.isfinite(found.score).all()
    name = COLUMNS.get(address, (address.rsplit(".", 1)[-1], ""))[0]
    assert name in found.why or not len(found)
    if len(found):
        spoken = np.stack([~np.isnan(column) for column in found.why.values()])
        assert spoken.any(axis=0).all()
        assert all(np.isfinite(column[~np.isnan(column)]).all() for column in found.why.values())


def check_only_the_living_of_this_namespace(found: Found, view: View, gone: list[str]) -> None:
    cubes = view.cubes(found.rows)
    assert {cube.namespace for cube in cubes} <= {view.namespace}
    assert not {cube.id for cube in cubes} & set(gone)


@pytest.mark.parametrize("address", SUBJECTS)
def test_a_finder_keeps_its_promises(address: str, store: Store) -> None:
    gone = fill(store, "mine")
    fill(store, "theirs", 20)
    view = store.view("mine")
    brought = 0
    for text in QUESTIONS:
        for limit in (200, 3):
            query = asked(text, limit)
            for before in (NOTHING, earlier(query, view)):
                found = made(address)(query, view, before)
                check_rows_are_unique_and_new_ones_within_the_limit(found, before, query)
                check_every_hit_says_why(found, address)
                check_only_the_living_of_this_namespace(found, view, gone)
                again = made(address)(query, store.view("mine"), before)
                assert again.rows.tolist() == found.rows.tolist()
                np.testing.assert_array_equal(again.score, found.score)
                brought += len(found)
    assert brought, f"{address} finds nothing at all in a space that was made for it"


@pytest.mark.parametrize("address", SUBJECTS)
def test_a_namespace_is_a_wall(address: str, store: Store) -> None:
    fill(store, "mine")
    before = [made(address)(asked(text), v := store.view("mine"), earlier(asked(text), v)) for text in QUESTIONS]
    fill(store, "theirs", 30)
    after = [made(address)(asked(text), v := store.view("mine"), earlier(asked(text), v)) for text in QUESTIONS]
    for one, other in zip(before, after, strict=True):
        assert one.rows.tolist() == other.rows.tolist()
        np.testing.assert_allclose(one.score, other.score)


@pytest.mark.parametrize("address", SUBJECTS)
@pytest.mark.parametrize("text", [*QUESTIONS, *EMPTY])
def test_an_empty_space_gives_nothing(address: str, store: Store, text: str) -> None:
    fill(store, "theirs", 5)
    assert len(made(address)(asked(text), store.view("mine"), NOTHING)) == 0


@pytest.mark.parametrize("address", SUBJECTS)
@pytest.mark.parametrize("text", EMPTY)
def test_a_question_that_says_nothing_finds_nothing(address: str, store: Store, text: str) -> None:
    fill(store, "mine")
    found = made(address)(Query(text, None, NOW), store.view("mine"), NOTHING)
    assert len(found) == 0 or (address in UNASKED and terms(text))


@pytest.mark.parametrize("address", SUBJECTS)
def test_both_stores_give_the_same(address: str, tmp_path: Path) -> None:
    stores: list[Store] = [RamStore(), SqliteStore(tmp_path / "space.mnesis")]
    got = []
    for each in stores:
        each.record(dim=str(DIM))
        fill(each, "mine")
        view = each.view("mine")
        got.append([made(address)(asked(text), view, earlier(asked(text), view)) for text in QUESTIONS])
        got[-1] = [
            sorted(zip((cube.id for cube in view.cubes(found.rows)), found.score.tolist(), strict=True))
            for found in got[-1]
        ]
        each.close()
    for one, other in zip(*got, strict=True):
        assert [name for name, _ in one] == [name for name, _ in other]
        assert [score for _, score in one] == pytest.approx([score for _, score in other], rel=1e-3)


def test_the_exceptions_are_still_needed() -> None:
    assert {*ARGUMENTS, *COLUMNS, *UNASKED} <= set(SUBJECTS)
    assert all(address.rsplit(".", 1)[-1] != name for address, (name, _) in COLUMNS.items())
