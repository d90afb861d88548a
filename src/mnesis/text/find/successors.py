"""Bring what took the place of memories that were found but are not true any more.

Source: mnesis, 2026.
Needs: nothing
Cost: one column of the candidates; a look-up of links for each step along what replaced what, where any has ended
Differs: nothing.

"Where does Ana live?" shares a word with "I live in Porto" and none with "I moved to Lisbon", which ended it. Whatever
found the old memory would have found the new one if it said the same of today, so the new one inherits every reason
the old one was found for. Chains are followed to their end, at most `steps` links far; the best `most` ended
candidates count. A view of a moment holds nothing that has ended, so there it brings nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.find import Find
from mnesis.words import NOTHING, Floats, Found, Query

KINDS = ("supersedes", "ends", "merges")


def successors(kinds: Sequence[str] = KINDS, steps: int = 8, most: int = 50) -> Find:
    """A finder along links from what has ended to what ended it; it stands behind the finders that bring candidates."""
    if steps < 1 or most < 1:
        raise BadInput(f"steps={steps} and most={most} must both be at least 1.")

    def find(query: Query, view: View, found: Found) -> Found:
        if view.valid_at is not None or query.now is None or not len(found):
            return NOTHING
        now = query.now.timestamp()
        ended = np.flatnonzero(view.column("until", found.rows) <= now)
        if not len(ended):
            return NOTHING
        best = ended[np.argsort(-_standing(found)[ended], kind="stable")][:most]
        columns = np.stack([found.why[name][best] for name in found.why], axis=1)
        owed = {cube.id: row for cube, row in zip(view.cubes(found.rows[best]), columns, strict=True)}
        heirs: dict[int, Floats] = {}
        for _ in range(steps):
            owed = _handed_on(owed, kinds, view, now, heirs)
            if not owed:
                break
        rows = np.array(sorted(heirs), np.int64)
        table = np.stack([heirs[int(row)] for row in rows]) if len(rows) else np.zeros((0, len(found.why)), np.float32)
        why = {name: table[:, at] for at, name in enumerate(found.why)}
        return Found(rows, np.zeros(len(rows), np.float32), why)

    return find


def _handed_on(
    owed: dict[str, Floats], kinds: Sequence[str], view: View, now: float, heirs: dict[int, Floats]
) -> dict[str, Floats]:
    """Give what is owed to the ids of what has ended to those that ended it; returns what those that ended too owe."""
    links = [each for each in view.linked(list(owed), kinds) if each.tail in owed]
    rows = view.rows([each.head for each in links])
    until = np.where(rows >= 0, view.column("until", np.maximum(rows, 0)), -np.inf)
    further: dict[str, Floats] = {}
    for link, row, end in zip(links, rows.tolist(), until.tolist(), strict=True):
        if row < 0:
            continue
        if end > now:
            heirs[row] = np.fmax(heirs[row], owed[link.tail]) if row in heirs else owed[link.tail]
        else:
            further[link.head] = owed[link.tail]
    return further


def _standing(found: Found) -> Floats:
    """The best place of each candidate in any column, as a reciprocal."""
    out = np.zeros(len(found), np.float32)
    for column in found.why.values():
        ordered = np.sort(column[~np.isnan(column)])
        place = len(ordered) - np.searchsorted(ordered, np.nan_to_num(column, nan=-np.inf), side="right") + 1
        out = np.maximum(out, np.where(np.isnan(column), 0, 1 / place)).astype(np.float32)
    return out
