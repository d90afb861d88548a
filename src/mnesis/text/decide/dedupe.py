"""Say nothing twice: a repetition becomes one more witness of what stands.

Source: mnesis, 2026.
Needs: nothing
Cost: one comparison of two columns and at most one word match a new cube
Differs: nothing.

A new cube whose text is that of a living one of the same speaker, up to case, diacritics, white space and
punctuation, is not added. The standing cube gets its events and sources instead, as a new version, so whoever asks
where a memory comes from is told of every time it was said; when it happened first stays as it is. Texts with fewer
than two words of content ("Yes, I did.") mean something else each time and are always added. Every repeat is a
Revise of its own, because each of them is what carries one event into the journal.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mnesis.store import View
from mnesis.store.terms import terms
from mnesis.text.alike import joined, normal, tells, unseen
from mnesis.text.decide import Decide
from mnesis.words import Add, Change, MemCube, Revise


def dedupe() -> Decide:
    """Add what is new, revise what is repeated."""

    def decide(cubes: Sequence[MemCube], view: View) -> list[Change]:
        said: dict[tuple[str, ...], MemCube] = {}
        changes: list[Change] = []
        for cube in unseen(cubes, view):
            name = _name(cube)
            standing = said[name] if name in said else _standing(cube, view)
            if standing is None:
                said[name] = cube
                changes.append(Add(cube))
                continue
            said[name] = joined(standing, cube)
            if said[name] is not standing:
                changes.append(Revise(said[name]))
        return changes

    return decide


def _name(cube: MemCube) -> tuple[str, ...]:
    """What two cubes share when they say the same; a text that says too little is only itself."""
    own = "" if tells(terms(cube.text)) else cube.id
    return (cube.kind, cube.type, cube.speaker, normal(cube.text), own)


def _standing(cube: MemCube, view: View) -> MemCube | None:
    wanted = terms(cube.text)
    if not tells(wanted):
        return None
    rows = view.alive()
    speaker = view.code(cube.speaker)
    rows = rows[(view.column("length", rows) == len(wanted)) & (view.column("speaker", rows) == speaker)]
    if not len(rows):
        return None
    held = view.words(wanted).bits(rows)
    rows = rows[held == np.bitwise_or.reduce(held)]
    name = _name(cube)
    return next((each for each in view.cubes(rows) if _name(each) == name), None)
