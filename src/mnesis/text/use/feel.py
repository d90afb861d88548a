"""A state of mind: questions stir it, answers spend it, and it fades.

Source: Hao Zhou, Minlie Huang, Tianyang Zhang, Xiaoyan Zhu, Bing Liu, Emotional Chatting Machine: Emotional
    Conversation Generation with Internal and External Memory, 2017. arXiv 1704.01074
Needs: nothing
Cost: one question ("emotion") and one kept cube of eight numbers a recall that finds or leaves something felt
Shapes: state [8]
Differs: the state is of a space and over recalls, where the paper's is of a decoder and over the words of one answer;
    what it is stirred by is read off the question instead of given; the gates are fixed shares and not learned.

The internal memory of an emotion decays as the emotion is expressed, so that it is expressed fully and then over. What
a question feels is added to the state; what the first memory recalled shows of it, by its words, is taken off (a share
of `spent`); and half is gone after every `half_life` hours. The ranker `text.rank.stirred` lets it choose.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from mnesis.drive import Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.ask import emotion
from mnesis.text.feelings import keep, shown, state, strengths
from mnesis.text.use import Use
from mnesis.words import Change, MemCube, Query

LEAST = 0.01  # a state below this is none


def feel(half_life: float = 6.0, spent: float = 0.5) -> Use:
    """Keep a state of mind that halves every `half_life` hours and loses `spent` of what is expressed."""
    if not half_life > 0 or not 0 <= spent <= 1:
        raise BadInput(f"half_life={half_life} must be above 0 hours, and spent={spent} between 0 and 1.")

    def use(
        query: Query, cubes: Sequence[MemCube], cited: Sequence[str] | None, view: View, now: datetime
    ) -> Asking[list[Change]]:
        if cited is not None or not cubes:
            return []
        stirred = strengths((yield emotion(query.text)))
        cube, left = state(view, now, half_life)
        felt = np.minimum(1.0, left + stirred)
        (row,) = view.rows([cubes[0].id])
        if row >= 0:
            felt = felt * (1 - spent * np.minimum(1.0, 2 * shown(np.array([row]), view)[0]))
        felt = np.where(felt < LEAST, 0.0, felt).astype(np.float32)
        at_rest = not felt.any() and (cube is None or not cube.meta["state"])
        return [] if at_rest else keep(cube, felt, now, view)

    return use
