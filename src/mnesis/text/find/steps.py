"""Walk the graph edge by edge, each step chosen by what is still lacking.

Source: Feng, Zhang and Fei, Knowledge Solver: Teaching LLMs to Search for Domain Knowledge from Knowledge Graphs,
    2023. arXiv 2309.03118
Needs: nothing
Cost: `hops` choices among at most `options` edges for each of `ends` beginnings
Differs: nobody has to be asked: a rule then takes the edge that leads to most of the words the question still lacks,
    and stops where none leads to any.

From what the question names, the walk goes from fact to fact. At every step it is asked which way leads towards the
answer, a choice among the names of facts and things; what is passed is a whole path, given back with the memories
that state its facts (the column says how early on a path a memory stands). Nothing is found that no path leads to.
"""

from __future__ import annotations

import numpy as np

from mnesis.drive import Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.store.terms import terms
from mnesis.text import ask
from mnesis.text.asked import named, reached
from mnesis.text.find import Find
from mnesis.text.graph import FACT, Graph, graph, parts
from mnesis.text.question import content
from mnesis.words import NOTHING, Found, Query

STOP = "stop"


def steps(hops: int = 4, options: int = 12, ends: int = 3, limit: int | None = None) -> Find:
    """A finder by steps over facts."""
    if min(hops, options, ends) < 1:
        raise BadInput("hops, options and ends must each be at least 1.")

    def find(query: Query, view: View, found: Found) -> Asking[Found]:
        web = graph(view)
        asked = named(query.text, web)
        worth: dict[int, float] = {}
        for begin in sorted(asked, key=lambda node: (-asked[node], node))[:ends]:
            path = yield from _walked(query, view, web, begin, hops, options)
            for at, node in enumerate(path):
                for each in web.edges(node)[0].tolist():
                    worth[each] = max(1.0 / (1 + at), worth.get(each, 0.0))
        order = sorted(worth, key=lambda node: (-worth[node], node))
        nodes, mass = np.array(order, np.int64), np.array([worth[node] for node in order])
        rows, score = reached(view, web, lambda closed: (nodes, mass), limit or query.limit)
        column = np.array(score, np.float32)
        return Found(rows, column, {"steps": column}) if len(rows) else NOTHING

    return find


def _walked(query: Query, view: View, web: Graph, begin: int, hops: int, options: int) -> Asking[list[int]]:
    """The facts passed on the way from one entity."""
    asked = content(query.text)
    weight = dict(zip(asked, view.words(asked).idf.tolist(), strict=True))
    lacking = set(asked) - set(terms(web.names[begin]))
    path: list[int] = []
    here, seen = begin, {begin}
    for _ in range(hops):
        ways = {node: web.names[node] for node in web.edges(here)[0].tolist() if web.names[node].startswith(FACT)}
        gain = {node: _gain(web, node, here, lacking, weight) for node in ways if node not in seen}
        best = sorted(gain, key=lambda node: (-gain[node], web.names[node]))[:options]
        if not best:
            break
        told = {" ".join(parts(web.names[node]) or ()): node for node in best}
        passed = [" ".join(parts(web.names[node]) or ()) for node in path]
        ways_on = [*told, STOP] if gain[best[0]] > 0 else [STOP, *told]
        reply = (yield ask.step(query.text, passed, ways_on)) or STOP
        if reply == STOP:
            break
        fact = told[reply]
        path.append(fact)
        lacking -= set(terms(web.names[fact]))
        further = [node for node in _ends(web, fact) if node not in seen and node != here]
        seen |= {fact, here}
        if not further:
            break
        here = further[0]
    return path


def _ends(web: Graph, fact: int) -> list[int]:
    to, _, kinds = web.edges(fact)
    return [node for node, kind in zip(to.tolist(), kinds, strict=True) if kind in ("subject", "object")]


def _gain(web: Graph, fact: int, here: int, lacking: set[str], weight: dict[str, float]) -> float:
    """How much of what is lacking a fact says, or else the facts behind it."""
    said = set(terms(" ".join(parts(web.names[fact]) or ())))
    direct = sum(weight.get(term, 0.0) for term in lacking & said)
    behind = 0.0
    for end in _ends(web, fact):
        if end != here:
            for node in web.edges(end)[0].tolist()[:50]:
                if web.names[node].startswith(FACT) and node != fact:
                    more = set(terms(" ".join(parts(web.names[node]) or ()))) & lacking - said
                    behind = max(behind, sum(weight.get(term, 0.0) for term in more))
    return direct + 0.5 * behind
