"""The same question for other years: find the paragraph that holds then.

Source: Chen, Wang, Wang, Wang, A Dataset for Answering Time-Sensitive Questions, 2021. arXiv 2108.06314 (data:
    github.com/wenhuchen/Time-Sensitive-QA, BSD-3-Clause)
Needs: nothing
Cost: 15,335 paragraphs to ingest, 1,134 questions
Differs: retrieval of paragraphs instead of answers; only the human-annotated part

Every paragraph of an article is one event, ``title. text``, in the article's order, with the article as its session;
headings are paragraphs of their own. Nothing has a date of its own: the years stand in the text. The questions about
one article differ only in the years asked about, so the hard distractors are the same person's other years.
By default all articles are one store; ``within=True`` (``timeqa:within=true``, reported as ``timeqa-within``) makes
each article a store of its own, which leaves time as the only thing to tell by. Gold is the annotated paragraphs,
exactly; about one question in six has none because the article does not say: those count for `abstention_auroc`
with the first hit's score, and in no recall.

>>> [question.answerable for question in next(timeqa().load(None)).questions]
[True, True, False]
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mnesis.bench.tasks import Case, Question, Task
from mnesis.bench.tasks._files import located, records
from mnesis.bench.tasks._passages import Record
from mnesis.words import Event

MEASURES = (
    *("recall@10", "recall@1", "recall@5", "recall@20", "ndcg@10", "mrr"),
    *("any@5", "any@10", "all@10", "abstention_auroc"),
)
CORPUS: tuple[Record, ...] = (
    {"passage_id": "lena:0", "title": "Lena Falk", "text": "Lena Falk"},
    {"passage_id": "lena:1", "title": "Lena Falk", "text": "Lena Falk is a Norwegian football coach."},
    {"passage_id": "lena:2", "title": "Lena Falk", "text": "Career"},
    {"passage_id": "lena:3", "title": "Lena Falk", "text": "From 2001 to 2004 she trained Brann."},
    {"passage_id": "lena:4", "title": "Lena Falk", "text": "In 2005 she moved to Viking, where she stayed until 2011."},
    {"passage_id": "arno:0", "title": "Arno Wit", "text": "Arno Wit trained Ajax from 2001 to 2003."},
)
QUESTIONS: tuple[Record, ...] = (
    {
        "question_id": "s0",
        "question": "Which team did Lena Falk coach from 2002 to 2003?",
        "gold_passages": ["lena:3"],
        "document": "lena",
    },
    {
        "question_id": "s1",
        "question": "Which team did Lena Falk coach in 2008?",
        "gold_passages": ["lena:4"],
        "document": "lena",
    },
    {
        "question_id": "s2",
        "question": "Which team did Arno Wit coach from 2009 to 2010?",
        "gold_passages": [],
        "document": "arno",
    },
)


def timeqa(within: bool = False) -> Task:
    """Paragraph retrieval under a time constraint, over all articles or `within` each."""

    def load(data: Path | None) -> Iterator[Case]:
        origin = "github.com/wenhuchen/Time-Sensitive-QA (BSD-3-Clause)"
        if data is None:
            corpus, asked = list(CORPUS), list(QUESTIONS)
        else:
            corpus = list(records(located(data, "timeqa", "corpus.jsonl", origin)))
            asked = list(records(located(data, "timeqa", "questions.jsonl", origin)))
        if not within:
            yield Case("timeqa", [_event_of(each) for each in corpus], [_question_of(each) for each in asked])
            return
        articles: dict[str, list[Record]] = {}
        for passage in corpus:
            articles.setdefault(_document_of(passage), []).append(passage)
        questions: dict[str, list[Question]] = {}
        for record in asked:
            questions.setdefault(record["document"], []).append(_question_of(record))
        for name, of_it in questions.items():
            yield Case(name, [_event_of(each) for each in articles[name]], of_it)

    return Task("timeqa-within" if within else "timeqa", load, MEASURES, "BSD-3-Clause")


def _document_of(passage: Record) -> str:
    """The article a paragraph belongs to: its id up to the last colon."""
    return str(passage["passage_id"]).rpartition(":")[0]


def _event_of(passage: Record) -> Event:
    """A paragraph as a user would hand it over."""
    title = passage["title"]
    return Event(
        f"{title}. {passage['text']}",
        source=passage["passage_id"],
        session=_document_of(passage),
        meta={"title": title},
    )


def _question_of(record: Record) -> Question:
    """A question; without gold it has no answer in its article."""
    gold = frozenset(record["gold_passages"])
    return Question(record["question_id"], record["question"], gold=gold, answerable=bool(gold))
