"""Every packer of the slot text.pack: within budget always, every line traceable, every hit accounted for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnesis import catalog
from mnesis.drive import settled
from mnesis.models.rules import answer
from mnesis.text.lines import estimate, written
from mnesis.words import Context, Hit, MemCube

SUBJECTS = catalog.names("text.pack")
COUNTS: dict[str, Callable[[str], int]] = {
    "estimate": estimate,
    "characters": len,
    "words": lambda text: len(text.split()),
    "two marks around": lambda text: len(text.split()) + 2,
    "longer together": lambda text: len(text) + 5 * text.count("\n") ** 2,
}
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(["Ana", "moved.", "to", "Lisbon", "\n", "東京", "unbelievably", "👍"]), max_size=40).map(
        " ".join
    ),
    st.sampled_from(["x" * 3000, "It rains. " * 200]),
)
CUBES = st.builds(
    MemCube,
    id=st.uuids().map(str),
    text=TEXTS,
    speaker=st.sampled_from(["", "Ana", "Tom"]),
    valid_from=st.none()
    | st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),
    events=st.lists(st.sampled_from("abc"), max_size=2, unique=True).map(tuple),
    sources=st.lists(st.sampled_from("xyz"), max_size=2, unique=True).map(tuple),
)
HITS = st.lists(st.builds(Hit, CUBES, st.floats(-1, 1)), max_size=8, unique_by=lambda hit: hit.cube.id)


def made(address: str) -> Callable[..., Any]:
    """The part, with its questions answered by the rules."""
    part = catalog.make(address)
    return lambda *given: settled(part(*given), answer)


def flat(text: str) -> str:
    return " ".join(text.split())


def check_within_budget(context: Context, count: Callable[[str], int]) -> None:
    assert context.tokens <= max(0, context.budget)
    if context.lines:
        assert count(context.text) == context.tokens
        assert all(line.tokens == count(line.text) for line in context)


def check_every_line_is_traceable(context: Context, hits: list[Hit]) -> None:
    known = {hit.cube.id: hit.cube for hit in hits}
    for line in context:
        assert line.cubes
        cubes = [known[name] for name in line.cubes]
        assert line.events == tuple(dict.fromkeys(event for cube in cubes for event in cube.events))
        assert line.sources == tuple(dict.fromkeys(source for cube in cubes for source in cube.sources))
        for cube in cubes:
            whole = line.text == written(cube)
            begun = line.text.endswith("…") and flat(line.text[:-1]) in flat(written(cube))
            assert whole or begun


def check_every_hit_is_accounted_for(context: Context, hits: list[Hit]) -> None:
    shown = [name for line in context for name in line.cubes]
    assert len(shown) == len(set(shown))
    assert len(shown) + context.left_out == len(hits)


@pytest.mark.parametrize("address", SUBJECTS)
@given(hits=HITS, budget=st.integers(-1, 80), name=st.sampled_from(sorted(COUNTS)))
def test_a_packer_keeps_its_promises(address: str, hits: list[Hit], budget: int, name: str) -> None:
    context = made(address)(hits, budget, COUNTS[name])
    assert context.budget == budget
    check_within_budget(context, COUNTS[name])
    check_every_line_is_traceable(context, hits)
    check_every_hit_is_accounted_for(context, hits)
    assert context == made(address)(hits, budget, COUNTS[name])


@pytest.mark.parametrize("address", SUBJECTS)
@given(cube=CUBES, budget=st.integers(8, 30))
def test_something_is_given_when_there_is_room_for_a_few_words(address: str, cube: MemCube, budget: int) -> None:
    context = made(address)([Hit(cube, 1.0)], budget, estimate)
    assert bool(context.lines) == bool(cube.text.strip())


@pytest.mark.parametrize("address", SUBJECTS)
def test_no_hits_give_an_empty_context(address: str) -> None:
    context = made(address)([], 100, estimate)
    assert (context.text, context.tokens, context.left_out) == ("", 0, 0)


@pytest.mark.parametrize("address", SUBJECTS)
def test_what_fits_is_given_whole(address: str) -> None:
    hits = [Hit(MemCube(str(n), f"memory number {n}"), -float(n)) for n in range(20)]
    context = made(address)(hits, 1000, estimate)
    assert sorted(line.text for line in context) == sorted(hit.text for hit in hits)
    assert context.left_out == 0
