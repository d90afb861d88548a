"""Hold every new fact against what is known: add, update, delete or pass over.

Source: Prateek Chhikara, Dev Khant, Saket Aryan, Taranjeet Singh, Deshraj Yadav, Mem0: Building Production-Ready AI
    Agents with Scalable Long-Term Memory, 2025. arXiv 2504.19413
Needs: nothing
Cost: a question for the facts of a turn and one for each fact that something known resembles; a few word searches
Differs: nothing is overwritten or deleted: an update is a new memory that ends the old one from its own date on, so
    that the old one is still found at its time; the turn stays word for word beside its facts.

The facts of a turn are asked for. Each is compared with the `n` memories of the same speaker that share most words
with it, and the reply says what happens. ADD keeps the fact. UPDATE keeps its text and ends the memory it names;
where it only adds to that one, the new memory takes over its events, so that both can be traced. DELETE ends the memory
it names, and the turn that ended it stays as something said. NOOP makes the turn one more witness. A turn of one
sentence is its own fact. Where nothing can be extracted the turn is kept and that is all.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from mnesis.drive import Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.store.terms import terms
from mnesis.text import ask
from mnesis.text.alike import normal
from mnesis.text.decide import Decide
from mnesis.text.decide._draft import Draft
from mnesis.text.decide._facts import facts_settled
from mnesis.text.decide._statement import comparable, derived, looks
from mnesis.words import Change, MemCube

MADE_BY = "text.decide.operation"


def operation(n: int = 5) -> Decide:
    """ADD, UPDATE, DELETE or NOOP, each fact against the `n` memories most like it."""
    if n < 1:
        raise BadInput(f"n={n} makes no sense; a fact is compared with at least 1 memory.")

    def decide(cubes: Sequence[MemCube], view: View) -> Asking[list[Change]]:
        return (yield from facts_settled(cubes, view, MADE_BY, partial(_settled, view=view, n=n)))

    return decide


def _settled(fact: MemCube, turn: MemCube, draft: Draft, view: View, n: int) -> Asking[MemCube | None]:
    """Ask what a fact does to what is known, and draft it; the memory that holds it now, if there is one."""
    known = draft.alike(fact.text, n, lambda old: comparable(fact, old), fact.speaker, looks(fact.text))
    reply: dict[str, Any] | None = None
    if known:
        reply = yield ask.operation(fact.text, [{"id": each.id, "text": each.text} for each in known])
    target = next((each for each in known if reply and each.id == reply["target"]), None)
    what = reply["operation"] if reply else "ADD"
    if what == "NOOP":
        same = (each for each in known if normal(each.text) == normal(fact.text))
        said = target or next(same, known[0])  # the reply need not say which; the first is the most alike
        draft.add(turn)
        return draft.witness(said, fact)
    if what == "DELETE" and target is not None:
        draft.end(target, draft.add(turn), "ends")
        return None
    if what == "UPDATE" and target is not None:
        return _updated(fact, turn, target, str((reply or {})["text"]).strip(), draft, view)
    return draft.add(fact)


def _updated(fact: MemCube, turn: MemCube, target: MemCube, text: str, draft: Draft, view: View) -> MemCube:
    """The memory that takes the place of another; where it says all of that and more, it comes from both."""
    new = fact
    richer = set(terms(target.text)) <= set(terms(text or fact.text))
    if richer or (text and normal(text) != normal(fact.text)):
        draft.add(turn)
        new = derived(turn, text or fact.text, view, MADE_BY, *([target] if richer else []))
    made = draft.add(new)
    draft.end(target, made)
    return made
