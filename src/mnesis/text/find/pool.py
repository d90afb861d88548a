"""Gather evidence in a pool until it is complete, each search asking for the gap.

Source: Li, Shi, Zhou, Wei, Yang, Jin and Yang, Retrieval Feedback Memory Enhancement Large Model Retrieval Generation
    Method, 2025. arXiv 2508.17862
Needs: nothing
Cost: at most `rounds` word searches and two questions a round
Differs: the feedback model that judges completeness is a question to a mind; without one the pool is complete when it
    covers the words of the question that anybody wrote, and the gap is said by the relations of the evidence.

Rounds of a usual iterative search forget each other. Here what was found stays in a pool, as relations; the next query
is made of the relation whose end nothing in the pool tells about and of the words that are not covered yet; and
gathering ends when the evidence is judged complete or nothing new comes. Everything in the pool is brought.
"""

from __future__ import annotations

import numpy as np

from mnesis.drive import Ask, Asking, nobody, settled
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.store.terms import terms
from mnesis.text.find import Find
from mnesis.text.question import content
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.text.triples import triples
from mnesis.words import NOTHING, Found, MemCube, Query

COMPLETE = "Say whether the evidence suffices to answer the question (true) or something is still missing (false)."
GAP = (
    "The evidence does not suffice to answer the question. Write one short query for what is missing, naming the thing "
    "that has to be found out about."
)


def pool(rounds: int = 4, seeds: int = 4, limit: int | None = None) -> Find:
    """A finder by a pool of evidence: at most `rounds` searches of `seeds` memories each."""
    if min(rounds, seeds) < 1:
        raise BadInput(f"rounds={rounds} and seeds={seeds} must both be at least 1.")

    def find(query: Query, view: View, found: Found) -> Asking[Found]:
        asked = content(query.text)
        if not asked:
            return NOTHING
        known = {term for term, idf in zip(asked, view.words(asked).idf.tolist(), strict=True) if idf > 0}
        held: dict[int, tuple[int, MemCube]] = {}
        wanted = query.text
        for turn in range(rounds):
            if not turn and len(found):
                rows = settled(reciprocal_rank()(query, found, view), nobody).best(seeds).rows
            else:
                rows = view.words(content(wanted)).top(seeds + len(held))[0]
            fresh = [row for row in rows.tolist() if row not in held][:seeds]
            if not fresh:
                break
            held.update((row, (turn, cube)) for row, cube in zip(fresh, view.cubes(np.array(fresh)), strict=False))
            evidence = [cube.text for _, cube in held.values()]
            told = {"question": query.text, "evidence": evidence}
            done = yield Ask("complete", told, {"type": "boolean"}, COMPLETE, 16)
            if done if done is not None else _complete(known, evidence):
                break
            gap = yield Ask("gap", told, {"type": "string"}, GAP, 64)
            wanted = gap if gap is not None else _gap(query.text, [cube for _, cube in held.values()])
            if not wanted.strip():
                break
        if not held:
            return NOTHING
        column = np.array([1.0 / (1 + turn) for turn, _ in held.values()], np.float32)
        return Found(np.array(list(held), np.int64), column, {"pool": column}).best(limit or query.limit)

    return find


def _complete(known: set[str], evidence: list[str]) -> bool:
    said = {term for text in evidence for term in terms(text)}
    return known <= said and len(evidence) > 1


def _gap(question: str, cubes: list[MemCube]) -> str:
    """What nothing in the pool tells about: ends of relations that the question leads to, and words not covered."""
    facts = [each for cube in cubes for each in triples(cube.text, cube.speaker)]
    about = {each.subject for each in facts}
    asked = set(terms(question))
    loose = [each.object for each in facts if each.object not in about and asked & set(terms(" ".join(each)))]
    said = {term for cube in cubes for term in terms(cube.text)}
    missing = [term for term in content(question) if term not in said]
    return " ".join([*missing, *dict.fromkeys(loose)][:12])
