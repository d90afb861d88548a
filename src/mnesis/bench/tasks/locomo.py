"""Long chats between two friends: find the turns that answer a question.

Source: Maharana, Lee, Tulyakov, Bansal, Barbieri, Fang, Evaluating Very Long-Term Conversational Memory of LLM
    Agents, 2024. arXiv 2402.17753 (data: github.com/snap-research/locomo, CC BY-NC 4.0)
Needs: nothing
Cost: about 550 turns to ingest and 200 questions a conversation
Differs: retrieval only, no answers are judged; evidence lists are split and ids that do not exist are dropped

Each conversation is a memory of its own. Every turn is one event with its speaker, the date and time of its session
and the caption of its image; summaries, observations and the search words an image was found with are never shown.

What is counted. Turns: the gold is exactly the turns the benchmark names, neighbours of a gold turn do not count.
`recall@k` is the share of a question's gold turns among the first k (averaged over questions), `any@k` and `all@k`
ask for one and for all of them. Categories 1 to 4 (multi-hop, temporal, open-domain, single-hop) are averaged
together; questions without gold are left out. Sessions: a session stands where its best turn stands; a conversation
has only 19 to 32 of them, so recall@10 over sessions is a third of everything and easily near 1: compare it only
with the reference rows beside it. Category 5 asks for something that was never said: it counts in no average; the
tempting turn's recall stands under the group `adversarial`, and `abstention_auroc` says how well the first hit's
score tells those questions from answerable ones (0.5 is chance). A question is asked at the time of the last session.

About eight in a hundred labels are known to be wrong; ``audited=True`` (``locomo:audited=true``) counts the corrected
evidence where a citation was wrong. The licence is non-commercial: nothing fitted on this data may be shipped.

>>> [len(case.questions) for case in locomo().load(None)]
[6]
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from mnesis.bench.tasks import Case, Question, Task
from mnesis.bench.tasks._chats import Record, case_of
from mnesis.bench.tasks._files import located, records

ADVERSARIAL = 5
MEASURES = (
    *("recall@10", "ndcg@10", "mrr"),
    *(f"{kind}@{k}" for kind in ("recall", "any", "all") for k in (1, 5, 10, 20) if (kind, k) != ("recall", 10)),
    *(f"session_recall@{k}" for k in (1, 5, 10)),
    *("session_any@5", "session_all@10", "abstention_auroc"),
)
SAMPLE: tuple[Record, ...] = (
    {
        "conversation_id": "sample",
        "sessions": [
            {
                "session_id": "session_1",
                "datetime_iso": "2024-02-03T10:15",
                "turns": [
                    {"turn_id": "D1:1", "speaker": "Noor", "text": "Morning Ben! I finally adopted the grey kitten."},
                    {"turn_id": "D1:2", "speaker": "Ben", "text": "Lovely, Noor! What did you call her?"},
                    {
                        "turn_id": "D1:3",
                        "speaker": "Noor",
                        "text": "Pebble. She slept on my cello case all night.",
                        "image_caption": "a small grey kitten on a black case",
                    },
                    {"turn_id": "D1:4", "speaker": "Ben", "text": "I am packing for Oslo, the new job starts Monday."},
                ],
            },
            {
                "session_id": "session_2",
                "datetime_iso": "2024-05-20T19:40",
                "turns": [
                    {"turn_id": "D2:1", "speaker": "Ben", "text": "Oslo is bright until eleven. I bought a kayak."},
                    {
                        "turn_id": "D2:2",
                        "speaker": "Noor",
                        "text": "I played the Elgar concerto on stage last Friday.",
                    },
                    {"turn_id": "D2:3", "speaker": "Ben", "text": "Bravo! My harbour course ends in two weeks."},
                ],
            },
        ],
        "questions": [
            {
                "question_id": "s0",
                "question": "What is the name of Noor's kitten?",
                "category": 4,
                "category_name": "single-hop",
                "evidence": ["D1:3"],
            },
            {
                "question_id": "s1",
                "question": "Which instrument and which piece did Noor play?",
                "category": 1,
                "category_name": "multi-hop",
                "evidence": ["D1:3", "D2:2"],
            },
            {
                "question_id": "s2",
                "question": "When did Noor perform the Elgar concerto?",
                "category": 2,
                "category_name": "temporal",
                "evidence": ["D2:2"],
            },
            {
                "question_id": "s3",
                "question": "Does Ben enjoy being on the water?",
                "category": 3,
                "category_name": "open-domain",
                "evidence": ["D2:1", "D2:3"],
            },
            {
                "question_id": "s4",
                "question": "What did Ben buy after he moved to Oslo?",
                "category": 4,
                "category_name": "single-hop",
                "evidence": ["D2:1"],
            },
            {
                "question_id": "s5",
                "question": "What did Ben name his kitten?",
                "category": 5,
                "category_name": "adversarial",
                "evidence": ["D1:3"],
            },
        ],
    },
)


def locomo(audited: bool = False) -> Task:
    """Turn and session retrieval over LoCoMo conversations; `audited` counts the corrected evidence."""

    def question(record: Record, end: datetime | None) -> Question:
        gold = (record.get("evidence_audited") if audited else None) or record["evidence"]
        return Question(
            record["question_id"],
            record["question"],
            gold=frozenset(gold),
            sessions=frozenset(f"session_{each[1:].partition(':')[0]}" for each in gold),
            group=record["category_name"],
            now=end,
            answerable=record["category"] != ADVERSARIAL,
        )

    def load(data: Path | None) -> Iterator[Case]:
        origin = "github.com/snap-research/locomo (CC BY-NC 4.0)"
        rows = SAMPLE if data is None else records(located(data, "locomo", "conversations.jsonl", origin))
        for conversation in rows:
            yield case_of(conversation, question)

    return Task("locomo-audited" if audited else "locomo", load, MEASURES, "CC BY-NC 4.0", depth=200)
