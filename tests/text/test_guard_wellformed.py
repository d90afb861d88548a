"""What the guard refuses, and that it says what to do."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest

from mnesis import Space
from mnesis.errors import BadInput, Rejected
from mnesis.text.guard.wellformed import wellformed
from mnesis.words import Event

LOOP: list[Any] = []
LOOP.append(LOOP)


@pytest.mark.parametrize(
    ("event", "says"),
    [
        (Event(""), "no text"),
        (Event(" \n\t\u3000"), "no text"),
        (Event("x" * 10_000_000), "1,000,000.*as a document"),
        (Event("é" * 600_000), "1,200,000 bytes.*1,000,000"),
        (Event("a\ud83d b"), r"U\+D83D, at position 1"),
        (Event("a\x00b"), r"U\+0000 at position 1"),
        (Event("a\x1bb"), r"U\+001B"),
        (Event("fine", speaker="A\x00"), "speaker"),
        (Event("fine", source="\udfff"), "source"),
        (Event("fine", trust="usr"), "'usr' is unknown; did you mean 'user'"),
        (Event("fine", trust="xyzzy"), "unknown, web, tool, agent, user"),
        (Event("fine", meta={"a": object()}), r"meta\['a'\] is of type object"),
        (Event("fine", meta={"a": [1, {2: 3}]}), r"meta\['a'\]\[1\] has the key 2"),
        (Event("fine", meta={"a": float("nan")}), r"meta\['a'\] is nan"),
        (Event("fine", meta={"a": float("-inf")}), r"meta\['a'\] is -inf"),
        (Event("fine", meta={"a": "\ud800"}), "meta holds half a surrogate"),
        (Event("fine", meta={"a": LOOP}), "levels deep"),
        (Event(None), "NoneType"),  # type: ignore[arg-type]
        (Event(b"bytes"), "decode"),  # type: ignore[arg-type]
        (Event("fine", session=7), "session is of type int"),  # type: ignore[arg-type]
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_refused(event: Event, says: str) -> None:
    with pytest.raises(Rejected, match=says):
        wellformed()(event)


@pytest.mark.parametrize(
    "event",
    [
        Event("x" * 1_000_000),
        Event("é" * 500_000),
        Event("\tcolumns\r\nlines\n"),
        Event("e\u0301"),
        Event("fine", meta=MappingProxyType({"a": (1, 2.5, None, {"b": [True]})})),
    ],
    ids=["as long as may be", "as many bytes", "tabs", "not composed", "meta"],
)
def test_what_comes_in(event: Event) -> None:
    assert wellformed()(event) is event


def test_a_limit_can_be_given() -> None:
    assert wellformed(max_bytes=3)(Event("abc"))
    with pytest.raises(Rejected, match="limit is 3"):
        wellformed(max_bytes=3)(Event("abcd"))
    with pytest.raises(BadInput, match="max_bytes=0"):
        wellformed(max_bytes=0)


def test_the_refusal_carries_the_event() -> None:
    event = Event("   ", source="s:1")
    with pytest.raises(Rejected) as caught:
        wellformed()(event)
    assert caught.value.event is event
    with Space(embedder="none") as space:
        with pytest.raises(Rejected, match="event 2 of 2") as caught:
            space.remember(["fine", event])
        assert caught.value.event == event
        assert list(space.cubes()) == []
