"""The granularity that tells best where the answer is counts most.

Source: Derong Xu, Yi Wen, Pengyue Jia, Yingyi Zhang, Wenlin Zhang, Yichao Wang, Huifeng Guo, Ruiming Tang, Xiangyu
    Zhao, Enhong Chen, Tong Xu, Towards Multi-Granularity Memory Association and Selection for Long-Term Conversational
    Agents, 2025. arXiv 2505.19549
Needs: nothing
Cost: linear in candidates
Shapes: columns [G, N] -> weights [G], score [N]
Differs: the certainty of a granularity is 1 - its entropy over the logarithm of the candidates it speaks of, not a
    softmax over entropies; the weights are written as reasons.

A column that gives one candidate much more than the others knows what it is about; one that gives all the same does
not. For each column the scores become probabilities (a softmax at `temperature`), and its entropy says how undecided it
is. Columns are weighed by how decided they are and added up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.rank import Rank
from mnesis.words import Floats, Found, Query

GRANULARITIES = ("turn", "topic", "summary", "keywords", "associated")
LEAST = 0.05  # weight of a column that is as undecided as can be


def router(columns: Sequence[str] = GRANULARITIES, temperature: float = 0.1) -> Rank:
    """Add up these columns, each weighed by how decided it is."""
    if not columns or not temperature > 0:
        raise BadInput(f"columns={list(columns)} must name one at least, and temperature={temperature} be above 0.")

    def rank(query: Query, found: Found, view: View) -> Found:
        names = [name for name in columns if name in found.why]
        if not names or not len(found):
            return found.best()
        held = np.stack([found.column(name) for name in names])
        weights = np.array([_decided(each[each > 0] / max(float(each.max()), 1e-9), temperature) for each in held])
        weights /= weights.sum()
        score = weights @ held
        why = {f"routed {name}": _weighed(row, weight) for name, row, weight in zip(names, held, weights, strict=True)}
        return found.scored(score.astype(np.float32), **why).best()

    return rank


def _decided(scores: Floats, temperature: float) -> float:
    """How decided a column is, in 0..1."""
    if not len(scores):
        return 0.0001
    if len(scores) == 1:
        return 1.0
    chance: NDArray[np.float64] = np.exp((scores.astype(np.float64) - float(scores.max())) / temperature)
    chance /= chance.sum()
    entropy = -float((chance * np.log(np.maximum(chance, 1e-12))).sum())
    return max(LEAST, 1 - entropy / math.log(len(scores)))


def _weighed(row: Floats, weight: float) -> Floats:
    return np.where(row > 0, row * np.float32(weight), np.nan).astype(np.float32)
