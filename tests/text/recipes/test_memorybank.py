"""MemoryBank: a memory strengthened by recall outlives one that is not; days and people are summed up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from mnesis import Space

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
KEY, CHESS, PIANO = "My spare key is under the blue pot.", "My brother likes chess.", "I am learning the piano."


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def wait(self, days: float) -> None:
        self.now += timedelta(days=days)


def told(clock: Clock, **options: Any) -> Space:
    space = Space(recipe="memorybank", embedder="none", clock=clock, **options)
    space.remember([KEY, CHESS, PIANO], speaker="Ana", at=START)
    return space


def test_what_is_recalled_outlives_what_is_not() -> None:
    clock = Clock()
    with told(clock) as space:
        space.tend()
        clock.wait(60)
        for _ in range(2):
            assert space.recall("Where is the spare key?", k=1)[0].text == KEY
        clock.wait(40)  # 100 days: exp(-100 / 30) is below 0.05, exp(-40 / 90) is not
        gone = {CHESS, PIANO}
        commits = space.tend()
        assert {cube.text for cube in space.cubes()} & {KEY, CHESS, PIANO} == {KEY}
        reasons = [each["reason"] for commit in commits for each in commit.changes if each["op"] == "retire"]
        assert len(reasons) == 2
        assert all(reason.startswith("retention 0.03567") for reason in reasons)
        assert "retention 0.03567" in space.explain(commits[-1])
        assert gone <= {cube.text for cube in space.cubes(as_of=commits[-1].seq - 1)}  # retired, not lost
        clock.wait(400)
        space.tend()
        assert KEY not in {cube.text for cube in space.cubes()}


def test_a_day_and_a_person_are_summed_up_by_rules() -> None:
    with told(Clock()) as space:
        assert len(space.tend()) == 2
        day = next(cube for cube in space.cubes() if cube.made_by == "text.tend.days")
        portrait = next(cube for cube in space.cubes() if cube.type == "core")
        assert len(day.events) == len(day.parents) == 3
        assert (portrait.speaker, len(portrait.parents)) == ("Ana", 3)
        assert space.tend() == []
        space.remember("I moved to Lisbon.", speaker="Ana", at=START + timedelta(hours=1))
        commits = space.tend()
        assert [commit.changes[0]["op"] for commit in commits] == ["revise", "revise"]  # made again, not beside
        assert commits[0].changes[0]["reason"] == "4 memories of 2026-01-01"
        assert len(space.get(day.id).parents) == 4


def test_a_mind_writes_the_day_and_the_portrait(script: Any) -> None:
    mind = script(summary="Ana spoke of her key, chess and the piano.", portrait="Ana is a beginner at the piano.")
    with told(Clock(), mind=mind) as space:
        space.tend(questions=5)
        assert mind.purposes() == ["summary", "portrait"]
        texts = {cube.text for cube in space.cubes() if cube.parents}
        assert texts == {"Ana spoke of her key, chess and the piano.", "Ana is a beginner at the piano."}
        assert any(hit.text == "Ana is a beginner at the piano." for hit in space.recall("Who is Ana?", k=6))
        space.tend(questions=5)
        assert mind.purposes() == ["summary", "portrait"]
