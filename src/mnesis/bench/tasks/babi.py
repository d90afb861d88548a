"""Supporting facts in stories of a toy world: who is where, who has what.

Source: Weston, Bordes, Chopra, Rush, van Merriënboer, Joulin and Mikolov, Towards AI-Complete Question Answering: A
    Set of Prerequisite Toy Tasks, 2015. arXiv 1502.05698 (data: research.facebook.com, CC BY 3.0)
Needs: nothing
Cost: 25 stories of each of six tasks, a memory and a question each
Differs: what is asked for is the statements that support the answer, not the answer; a story is told to the end, and of
    each only the last question is asked, so every statement is known when it is.

Tasks 1 to 3 (one, two and three supporting facts), 7 (counting), 8 (lists) and 14 (time), in that order of difficulty.
Statements are told a minute apart. The language is a toy's and the gold is exact, so what is missed is missed by the
search and not by the wording; nothing is lexically near where a fact is two steps away ("Where is the football?" and
"John went to the garden").

>>> next(babi().load(None)).questions[0].gold == {"1", "2"}
True
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mnesis.bench.tasks import Case, Question, Task
from mnesis.bench.tasks._files import located, records
from mnesis.words import Event

TASKS = ("qa1", "qa2", "qa3", "qa7", "qa8", "qa14")
MEASURES = ("recall@5", "recall@1", "recall@2", "recall@10", "mrr", "all@5", "all@10")
STORIES = 25  # of each task
START = datetime(2026, 1, 1, tzinfo=UTC)
SAMPLE: tuple[dict[str, Any], ...] = (
    {
        "story_id": "s0",
        "task": "qa2",
        "task_name": "two-supporting-facts",
        "statements": [
            {"turn_id": "1", "text": "Mary took the lantern."},
            {"turn_id": "2", "text": "Mary walked to the barn."},
            {"turn_id": "3", "text": "Tom walked to the pond."},
        ],
        "questions": [
            {"question_id": "s0-q", "question": "Where is the lantern?", "evidence": ["1", "2"], "asked_after": 4}
        ],
    },
)


def babi(stories: int = STORIES) -> Task:
    """Supporting facts of toy stories, by task."""

    def load(data: Path | None) -> Iterator[Case]:
        left = dict.fromkeys(TASKS, stories)
        for story in SAMPLE if data is None else _stories(data):
            if left.get(story["task"], 0) > 0 and story["questions"]:
                left[story["task"]] -= 1
                yield _case(story)

    return Task("babi", load, MEASURES, "CC BY 3.0", k=10)


def _stories(data: Path) -> Iterator[dict[str, Any]]:
    path = located(data, "babi", "stories.jsonl", "research.facebook.com/downloads/babi (CC BY 3.0)")
    yield from records(path)


def _case(story: dict[str, Any]) -> Case:
    last = story["questions"][-1]
    known = [each for each in story["statements"] if int(each["turn_id"]) < int(last["asked_after"]) + 1]
    events = [
        Event(each["text"], at=START + timedelta(minutes=int(each["turn_id"])), source=each["turn_id"])
        for each in known
    ]
    now = START + timedelta(minutes=int(last["asked_after"]) + 1)
    group = f"{story['task']} {story['task_name']}"
    gold = frozenset(str(each) for each in last["evidence"])
    return Case(
        story["story_id"], events, [Question(last["question_id"], last["question"], gold, group=group, now=now)]
    )
