"""Citations teach which memories to put first, by a step of policy gradient.

Source: Zhen Tan, Jun Yan, I-Hung Hsu, Rujun Han, Zifeng Wang, Long T. Le, Yiwen Song, Yanfei Chen, Hamid Palangi,
    George Lee, Anand Iyer, Tianlong Chen, Huan Liu, Chen-Yu Lee, Tomas Pfister, In Prospect and Retrospect: Reflective
    Memory Management for Long-term Personalized Dialogue Agents, 2025. arXiv 2503.08026
Needs: nothing
Cost: one small matrix product and one kept cube of some 3 kB a citation; nothing for a recall
Shapes: question [32], memories [N, 32], matrix [32, 32]
Differs: the step is that of the expected reward over all that was shown instead of one sampled with Gumbel noise, so it
    is the same each time and its baseline is the expected reward; one matrix between sketches of question and memory
    stands for the two adapters; without an embedder the sketches are of terms. What an erased memory taught is a sum
    with what the others did and stays in it.

A memory shown is rewarded with 1 when the answer cited it and with -1 when it did not (REINFORCE). The policy is a
softmax over how well question and memory go together; the step moves the matrix by `rate` along its gradient. It slows
down by itself once what is cited is what would be chosen. The ranker `text.rank.adapted` applies it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.citing import keep, kept, sketches
from mnesis.text.use import Use
from mnesis.words import Change, MemCube, Query


def adapt(rate: float = 1.0) -> Use:
    """Learn from each citation by a step of this size."""
    if not rate > 0:
        raise BadInput(f"rate={rate} must be above 0, or nothing is learned.")

    def use(
        query: Query, cubes: Sequence[MemCube], cited: Sequence[str] | None, view: View, now: datetime
    ) -> list[Change]:
        if cited is None or not cubes:
            return []
        rows = view.rows([cube.id for cube in cubes])
        standing = rows >= 0
        reward = np.array([1.0 if cube.id in set(cited) else -1.0 for cube in cubes], np.float32)[standing]
        if len(set(reward.tolist())) < 2:
            return []  # all or none: that teaches nothing about which
        asked, held = sketches(query, rows[standing], view)
        cube, matrix = kept(view)
        score = held @ (asked @ matrix)
        policy = np.exp(score - score.max())
        policy /= policy.sum()
        step = policy * (reward - policy @ reward)
        return keep(cube, matrix + np.float32(rate) * np.outer(asked, step @ held).astype(np.float32), view)

    return use
