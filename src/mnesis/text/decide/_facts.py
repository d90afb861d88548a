"""The facts of a batch, turn by turn, each settled against what is known: the frame of deciders that compare facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mnesis.drive import Asking
from mnesis.store import View
from mnesis.text import ask
from mnesis.text.alike import unseen
from mnesis.text.decide._draft import Draft
from mnesis.text.decide._statement import lifted, single
from mnesis.words import Change, MemCube

Settle = Callable[[MemCube, MemCube, Draft], Asking[MemCube | None]]


def facts_settled(cubes: Sequence[MemCube], view: View, made_by: str, settle: Settle) -> Asking[list[Change]]:
    """What becomes of the facts of new turns. `settle` is given a fact, its turn and the draft, and returns the memory
    that holds the fact now, if there is one; a turn that says nothing else repeats that memory."""
    draft = Draft(view)
    for turn in unseen(cubes, view):
        told = yield ask.facts(turn.text, turn.speaker, turn.valid_from)
        found = lifted(turn, told or (), view, made_by)
        if not any(fact.id == turn.id for fact in found):
            draft.add(turn)
        alone = len(found) == 1 and single(turn)
        for fact in found:
            kept = yield from settle(fact, turn, draft)
            if alone and kept is not None:
                draft.repeat(turn, kept)
    return draft.changes()
