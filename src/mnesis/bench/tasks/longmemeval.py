"""Histories of chats with an assistant: find the sessions that answer a question.

Source: Wu, Wang, Yu, Zhang, Chang, Yu, LongMemEval: Benchmarking Chat Assistants on Long-Term Interactive Memory,
    2024. arXiv 2410.10813 (data: github.com/xiaowu0162/LongMemEval, MIT)
Needs: nothing
Cost: about 500 turns to ingest for each history
Differs: a small sample of the benchmark (two histories and a pool of oracle sessions), most of whose questions were
    added by the repositories it was found in

Each history is a memory of its own: about 40 sessions, the haystack that came with the question, not one corpus
shared by all questions (which is far harder). Every turn of both roles is one event; nothing is cut to 256 tokens
and no answer-bearing mark is shown. The measures are over sessions: a session stands where its best turn stands, and
`session_recall@5` is the share of a question's gold sessions among the first five, while `session_any@5` is the
"recall" most projects quote. Turns count only for the few questions that have gold turns. Questions are asked at the
date they carry, or at the last session's. Groups are the benchmark's own types and ``added-by-source-repo``.
Abstention items are not in the sample. Eighteen questions: read the intervals before the values.

One of the added labels is wrong: the question about a film by Frank Lloyd cites a session on applying to Oxford,
while another session says, nearly in the words of the question, which film it was. ``audited=True``
(``longmemeval:audited=true``, reported as ``longmemeval-audited``) counts that session instead; as published, a
method is rewarded there for an unrelated session that it happens to rank well.

``pool=True`` (``longmemeval:pool=true``, reported as ``longmemeval-pool``) is eight more questions over one history
made of their own gold sessions: nearly everything in it is gold for something, so it is far easier and stands apart.

>>> [(case.name, len(case.events)) for case in longmemeval().load(None)]
[('sample_history', 6)]
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from mnesis.bench.tasks import Case, Question, Task
from mnesis.bench.tasks._chats import Record, case_of
from mnesis.bench.tasks._files import located, records, when

MEASURES = (
    *("session_recall@5", "session_ndcg@10", "session_mrr"),
    *(f"session_{kind}@{k}" for kind in ("recall", "any", "all") for k in (1, 5, 10) if (kind, k) != ("recall", 5)),
    *("recall@5", "recall@10", "ndcg@10"),
)
RELABELLED = {"852ce960_8": ("ultrachat_224140",)}  # see above
SAMPLE: dict[str, tuple[Record, ...]] = {
    "haystacks.jsonl": (
        {
            "conversation_id": "sample_history",
            "sessions": [
                {
                    "session_id": "a1",
                    "datetime": "2024/01/09 (Tue) 08:30",
                    "turns": [
                        {"turn_id": "a1_t0", "speaker": "user", "text": "I keep bees, and my hive lost its queen."},
                        {"turn_id": "a1_t1", "speaker": "assistant", "text": "Order a mated queen before April."},
                    ],
                },
                {
                    "session_id": "a2",
                    "datetime": "2024/02/14 (Wed) 21:05",
                    "turns": [
                        {"turn_id": "a2_t0", "speaker": "user", "text": "Plan three dinners without onions, please."},
                        {"turn_id": "a2_t1", "speaker": "assistant", "text": "Monday: lentils with roasted carrots."},
                    ],
                },
                {
                    "session_id": "a3",
                    "datetime": "2024/03/30 (Sat) 17:00",
                    "turns": [
                        {"turn_id": "a3_t0", "speaker": "user", "text": "The new queen arrived, the bees are calm."},
                        {"turn_id": "a3_t1", "speaker": "assistant", "text": "Check for eggs in ten days."},
                    ],
                },
            ],
            "questions": [
                {
                    "question_id": "s0",
                    "question": "Did my bees get a new queen?",
                    "category": "knowledge-update",
                    "question_date": "2024/04/02 (Tue) 09:00",
                    "evidence_sessions": ["a1", "a3"],
                    "evidence": ["a1_t0", "a3_t0"],
                },
                {
                    "question_id": "s1",
                    "question": "What did you suggest I cook on Monday?",
                    "category": "single-session-assistant",
                    "evidence_sessions": ["a2"],
                    "evidence": [],
                },
            ],
        },
    ),
    "oracle_pool.jsonl": (
        {
            "conversation_id": "sample_pool",
            "sessions": [
                {
                    "session_id": "b1",
                    "datetime": "2023/06/01 (Thu) 12:00",
                    "turns": [
                        {"turn_id": "b1_t0", "speaker": "user", "text": "I run along the canal every Tuesday."},
                        {"turn_id": "b1_t1", "speaker": "assistant", "text": "Add a rest day after it."},
                    ],
                },
            ],
            "questions": [
                {
                    "question_id": "p0",
                    "question": "On which day do I run?",
                    "category": "single-session-user",
                    "evidence_sessions": ["b1"],
                    "evidence": [],
                },
            ],
        },
    ),
}


def longmemeval(pool: bool = False, audited: bool = False) -> Task:
    """Session retrieval over LongMemEval histories, or over a `pool` of oracle sessions; `audited` counts the
    corrected label."""

    def question(record: Record, end: datetime | None) -> Question:
        name = record["question_id"]
        return Question(
            name,
            record["question"],
            gold=frozenset(record["evidence"]),
            sessions=frozenset(RELABELLED.get(name, ()) if audited else ()) or frozenset(record["evidence_sessions"]),
            group=record["category"],
            now=when(record.get("question_date", "")) or end,
        )

    def load(data: Path | None) -> Iterator[Case]:
        origin = "github.com/xiaowu0162/LongMemEval (MIT)"
        name = "oracle_pool.jsonl" if pool else "haystacks.jsonl"
        rows = SAMPLE[name] if data is None else records(located(data, "longmemeval-sample", name, origin))
        for conversation in rows:
            yield case_of(conversation, question, roles=True)

    name = "longmemeval" + "-pool" * pool + "-audited" * audited
    return Task(name, load, MEASURES, "MIT", depth=200)
