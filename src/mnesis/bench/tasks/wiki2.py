"""Two- and four-hop questions over paragraphs, made from a knowledge graph.

Source: Ho, Nguyen, Sugawara, Aizawa, Constructing A Multi-hop QA Dataset for Comprehensive Evaluation of Reasoning
    Steps, 2020. arXiv 2011.01060 (data: github.com/Alab-NII/2wikimultihop, Apache-2.0)
Needs: nothing
Cost: 9,616 passages to ingest, 316 questions
Differs: a sample with its own corpus, so not the test of published tables

Asked for as ``2wiki``. All passages are one store, most of them pure distractors; the paragraphs a question came with
and its evidence triples are not given. Every passage is one event, ``title. text``. Gold is the two or four
supporting passages, exactly. With four gold passages recall@1 and recall@2 cannot exceed a quarter and a half.
Groups: compositional, inference, comparison, bridge_comparison.

>>> wiki2().name
'2wiki'
"""

from __future__ import annotations

from mnesis.bench.tasks import Task
from mnesis.bench.tasks._passages import passages

MEASURES = ("recall@5", "recall@1", "recall@2", "recall@10", "recall@20", "ndcg@10", "mrr", "any@5", "all@5", "all@10")
CORPUS = (
    {"passage_id": "p0", "title": "Winter Ferry", "text": "Winter Ferry is a 1952 film directed by Otto Lind."},
    {"passage_id": "p1", "title": "Otto Lind", "text": "Otto Lind (4 May 1901 – 9 July 1977) was a film director."},
    {"passage_id": "p2", "title": "Paper Moons", "text": "Paper Moons is a 1949 film directed by Rosa Vidal."},
    {"passage_id": "p3", "title": "Rosa Vidal", "text": "Rosa Vidal (2 June 1910 – 1 March 1969) made eleven films."},
    {"passage_id": "p4", "title": "Ferry", "text": "A ferry carries passengers and cars across water."},
)
QUESTIONS = (
    {
        "question_id": "s0",
        "question": "When did the director of Winter Ferry die?",
        "gold_passages": ["p0", "p1"],
        "type": "compositional",
    },
    {
        "question_id": "s1",
        "question": "Which film has the director who died earlier, Winter Ferry or Paper Moons?",
        "gold_passages": ["p0", "p1", "p2", "p3"],
        "type": "bridge_comparison",
    },
)


def wiki2() -> Task:
    """Passage retrieval for 2WikiMultiHopQA questions over one shared corpus."""
    origin = "github.com/Alab-NII/2wikimultihop (Apache-2.0)"
    return Task("2wiki", passages("2wiki", "2wikimultihopqa", origin, (CORPUS, QUESTIONS)), MEASURES, "Apache-2.0")
