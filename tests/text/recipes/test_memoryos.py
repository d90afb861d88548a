"""MemoryOS: first in, first out into segments of a topic; the hot ones become what is known of people."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from mnesis import Space

NOW = datetime(2026, 3, 1, tzinfo=UTC)
GARDEN = [
    "I planted red tomatoes in the garden.",
    "The tomatoes in the garden need water.",
    "The garden tomatoes are ripe and red.",
]
BOAT = ["My boat is moored in Horta harbour.", "The boat needs a new sail in the harbour."]
CHAT = [f"Small talk, part {name}." for name in ("one", "two", "three", "four", "five", "six", "seven")]


def space_of(**options: Any) -> Space:
    return Space(recipe="memoryos", embedder="none", clock=lambda: NOW, **options)


def types(space: Space) -> Counter[str]:
    return Counter(cube.type for cube in space.cubes())


def segments(space: Space) -> list[set[str]]:
    texts = {cube.id: cube.text for cube in space.cubes()}
    return [{texts[id] for id in cube.parents} for cube in space.cubes() if cube.type == "semantic"]


def test_the_newest_push_the_oldest_out_into_segments_of_one_topic() -> None:
    with space_of() as space:
        space.remember([*GARDEN, *BOAT, *CHAT], speaker="Ana")
        assert types(space) == {"working": 12}
        (commit,) = space.tend()
        assert types(space) == {"working": 7, "episodic": 5, "semantic": 2}
        assert segments(space) == [set(GARDEN), set(BOAT)]
        assert [cube.text for cube in space.cubes() if cube.type == "working"] == CHAT
        moves = [each for each in commit.changes if each["op"] == "move"]
        assert {each["reason"] for each in moves} == {"7 newer ones came in"}
        assert space.tend() == []
        space.remember("More red tomatoes in the garden.", speaker="Ana")
        space.tend()
        assert CHAT[0] not in [cube.text for cube in space.cubes() if cube.type == "working"]
        assert space.recall("Where is the boat moored?", k=1)[0].text == BOAT[0]


def test_the_last_turns_are_always_there() -> None:
    with space_of() as space:
        space.remember([*GARDEN, *BOAT, *CHAT], speaker="Ana")
        assert CHAT[-1] in {hit.text for hit in space.recall("Where is the boat moored?", k=10)}


def test_a_hot_segment_is_drawn_on_once(script: Any) -> None:
    mind = script(
        summary=lambda parts: f"About {len(parts['texts'])} turns.", facts=lambda parts: [f"Ana: {parts['text']}"]
    )
    with space_of(mind=mind) as space:
        space.remember([*GARDEN, *BOAT, *CHAT], speaker="Ana")
        space.tend(questions=20)
        assert mind.purposes() == ["summary", "summary"]  # 3 pages and lately: a heat below 5
        assert types(space)["core"] == 0
        for _ in range(2):
            space.recall("Are the tomatoes in the garden ripe?", k=2)
        commits = space.tend(questions=20)
        assert mind.purposes()[2:] == ["facts"] * 3
        assert {cube.text for cube in space.cubes() if cube.type == "core"} == {f"Ana: {text}" for text in GARDEN}
        told = [each["reason"] for each in commits[0].changes if each["op"] == "revise"]
        assert told[0].startswith("drawn on at heat")
        assert space.tend(questions=20) == []
        assert mind.purposes()[2:] == ["facts"] * 3
