"""Carry memories up to lasting tiers, and down again, by how warm they are.

Source: Zhiyu Li, Chenyang Xi, Chunyu Li, Ding Chen, Boyu Chen, Shichao Song, Simin Niu, Hanyu Wang and others, MemOS: A
    Memory OS for AI System, 2025. arXiv 2507.03724
Needs: nothing
Cost: one pass of arithmetic over the columns, and every use of what was ever used
Differs: the tiers are those of text alone; carrying text into keys and values or weights is another part's work.

Warmth is the number of uses, each counting half as much every `half_life` days. What is told as working memory stays so
until it was left alone for `settle` days; then it is episodic. With a warmth of `semantic` it becomes a semantic
memory, with `core` a core one. It comes down again when its warmth is less than half of what took it there, so nothing
goes to and fro. What was made of other memories has its place by what it is, and stays there.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.fading import idle, used
from mnesis.text.tend import Tend
from mnesis.words import MEMORY_TYPES, Change, Move

LADDER = ("episodic", "semantic", "core")
WORKING = MEMORY_TYPES.index("working")


def promote(half_life: float = 14.0, settle: float = 1.0, semantic: float = 2.0, core: float = 5.0) -> Tend:
    """Move memories up and down the ladder; `semantic` and `core` are warmths, `half_life` and `settle` days."""
    if not half_life > 0 or settle < 0 or not 0 < semantic <= core:
        raise BadInput(
            f"half_life={half_life} must be above 0, settle={settle} not below 0, and semantic={semantic} above 0 and "
            f"not above core={core}."
        )
    hot = np.array([semantic, core])
    rungs = np.array([MEMORY_TYPES.index(each) for each in LADDER])

    def tend(view: View, now: datetime) -> list[Change]:
        if view.reached()[1]:
            return []  # more is still to come
        rows = view.alive()
        kind = view.column("type", rows)
        rows, kind = rows[np.isin(kind, [WORKING, *rungs])], kind[np.isin(kind, [WORKING, *rungs])]
        owner, days = used(view, rows, now)
        warmth = np.bincount(owner, 0.5 ** (days / half_life), len(rows))
        waiting = (kind == WORKING) & (idle(view, rows, now) < settle)
        rung = np.maximum(np.searchsorted(rungs, kind), 0) * (kind != WORKING)
        up = (warmth[:, None] >= hot).sum(axis=1)
        down = (warmth[:, None] >= hot / 2).sum(axis=1)
        goal = np.where(up > rung, up, np.minimum(rung, down))
        uses = view.column("uses", rows)
        told = (kind == WORKING) | (up > rung) | (uses > 0)  # what was never used was not carried up by its warmth
        moving = np.flatnonzero((~waiting | (up > 0)) & told & ((goal != rung) | (kind == WORKING)))
        return [
            Move(cube.id, type=LADDER[goal[at]], reason=f"warmth {warmth[at]:.2f} of {uses[at]} uses")
            for at, cube in zip(moving.tolist(), view.cubes(rows[moving]), strict=True)
            if not cube.parents
        ]

    return tend
