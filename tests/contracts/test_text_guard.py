"""What every guard owes: an event comes back equal, or it is rejected in a sentence; its text is never altered."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnesis import catalog
from mnesis.errors import Rejected
from mnesis.words import TRUSTS, Event, replace

SUBJECTS = catalog.names("text.guard")

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
    guard = catalog.make(address)
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
    assert catalog.make(address)(event) == event


@pytest.mark.parametrize("address", SUBJECTS)
def test_a_guard_says_the_same_of_the_same_event(address: str) -> None:
    first, second = catalog.make(address), catalog.make(address)
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
