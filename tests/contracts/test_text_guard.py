"""What every guard owes: an event comes back equal, or it is rejected in a sentence; its text is never altered."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnesis import catalog
from mnesis.errors import Rejected
from mnesis.text.guard import Guard
from mnesis.text.guard.truth_direction import fit
from mnesis.words import TRUSTS, Event, replace

SUBJECTS = catalog.names("text.guard")


def made(address: str) -> Guard:
    """The guard; those that look at vectors or hidden states are handed them, for the front door hands out none."""
    if address == "text.guard.unsafe_concepts":
        guard: Guard = catalog.make(address, embedder=catalog.make("models.static"))
    elif address == "text.guard.truth_direction":
        probe = fit([[1.0, 0.0], [0.9, 0.1], [-1.0, 0.0], [-0.9, 0.2]], [True, True, False, False])
        guard = catalog.make(address, probe=probe, states=lambda event: [[1.0 - len(event.text) % 7, 0.0]])
    else:
        guard = catalog.make(address)
    return guard


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
EVENTS = st.builds(
    Event,
    text=st.text(st.characters(), max_size=80),
    speaker=st.text(st.characters(), max_size=10),
    session=st.text(max_size=10),
    trust=st.sampled_from([*TRUSTS, "usr", "nobody"]),
    meta=st.dictionaries(st.text(max_size=5), VALUES, max_size=3),
)


@pytest.mark.parametrize("address", SUBJECTS)
@settings(max_examples=200, deadline=None)
@given(event=EVENTS)
def test_an_event_comes_back_equal_or_is_rejected(address: str, event: Event) -> None:
    guard = made(address)
    text = event.text
    refusal = verdict(guard, event)
    if refusal:
        assert refusal.endswith((".", "?"))
        return
    out = guard(event)
    assert out is event or out == event or out == replace(event, meta={**event.meta, "quarantine": reason(out)})
    assert out.text == text


@pytest.mark.parametrize("address", SUBJECTS)
@pytest.mark.parametrize(
    "text", ["I moved.", "a\tb\r\nc", "昨日", "آنا", "🎉", "e\u0301 is not é", "\u200b zero", "x" * 5000]
)
def test_ordinary_text_comes_in_as_it_is(address: str, text: str) -> None:
    event = Event(text, speaker="Ana", trust="user", meta={"n": [1, 2.5, None, True, {"a": "b"}]})
    out = made(address)(event)
    assert replace(out, meta=event.meta) == event
    assert out == event or reason(out)


@pytest.mark.parametrize("address", SUBJECTS)
def test_a_guard_says_the_same_of_the_same_event(address: str) -> None:
    first, second = made(address), made(address)
    for event in (Event("fine"), Event(""), Event("a\x00b"), Event("\ud800")):
        assert verdict(first, event) == verdict(second, event) == verdict(first, event)


def reason(event: Event) -> str:
    said = event.meta["quarantine"]
    assert isinstance(said, str)
    assert said
    return said


def verdict(guard: object, event: Event) -> str:
    assert callable(guard)
    try:
        guard(event)
    except Rejected as err:
        return str(err)
    return ""
