"""Stated preferences and requests that never mention them.

Source: Zhao, Hong, Liu, Hazarika, Lin, Do LLMs Recognize Your Preferences? Evaluating Personalized Preference
    Following in LLMs, 2025. arXiv 2502.09597 (data: github.com/amazon-science/PrefEval, CC BY-NC 4.0)
Needs: nothing
Cost: 504 one-sentence events, 504 questions
Differs: retrieval only, and all preferences are one store, although they would not be one person's

Every stated preference is one event of the role user; the explanation and the topic are never shown. A request
("hotels in Las Vegas?") has one gold preference ("I avoid a bustling nightlife"), the one written with it, and shares
few words with it. Other preferences of the same topic may fit as well and count as wrong, so no system reaches 1.
With one gold each, recall, any and all are the same number. Groups are the benchmark's topics.

>>> next(prefeval().load(None)).questions[0].gold
frozenset({'s0'})
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mnesis.bench.tasks import Case, Question, Task
from mnesis.bench.tasks._chats import Record
from mnesis.bench.tasks._files import located, records
from mnesis.words import Event

MEASURES = ("recall@10", "recall@1", "recall@5", "recall@20", "ndcg@10", "mrr")
SAMPLE: tuple[Record, ...] = (
    {
        "item_id": "s0",
        "topic": "travel_hotels",
        "preference": "I sleep badly anywhere near loud streets.",
        "question": "Which part of Naples should I stay in?",
    },
    {
        "item_id": "s1",
        "topic": "food",
        "preference": "I do not eat anything that has lived in the sea.",
        "question": "What should I order at a restaurant in Osaka?",
    },
    {
        "item_id": "s2",
        "topic": "books",
        "preference": "I only finish stories that are told in the first person.",
        "question": "Recommend a novel for a long train ride.",
    },
)


def prefeval() -> Task:
    """Retrieval of the preference that a request should respect."""

    def load(data: Path | None) -> Iterator[Case]:
        origin = "github.com/amazon-science/PrefEval (CC BY-NC 4.0)"
        rows = list(SAMPLE if data is None else records(located(data, "prefeval", "explicit.jsonl", origin)))
        yield Case(
            "prefeval",
            [Event(each["preference"], speaker="user", role="user", source=each["item_id"]) for each in rows],
            [
                Question(each["item_id"], each["question"], gold=frozenset({each["item_id"]}), group=each["topic"])
                for each in rows
            ],
        )

    return Task("prefeval", load, MEASURES, "CC BY-NC 4.0")
