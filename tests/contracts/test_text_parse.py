"""What every parser owes: stable ids, nothing lost, everything carried over, provenance filled."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnesis import catalog
from mnesis.drive import settled
from mnesis.models.rules import answer
from mnesis.text.parse import Parse
from mnesis.words import Event, MemCube

SUBJECTS = catalog.names("text.parse")
NAMES = frozenset({"Ana", "Tom Grey"})
AT = datetime(2023, 6, 14, 15, 30, tzinfo=UTC)
TOLD = datetime(2023, 6, 15, tzinfo=UTC)

TEXTS = [
    "I moved to Lisbon.",
    "Hey Ana! Last Friday I met Tom Grey's sister. She sails. Do you remember her? I do, since May 2021.",
    "Q: How many?\nA: Seven.\nQ: When?\nA: In May.",
    "User: what is up\nAssistant: a kite\nUser: and down\nAssistant: a well",
    "# Port\n\nIt is old.\n\n## Bridge\n\nIt opened in 1998.\n\n```\ncode  here\n```\n\nLast\n----\n\n# Empty",
    "昨日、東京でアナさんに会いました。楽しかった！また会える？はい。",
    "التقيت آنا أمس في لشبونة. هل تتذكر؟ نعم، أتذكر ذلك جيدا.",
    "Здравствуй, Анна! Как дела? Хорошо.",
    "🎉🎉 party! 👩‍👩‍👧 family 🏳️‍🌈",
    "no punctuation at all " * 60,
    "x" * 5000,
    "a\n\n\nb\n\n---\n\nc",
]

LINES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=40)
MARKED = st.sampled_from(["# ", "## ", "Q: ", "A: ", "User: ", "Ana: ", "- ", "```", "---", "===", "", "Really? "])
LONG = st.lists(st.tuples(MARKED, LINES).map("".join), max_size=12).map("\n".join)


def event(text: str, **given: object) -> Event:
    filled = {
        "speaker": "Ana",
        "at": AT,
        "source": "chat:7",
        "session": "s1",
        "role": "user",
        "trust": "user",
        "place": "Porto",
        "meta": {"mood": "fine"},
        "told_at": TOLD,
        "id": "e1",
    }
    return Event(text, **{**filled, **given})


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


@pytest.fixture(params=SUBJECTS)
def address(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def parse(address: str) -> Parse:
    return made(address)


def made(address: str) -> Parse:
    """The parser, its questions answered by the rules."""
    parse = catalog.make(address)
    return lambda *given: settled(parse(*given), answer)


def check(cubes: list[MemCube], told: Event, address: str) -> None:
    """What holds for the cubes of any event."""
    lost = words(told.text) - words(" ".join(each.text for each in cubes))
    assert all(len(each) > 1000 and each in "".join(cube.text for cube in cubes) for each in lost)  # may be cut in two
    assert len({each.id for each in cubes}) == len(cubes)
    for each in cubes:
        assert each.id == told.id or re.fullmatch(re.escape(told.id) + r"-\d+", each.id)
        assert each.id != told.id or each.text == told.text
        assert each.text.strip()
        assert (each.namespace, each.made_by, each.kind, each.version) == ("ana", address, "text", 1)
        assert (each.speaker, each.role, each.session) == (told.speaker, told.role, told.session)
        assert (each.place, each.trust) == (told.place, told.trust)
        assert (each.valid_from, each.known_from) == (told.at, told.told_at)
        assert each.events == (told.id,)
        assert each.sources == ((told.source,) if told.source else ())
        assert dict(told.meta).items() <= dict(each.meta).items()
        assert each.keys
        assert all(key.strip() for key in each.keys)
        for start, end in each.meta.get("dates", ()):
            assert -800_000 < start < end < 3_000_000


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[:20])
def test_nothing_is_lost_and_everything_is_carried(parse: Parse, address: str, text: str) -> None:
    cubes = parse(event(text), "ana", NAMES)
    assert cubes
    check(cubes, event(text), address)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[:20])
def test_the_same_event_gives_the_same_cubes(parse: Parse, address: str, text: str) -> None:
    first = parse(event(text), "ana", NAMES)
    again = made(address)(event(text), "ana", frozenset(sorted(NAMES)))
    assert first == again
    assert [each.keys for each in first] == [each.keys for each in again]


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_no_text_gives_no_cube(parse: Parse, text: str) -> None:
    assert parse(event(text), "ana", NAMES) == []


def test_a_short_sentence_is_kept_whole(parse: Parse) -> None:
    (cube,) = parse(event("I moved to Lisbon."), "ana")
    assert (cube.id, cube.text) == ("e1", "I moved to Lisbon.")


def test_an_event_without_a_source_names_none(parse: Parse) -> None:
    assert all(each.sources == () for each in parse(event(TEXTS[1], source=""), "ana"))


def test_the_event_is_not_changed(parse: Parse) -> None:
    meta = {"mood": "fine"}
    parse(event(TEXTS[1], meta=meta), "ana", NAMES)
    assert meta == {"mood": "fine"}


def test_names_are_taken_out_of_keys_only(parse: Parse) -> None:
    cubes = parse(event("I saw ANA's boat, and tom grey's dog."), "ana", NAMES)
    assert not words(" ".join(key for each in cubes for key in each.keys)) & {"ANA", "Ana", "tom", "grey"}
    assert words(" ".join(each.text for each in cubes)) >= {"ANA", "tom", "grey"}


@pytest.mark.parametrize(
    "unit", ["!", "! ", ".", " ", "a ", "Q: ", "# ", "#", "\n", "? ", "é", "in ", "2004 ", "```\n"]
)
def test_a_large_text_takes_time_in_proportion(parse: Parse, unit: str) -> None:
    text = "# x" + unit * (200_000 // len(unit)) + "x"
    begun = time.perf_counter()
    parse(event(text), "ana", NAMES)
    assert time.perf_counter() - begun < 20


@pytest.mark.parametrize("address", SUBJECTS)
@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=200) | LONG, names=st.frozensets(st.text(min_size=1, max_size=6), max_size=3))
def test_any_event_is_parsed(address: str, text: str, names: frozenset[str]) -> None:
    cubes = made(address)(event(text), "ana", names)
    assert bool(cubes) == bool(text.strip())
    check(cubes, event(text), address)
