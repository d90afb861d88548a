"""Draft clues from a memory of the whole, and search by them.

Source: Qian, Liu, Zhang, Mao, Lian, Dou and Huang, MemoRAG: Moving towards Next-Gen RAG Via Memory-Inspired Knowledge
    Discovery, 2024. arXiv 2409.05591
Needs: nothing
Cost: one spread of activation, one question, one word search a clue
Differs: the global memory is the graph's facts by activation and weight, where the paper's is a light model with a
    long, compressed context; without a language model the most active of these facts are the clues.

A question may name nothing that stands in the memory that answers it ("How did her plans change?"). What is known of
the whole tells what the answer could look like: the facts that are active when the question is thought of, and those
that many memories share. From these, clues are drafted, and each is searched for as if it had been asked.
"""

from __future__ import annotations

import numpy as np

from mnesis.drive import Asking, nobody, settled
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text import ask
from mnesis.text.asked import mixed, named, passages
from mnesis.text.find import Find
from mnesis.text.graph import FACT, Graph, graph, parts, spread
from mnesis.text.question import content
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.words import NOTHING, Found, Query, union


def clues(gist: int = 60, drafts: int = 5, limit: int | None = None) -> Find:
    """A finder by clues; the outline has `gist` facts, and `drafts` of them are clues where nobody is asked."""
    if min(gist, drafts) < 1:
        raise BadInput(f"gist={gist} and drafts={drafts} must both be at least 1.")

    def find(query: Query, view: View, found: Found) -> Asking[Found]:
        web = graph(view)
        outline = _outline(query, view, found, web, gist)
        if not outline or not content(query.text):
            return NOTHING
        drafted = yield ask.clues(query.text, outline, drafts)
        searched = []
        for at, clue in enumerate((drafted or ())[:drafts]):
            match = view.words(content(clue))
            rows, score = match.top(limit or query.limit)
            if len(rows):
                column = (score / np.float32(match.attainable)).astype(np.float32)
                searched.append(Found(rows, column, {f"clue {at}": column}))
        if not searched:
            return NOTHING
        best = settled(reciprocal_rank()(query, union(*searched), view), nobody).best(limit or query.limit)
        column = (best.score / best.score[0]).astype(np.float32)
        return Found(best.rows, column, {"clues": column})

    return find


def _outline(query: Query, view: View, found: Found, web: Graph, most: int) -> list[str]:
    """The facts a question makes active, and behind them those that most memories state."""
    begin = mixed((named(query.text, web), 0.7), (passages(query, view, found, web, 5) if len(found) else {}, 0.3))
    if not begin:
        return []
    active = [node for node in spread(web, begin, least=1e-3) if web.names[node].startswith(FACT)]
    return [" ".join(parts(web.names[node]) or ()) for node in active[:most]]
