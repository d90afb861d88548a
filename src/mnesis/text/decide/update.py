"""Hold a new statement against each old one: pass, replace, append or delete.

Source: Sanghwan Bae, Donghyun Kwak, Soyoung Kang, Min Young Lee, Sungdong Kim, Yuin Jeong, Hyeri Kim, Sang-Woo Lee,
    Woomyoung Park, Nako Sung, Keep Me Updated! Memory Management in Long-term Conversations, 2022. arXiv 2210.08750
Needs: nothing
Cost: a question for the statements of a turn and one for each pair of statements that share words
Differs: after every turn instead of every session; only the `n` most similar memories are paired, not all; what goes is
    not deleted but ends from the newer statement's date on, and every turn stays word for word.

PASS leaves the old statement alone and makes the turn one more witness of it; REPLACE ends the old one; APPEND keeps
both; DELETE ends the old one and keeps nothing in its place ("I am over my cold" leaves no memory, as nobody has to be
asked how the cold is). A new statement is kept unless one of its pairs says otherwise. Without an answer both are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from mnesis.drive import Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text import ask
from mnesis.text.decide import Decide
from mnesis.text.decide._draft import Draft
from mnesis.text.decide._facts import facts_settled
from mnesis.text.decide._statement import comparable, looks
from mnesis.words import Change, MemCube

MADE_BY = "text.decide.update"


def update(n: int = 5) -> Decide:
    """PASS, REPLACE, APPEND or DELETE, each statement against the `n` memories most like it."""
    if n < 1:
        raise BadInput(f"n={n} makes no sense; a statement is compared with at least 1 memory.")

    def decide(cubes: Sequence[MemCube], view: View) -> Asking[list[Change]]:
        return (yield from facts_settled(cubes, view, MADE_BY, partial(_settled, n=n)))

    return decide


def _settled(new: MemCube, turn: MemCube, draft: Draft, n: int) -> Asking[MemCube | None]:
    """Ask how a statement goes with each like it, and draft what stays; the memory that holds it now, if any."""
    ended: list[tuple[MemCube, str]] = []
    said: MemCube | None = None
    for old in draft.alike(new.text, n, lambda each: comparable(new, each), new.speaker, looks(new.text)):
        reply = yield ask.update(old.text, new.text)
        if reply == "PASS":
            said = old
            break
        if reply in ("REPLACE", "DELETE"):
            ended.append((old, reply))
    gone = said is not None or any(why == "DELETE" for _, why in ended)
    by = draft.add(turn if gone else new)
    for old, why in ended:
        draft.end(old, by, "ends" if why == "DELETE" else "supersedes")
    return draft.witness(said, new) if said is not None else None if gone else by
