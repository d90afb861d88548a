"""Questions over two paragraphs: a bridge between them, or a comparison.

Source: Yang, Qi, Zhang, Bengio, Cohen, Salakhutdinov, Manning, HotpotQA: A Dataset for Diverse, Explainable
    Multi-hop Question Answering, 2018. arXiv 1809.09600 (data: hotpotqa.github.io, CC BY-SA 4.0)
Needs: nothing
Cost: 2,960 passages to ingest, 164 questions
Differs: a sample of the distractor setting whose paragraphs are pooled into one corpus of 2,960, not all of Wikipedia

All paragraphs of all questions are one store; the ten a question came with are not given. Every paragraph is one
event, ``title. text``. Gold is the two supporting paragraphs, exactly (not their sentences). `recall@5` is the share
of them among the first five; `all@5` asks for both. Groups: bridge and comparison.

>>> sorted(next(hotpotqa().load(None)).questions[0].gold)
['p0', 'p1']
"""

from __future__ import annotations

from mnesis.bench.tasks import Task
from mnesis.bench.tasks._passages import passages

MEASURES = ("recall@5", "recall@1", "recall@2", "recall@10", "recall@20", "ndcg@10", "mrr", "any@5", "all@5", "all@10")
CORPUS = (
    {"passage_id": "p0", "title": "Harbour Lights", "text": "Harbour Lights is a 1994 novel by Mara Quist."},
    {"passage_id": "p1", "title": "Mara Quist", "text": "Mara Quist is a Danish novelist and former rower."},
    {"passage_id": "p2", "title": "The Salt Road", "text": "The Salt Road is a 2001 novel by Pim Aster."},
    {"passage_id": "p3", "title": "Rowing", "text": "Rowing is a sport in which crews race in shells."},
)
QUESTIONS = (
    {
        "question_id": "s0",
        "question": "Which sport did the author of Harbour Lights once practise?",
        "gold_passages": ["p0", "p1"],
        "type": "bridge",
    },
    {
        "question_id": "s1",
        "question": "Which novel came out first, Harbour Lights or The Salt Road?",
        "gold_passages": ["p0", "p2"],
        "type": "comparison",
    },
)


def hotpotqa() -> Task:
    """Paragraph retrieval for two-hop questions over one shared corpus."""
    origin = "hotpotqa.github.io (CC BY-SA 4.0)"
    return Task("hotpotqa", passages("hotpotqa", "hotpotqa", origin, (CORPUS, QUESTIONS)), MEASURES, "CC BY-SA 4.0")
