"""A fact is replaced: asked now, the newer text must stand above the older.

Source: Marjanović, Yu, Atanasova, Maistro, Lioma, Augenstein, DYNAMICQA: Tracing Internal Knowledge Conflicts in
    Language Models, 2024. arXiv 2407.17023 (data: github.com/copenlu/dynamicqa, MIT)
Needs: nothing
Cost: two paragraphs and one question for each of 1,272 facts
Differs: the benchmark asks what a language model believes; here both texts are given to a memory one after the other

Of the temporal part, every paragraph with the old value is told on 2020-01-01 and the same paragraph with the new
value on 2024-01-01, all of them in one store, the old ones first; they differ in a word or two. Each question is asked
on 2024-07-01. The new value is a replacement chosen by the benchmark's authors, not a truth about the world.

`newer_first` counts the questions for which at least one of the two was among the first 50 and is 1 where the newer
was found and the older stands below it or is gone: a memory that retires the older text answers "now" as well as one
that ranks it lower. A ranking that knows no time is at one half. Gold for recall is the newer text alone, so
`newer_first` cannot be bought by finding little, and `older_found@50` says how often the older text is still
reachable by recall (neither good nor bad by itself: history is asked for with ``as_of``).

>>> next(dynamicqa().load(None)).questions[0].prefer
('s0#2', 's0#1')
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from mnesis.bench.tasks import Case, Question, Task
from mnesis.bench.tasks._chats import Record
from mnesis.bench.tasks._files import located, records
from mnesis.words import Event

BEFORE, AFTER, ASKED = (datetime(*day, tzinfo=UTC) for day in ((2020, 1, 1), (2024, 1, 1), (2024, 7, 1)))
MEASURES = ("newer_first", "recall@1", "recall@5", "recall@10", "recall@20", "mrr", "older_found@50")
SAMPLE: tuple[Record, ...] = (
    {
        "item_id": "s0",
        "question": "Where is the head office of the Larch Company?",
        "text_old": "The Larch Company makes looms. Its head office is in Ghent.",
        "text_new": "The Larch Company makes looms. Its head office is in Porto.",
    },
    {
        "item_id": "s1",
        "question": "Who conducts the Tern Orchestra?",
        "text_old": "The Tern Orchestra plays on three islands and is led by Ewa Koss.",
        "text_new": "The Tern Orchestra plays on three islands and is led by Jun Abe.",
    },
)


def dynamicqa() -> Task:
    """Does the newest of two contradicting texts win, and is it found?"""

    def load(data: Path | None) -> Iterator[Case]:
        origin = "github.com/copenlu/dynamicqa (MIT)"
        rows = list(SAMPLE if data is None else records(located(data, "dynamicqa", "temporal.jsonl", origin)))
        older = [Event(each["text_old"], at=BEFORE, source=f"{each['item_id']}#1") for each in rows]
        newer = [Event(each["text_new"], at=AFTER, source=f"{each['item_id']}#2") for each in rows]
        yield Case("dynamicqa", older + newer, [_question_of(each) for each in rows])

    return Task("dynamicqa", load, MEASURES, "MIT", k=50)


def _question_of(record: Record) -> Question:
    """The question asked after both texts were told."""
    old, new = f"{record['item_id']}#1", f"{record['item_id']}#2"
    return Question(record["item_id"], record["question"], gold=frozenset({new}), now=ASKED, prefer=(new, old))
