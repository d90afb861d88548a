"""Questions that need two to four passages, none of which gives it away.

Source: Trivedi, Balasubramanian, Khot, Sabharwal, MuSiQue: Multihop Questions via Single-hop Question Composition,
    2022. arXiv 2108.00573 (data: github.com/StonyBrookNLP/musique, CC BY 4.0)
Needs: nothing
Cost: 5,008 passages to ingest, 147 questions
Differs: a sample with its own corpus, smaller than the 11,656 passages of published tables, and so easier

All passages of all questions are one store, shared by every question; the twenty paragraphs a question came with are
not given. Every passage is one event, ``title. text``. Gold is the passages of the question's decomposition, exactly;
the decomposition itself is never shown. `recall@5` is the share of them among the first five, and `all@5` asks for
the whole chain. Groups are the shapes of the chains (2hop, 3hop1 …).

>>> len(next(musique().load(None)).events)
5
"""

from __future__ import annotations

from mnesis.bench.tasks import Task
from mnesis.bench.tasks._passages import passages

MEASURES = ("recall@5", "recall@1", "recall@2", "recall@10", "recall@20", "ndcg@10", "mrr", "any@5", "all@5", "all@10")
CORPUS = (
    {"passage_id": "p0", "title": "Vela Lighthouse", "text": "The Vela Lighthouse was designed by Ida Brandt in 1911."},
    {"passage_id": "p1", "title": "Ida Brandt", "text": "Ida Brandt was an engineer born in the town of Morrow."},
    {"passage_id": "p2", "title": "Morrow", "text": "Morrow is a mining town on the river Sill."},
    {"passage_id": "p3", "title": "Sill", "text": "The Sill rises in the eastern hills and is 140 km long."},
    {"passage_id": "p4", "title": "Vela", "text": "Vela is a constellation of the southern sky."},
)
QUESTIONS = (
    {
        "question_id": "s0",
        "question": "In which town was the designer of the Vela Lighthouse born?",
        "gold_passages": ["p0", "p1"],
        "type": "2hop",
    },
    {
        "question_id": "s1",
        "question": "On which river lies the birthplace of the designer of the Vela Lighthouse?",
        "gold_passages": ["p0", "p1", "p2"],
        "type": "3hop1",
    },
)


def musique() -> Task:
    """Passage retrieval for multi-hop questions over one shared corpus."""
    origin = "github.com/StonyBrookNLP/musique (CC BY 4.0)"
    return Task("musique", passages("musique", "musique", origin, (CORPUS, QUESTIONS)), MEASURES, "CC BY 4.0")
