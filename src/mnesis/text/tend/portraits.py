"""Keep a portrait of everybody who says something about themselves.

Source: Wanjun Zhong, Lianghong Guo, Qiqi Gao, He Ye, Yanlin Wang, MemoryBank: Enhancing Large Language Models with
    Long-Term Memory, 2023. arXiv 2305.10250
Needs: nothing
Cost: one question a person who said something new
Differs: drawn from what somebody said of themselves, and not from summaries of it, so that it rests on what it names.

A portrait is one core memory a person. It is drawn anew from the newest `most` statements in the first person, so its
cost does not grow, and what is erased is in none of its later versions.
"""

from __future__ import annotations

import re
from datetime import datetime

import numpy as np

from mnesis.drive import Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.ask import portrait
from mnesis.text.fading import fading_rows
from mnesis.text.remade import placed, remade, resting_on
from mnesis.text.tend import Tend
from mnesis.words import Change, MemCube, Rows, digest

MADE_BY = "text.tend.portraits"
OF_SELF = re.compile(r"\b(?:i|i'm|i’m|i've|i’ve|my|mine|me|myself)\b", re.IGNORECASE)
LOOKED = 8  # times `most` of the newest things somebody said are looked through


def portraits(words: int = 60, most: int = 24) -> Tend:
    """A portrait of at most about `words` words for every speaker."""
    if words < 1 or most < 1:
        raise BadInput(f"words={words} and most={most} must be at least 1.")

    def tend(view: View, now: datetime) -> Asking[list[Change]]:
        changes: list[Change] = []
        rows = fading_rows(view)
        fresh = np.intersect1d(view.changed(), rows)
        speakers = view.column("speaker", rows)
        for code in np.unique(view.column("speaker", fresh)).tolist():
            told = _of_self(view, rows[speakers == code][-LOOKED * most :])[-most:] if code else []
            if not told:
                continue
            name = told[-1].speaker
            id = digest(view.namespace, MADE_BY, name)
            if resting_on(id, view) == tuple(cube.id for cube in told):
                continue
            text = yield portrait(name, [cube.text for cube in told], words=words)
            if text is not None:
                why = f"{len(told)} things said in the first person"
                changes.append(placed(remade(id, text, told, view, type="core", made_by=MADE_BY), view, why))
        return changes

    return tend


def _of_self(view: View, rows: Rows) -> list[MemCube]:
    cubes = (cube for cube in view.cubes(rows) if not cube.parents and cube.role not in ("assistant", "tool"))
    return [cube for cube in cubes if OF_SELF.search(cube.text) and not cube.text.rstrip().endswith("?")]
