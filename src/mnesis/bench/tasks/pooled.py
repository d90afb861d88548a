"""Questions over several passages, with the passages of four sets in one store.

Source: Trivedi, Balasubramanian, Khot, Sabharwal, MuSiQue: Multihop Questions via Single-hop Question Composition,
    2022. arXiv 2108.00573 and the sources of the tasks hotpotqa, wiki2 and nq
    (CC BY 4.0, Apache-2.0, CC BY-SA 3.0; all of them together CC BY-SA 4.0)
Needs: nothing
Cost: 20,171 passages to ingest, 627 questions
Differs: the paper knows no such pool; the passages are those of the four samples, repeats among them included

What is easy among the passages a question came with may be hard among others that speak of the same people and places.
All passages of `musique`, `hotpotqa`, `wiki2` and `nq` are one store; the questions are those of the first three, and
the set a question comes from is its group.

>>> case = next(pooled().load(None))
>>> len(case.events), sorted({question.group for question in case.questions})
(17, ['2wiki', 'hotpotqa', 'musique'])
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mnesis.bench.tasks import Case, Task
from mnesis.bench.tasks.hotpotqa import hotpotqa
from mnesis.bench.tasks.musique import musique
from mnesis.bench.tasks.nq import nq
from mnesis.bench.tasks.wiki2 import wiki2
from mnesis.words import replace

MEASURES = ("recall@5", "recall@1", "recall@2", "recall@10", "recall@20", "ndcg@10", "mrr", "any@5", "all@5", "all@10")


def pooled() -> Task:
    """Passage retrieval for multi-hop questions over the corpora of four sets."""

    def load(data: Path | None) -> Iterator[Case]:
        asked = [(task.name, next(task.load(data))) for task in (musique(), hotpotqa(), wiki2())]
        events = [
            replace(event, source=f"{name}:{event.source}")
            for name, case in [*asked, ("nq", next(nq().load(data)))]
            for event in case.events
        ]
        questions = [
            replace(each, id=f"{name}:{each.id}", gold=frozenset(f"{name}:{one}" for one in each.gold), group=name)
            for name, case in asked
            for each in case.questions
        ]
        yield Case("pooled", events, questions)

    return Task("pooled", load, MEASURES, "CC BY-SA 4.0")
