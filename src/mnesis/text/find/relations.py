"""Find what relates to the entities a question names, one edge away or two.

Source: Prateek Chhikara, Dev Khant, Saket Aryan, Taranjeet Singh, Deshraj Yadav, Mem0: Building Production-Ready AI
    Agents with Scalable Long-Term Memory, 2025. arXiv 2504.19413
Needs: nothing
Cost: one look-up of links for the runs of words in the question, and one for what they lead to
Differs: entities of the question are matched by name; the paper's other way in, by the meaning of whole relations, is
    what the finders by words and vectors do with the memories of the relations.

Runs of up to `longest` words of the question are looked up as entities. The relations that begin or end there are
found, and at half weight those of the entities they lead to. An entity that is related to everything says little, so
its relations count less.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.store.terms import STOP
from mnesis.text.decide.relations import node
from mnesis.text.find import Find
from mnesis.words import NOTHING, Found, Query

WORD = re.compile(r"\w+(?:['’-]\w+)*")
ENDS = ("subject", "object")
AROUND = 60  # entities a second step starts from


def relations(longest: int = 3) -> Find:
    """A finder along edges between entities."""
    if longest < 1:
        raise BadInput(f"longest={longest} makes no sense; a name has at least 1 word.")

    def find(query: Query, view: View, found: Found) -> Found:
        if not len(view):
            return NOTHING
        named = _nodes(query.text, longest)
        worth: dict[str, float] = defaultdict(float)
        for id, share in _related(view, named).items():
            worth[id] += share
        if not worth:
            return NOTHING
        around = [each.tail for each in view.linked(sorted(worth)[: query.limit], ENDS) if each.tail not in named]
        for id, share in _related(view, list(dict.fromkeys(around))[:AROUND]).items():
            if id not in worth:
                worth[id] = 0.5 * share
        ids = sorted(worth)
        rows = view.rows(ids)
        score = np.array([worth[id] for id in ids], np.float32)[rows >= 0]
        brought = Found(rows[rows >= 0], score, {"relations": score})
        order = np.argsort(brought.rows)
        return brought.take(order).best(query.limit)

    return find


def _nodes(text: str, longest: int) -> list[str]:
    """The entities a text may name: runs of words, those of little words alone left out."""
    words = [re.sub(r"['’]s?$", "", each) for each in WORD.findall(text)]
    runs = (words[at : at + size] for size in range(1, longest + 1) for at in range(len(words) - size + 1))
    return list(dict.fromkeys(node(" ".join(run)) for run in runs if not STOP.issuperset(each.lower() for each in run)))


def _related(view: View, nodes: Iterable[str]) -> dict[str, float]:
    """The memories of relations that touch these entities, and how much each says."""
    links = view.linked(list(nodes), ENDS)
    degree = Counter(each.tail for each in links)
    out: dict[str, float] = defaultdict(float)
    for each in links:
        out[each.head] += 1 / (1 + math.log(degree[each.tail]))
    return out
