"""Chats of 100 thousand to a million tokens with an assistant, ten abilities.

Source: Tavakoli, Salemi, Ye, Abdalla, Zamani, Mitchell, Beyond a Million Tokens: Benchmarking and Enhancing
    Long-Term Memory in LLMs, 2025. arXiv 2510.27246 (data: github.com/mohammadtavakoli78/BEAM, CC BY-SA 4.0)
Needs: nothing
Cost: 270 messages of about 2,000 characters a conversation at 100K, 1,000 to 1,750 at 500K and 1M
Differs: retrieval only; markers by which the generator linked messages to its probing questions are taken out

Each conversation is a memory of its own; every message of both roles is one event with role and session date. Gold
is the messages the benchmark names as the source of an answer, exactly; three quarters of them are the user's, and
the assistant's long messages are the distractors, so searching only user messages scores higher and can never find
the rest: here both roles are always in the store. `recall@k` is the share of gold messages among the first k.
Summaries and event orderings have many gold messages (up to dozens), so all@10 is out of reach for some of them and
recall@10 is bounded below 1. Questions of the ability `abstention` have no gold: they are in no recall average and
give `abstention_auroc` with the first hit's score. A question is asked at the date of the last session.
``size="500K"`` and ``"1M"`` (``beam:size=500K``) are runs of their own; the 1M part is a subset of the benchmark.

>>> next(beam().load(None)).questions[0].group
'knowledge_update'
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from mnesis.bench.tasks import Case, Question, Task
from mnesis.bench.tasks._chats import Record, case_of
from mnesis.bench.tasks._files import located, records
from mnesis.errors import UnknownName

SIZES = ("100K", "500K", "1M")
MEASURES = (
    *("recall@10", "ndcg@10", "mrr", "recall@1", "recall@5", "recall@20"),
    *("any@5", "any@10", "all@10", "abstention_auroc"),
)
SAMPLE: tuple[Record, ...] = (
    {
        "conversation_id": "sample",
        "sessions": [
            {
                "session_id": "batch1.1",
                "datetime": "March-15-2024",
                "turns": [
                    {"turn_id": "0", "speaker": "user", "text": "My budget tracker should be ready by April 5."},
                    {"turn_id": "1", "speaker": "assistant", "text": "Then start with the ledger table and its tests."},
                    {"turn_id": "2", "speaker": "user", "text": "I prefer plain SQL over an object mapper."},
                    {"turn_id": "3", "speaker": "assistant", "text": "Noted: hand-written queries, one file each."},
                ],
            },
            {
                "session_id": "batch2.1",
                "datetime": "April-02-2024",
                "turns": [
                    {"turn_id": "4", "speaker": "user", "text": "The budget tracker's deadline moved to April 19."},
                    {"turn_id": "5", "speaker": "assistant", "text": "Good, that leaves room for the export page."},
                ],
            },
        ],
        "questions": [
            {
                "question_id": "s0",
                "question": "When must my budget tracker be ready?",
                "category": "knowledge_update",
                "evidence": ["0", "4"],
            },
            {
                "question_id": "s1",
                "question": "How do I like to talk to a database?",
                "category": "preference_following",
                "evidence": ["2"],
            },
            {
                "question_id": "s2",
                "question": "Who designed the logo of my tracker?",
                "category": "abstention",
                "evidence": [],
            },
        ],
    },
)


def beam(size: str = "100K") -> Task:
    """Message retrieval over BEAM conversations of one size."""
    if size not in SIZES:
        raise UnknownName("size of beam", size, SIZES)

    def question(record: Record, end: datetime | None) -> Question:
        return Question(
            record["question_id"],
            record["question"],
            gold=frozenset(record["evidence"]),
            group=record["category"],
            now=end,
            answerable=record["category"] != "abstention",
        )

    def load(data: Path | None) -> Iterator[Case]:
        origin = "github.com/mohammadtavakoli78/BEAM (CC BY-SA 4.0)"
        rows = SAMPLE if data is None else records(located(data, "beam", f"conversations_{size}.jsonl", origin))
        for conversation in rows:
            yield case_of(conversation, question, roles=True)

    return Task("beam" if size == SIZES[0] else f"beam-{size}", load, MEASURES, "CC BY-SA 4.0")
