"""Keep what a memory relates as edges; those it contradicts become invalid.

Source: Prateek Chhikara, Dev Khant, Saket Aryan, Taranjeet Singh, Deshraj Yadav, Mem0: Building Production-Ready AI
    Agents with Scalable Long-Term Memory, 2025. arXiv 2504.19413
Needs: nothing
Cost: one question a memory, and one for each older relation of its subject that resembles a new one, at most `n`
Differs: entities meet by their names, not by embedding; every relation is also a memory in words, so that it can be
    found, traced and erased: its edge runs through that memory; entities have no types.

This is the graph variant of Mem0. "Ana lives in Porto" becomes a memory of these words, linked to ``entity:ana`` by
``subject`` and to ``entity:porto`` by ``object``, true from the moment it was said. A new relation is held against
older ones of its subject; where the reply says that they conflict the older edge is not taken away but gets an end of
validity, and so does its memory: asked about its time it is still there.
"""

from __future__ import annotations

from collections.abc import Sequence

from mnesis.drive import Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text import ask
from mnesis.text.alike import normal, unseen
from mnesis.text.decide import Decide
from mnesis.text.decide._draft import Draft
from mnesis.text.decide._statement import comparable, derived, says_only
from mnesis.words import Change, Link, MemCube, replace

MADE_BY = "text.decide.relations"
TRIPLE = "triple"
LONGEST = 80  # characters of an entity; what is longer is a clause, not a name


def relations(n: int = 5) -> Decide:
    """Edges for new memories, each held against the `n` older ones of its subject most like it."""
    if n < 1:
        raise BadInput(f"n={n} makes no sense; a relation is compared with at least 1 other.")

    def decide(cubes: Sequence[MemCube], view: View) -> Asking[list[Change]]:
        draft = Draft(view)
        for turn in unseen(cubes, view):
            draft.add(turn)
            reply = yield ask.triples(turn.text, turn.speaker)
            for each in reply or ():
                triple = tuple(" ".join(each[name].split()) for name in ("subject", "relation", "object"))
                if all(triple) and max(map(len, triple)) <= LONGEST:
                    kept = yield from _drawn(_memory(turn, triple, view), draft, n)
                    if says_only(turn, kept.text):
                        draft.repeat(turn, kept)
        return draft.changes()

    return decide


def node(name: str) -> str:
    """The end of links that stands for an entity.

    >>> node("  New  York ")
    'entity:new york'
    """
    return f"entity:{normal(name)}"


def _memory(turn: MemCube, triple: Sequence[str], view: View) -> MemCube:
    made = derived(turn, " ".join(triple), view, MADE_BY)
    return replace(made, meta={TRIPLE: list(triple)})


def _drawn(new: MemCube, draft: Draft, n: int) -> Asking[MemCube]:
    """Draw a relation, or take the one that says it already; those it contradicts are marked invalid."""
    for old in draft.alike(new.text, n, lambda each: comparable(new, each) and _same_subject(new, each), new.speaker):
        if normal(old.text) == normal(new.text):
            return draft.witness(old, new)
        untrue = yield ask.conflict(old.text, new.text)
        if untrue:
            draft.end(old, new)
            closed = draft.get(old.id)
            for edge in _edge(old):
                draft.cut(edge)
                draft.connect(replace(edge, valid_to=closed.valid_to if closed else None))
    draft.add(new)
    for edge in _edge(new):
        draft.connect(edge)
    return new


def _edge(cube: MemCube) -> list[Link]:
    """The edge a memory of a relation stands for: from its subject through itself to its object."""
    subject, _, other = cube.meta[TRIPLE]
    made = (1.0, cube.namespace, cube.valid_from)
    return [
        Link(cube.id, node(name), kind, *made, made_by=MADE_BY)
        for name, kind in ((subject, "subject"), (other, "object"))
    ]


def _same_subject(new: MemCube, old: MemCube) -> bool:
    triple = old.meta.get(TRIPLE)
    return isinstance(triple, list) and len(triple) == 3 and node(str(triple[0])) == node(new.meta[TRIPLE][0])
