"""The state of mind of a space chooses among what fits the question.

Source: Hao Zhou, Minlie Huang, Tianyang Zhang, Xiaoyan Zhu, Bing Liu, Emotional Chatting Machine: Emotional
    Conversation Generation with Internal and External Memory, 2017. arXiv 1704.01074
Needs: nothing
Cost: one question ("emotion"); the terms of the best `n`
Shapes: state [8], shown [n, 8] -> score [n]
Differs: memories are chosen, not words; how much the emotional vocabulary counts against the generic is the strength
    of the state and not learned.

The external memory is a vocabulary of words that show each emotion, and a choice between such words and generic ones.
Here what the words of a candidate show of the state (that of `text.use.feel`, with what the question stirs) is added
to its standing, `weight` times. A space in no mood orders as it did.
"""

from __future__ import annotations

import numpy as np

from mnesis.drive import Asking
from mnesis.store import View
from mnesis.text.ask import emotion
from mnesis.text.feelings import shown, state, strengths
from mnesis.text.rank import Rank
from mnesis.words import Found, Query


def stirred(weight: float = 4.0, half_life: float = 6.0, n: int = 50) -> Rank:
    """Let the state of mind choose among the best `n`."""

    def rank(query: Query, found: Found, view: View) -> Asking[Found]:
        found = found.best()
        if not len(found):
            return found
        _, left = state(view, query.now, half_life)
        felt = np.minimum(1.0, left + strengths((yield emotion(query.text))))
        if not felt.any():
            return found
        top = min(n, len(found))
        choice = np.full(len(found), np.nan, np.float32)
        choice[:top] = shown(found.rows[:top], view) @ felt
        span = float(found.score[0]) - float(found.score[top - 1]) or 1.0
        score = found.score.astype(np.float64)
        score[:top] += weight * span * choice[:top]  # never less than it was, so the others stay below
        return found.scored(score.astype(np.float32), stirred=choice).best()

    return rank
