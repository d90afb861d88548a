"""Questions people typed into a search engine, each answered by one paragraph.

Source: Kwiatkowski, Palomaki, Redfield, Collins, Parikh and others, Natural Questions: A Benchmark for Question
    Answering Research, 2019. doi 10.1162/tacl_a_00276 (gold paragraphs as in Liu and others, Lost in the Middle: How
    Language Models Use Long Contexts, 2023, arXiv 2307.03172; CC BY-SA 3.0)
Needs: nothing
Cost: 2,587 passages to ingest, 1,354 questions
Differs: the corpus is only the gold paragraphs, not all of Wikipedia, so every distractor is gold for another question

All paragraphs are one store. Every paragraph is one event, ``title. text``. Each question has one gold paragraph, so
recall, any and all are the same number; another paragraph that also holds the answer does not count. This is the
plain counterweight to the multi-hop sets: what helps there must not cost anything here.

>>> len(next(nq().load(None)).questions)
2
"""

from __future__ import annotations

from mnesis.bench.tasks import Task
from mnesis.bench.tasks._passages import passages

MEASURES = ("recall@5", "recall@1", "recall@10", "recall@20", "ndcg@10", "mrr")
CORPUS = (
    {"passage_id": "p0", "title": "Saffron", "text": "Saffron is a spice taken from the stigmas of a crocus."},
    {"passage_id": "p1", "title": "Suspension bridge", "text": "Its deck hangs below cables between two towers."},
    {"passage_id": "p2", "title": "Leap year", "text": "A leap year has one added day, the 29th of February."},
)
QUESTIONS = (
    {"question_id": "s0", "question": "which flower does saffron come from", "gold_passages": ["p0"]},
    {"question_id": "s1", "question": "how many days does february have in a leap year", "gold_passages": ["p2"]},
)


def nq() -> Task:
    """Paragraph retrieval for Natural Questions with gold paragraphs."""
    origin = "github.com/nelson-liu/lost-in-the-middle (Natural Questions, CC BY-SA 3.0)"
    return Task("nq", passages("nq", "nq", origin, (CORPUS, QUESTIONS)), MEASURES, "CC BY-SA 3.0")
