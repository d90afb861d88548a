"""Hold back claims that the model which made them does not hold for true.

Source: Jinhao Duan, Fei Kong, Hao Cheng, James Diffenderfer, Bhavya Kailkhura, Lichao Sun, Xiaofeng Zhu, Xiaoshuang
    Shi, Kaidi Xu, TruthPrInt: Mitigating LVLM Object Hallucination Via Latent Truthful-Guided Pre-Intervention, 2025.
    arXiv 2503.10602
Needs: model
Cost: T dot products a claim of T tokens
Shapes: states [T, D] -> least truthful token; labelled states [N, D], true [N] -> direction [D]
Differs: the direction is linear (Fisher's, with shrinkage) where the paper fits a small network; a memory store keeps
    or holds back what was said, so of the intervention while decoding only the decision is there; two subspaces are
    brought together by aligning their principal axes.

Hidden states tell at single tokens whether a model is making something up. A direction fitted to labelled states
scores each token of a claim; the least truthful one counts, and the limit is set where only the share `false_alarms`
of the true examples would be held back. The guard is handed a `probe` (see `fit`) and `states`, a function that gives
the hidden states [T, D] of an event, or None where there are none (what people said, for example): they come from
whoever runs the model, the front door has none. An embedder's vector of a text says what it is about, not whether it is
true, so it is no substitute. For a second model, `aligned` brings its states into the subspace of the first.

>>> import numpy as np
>>> from mnesis.words import Event
>>> draw = np.random.default_rng(0)
>>> true = np.arange(200) % 2 == 0
>>> states = draw.normal(size=(200, 8)) + np.outer(true, np.full(8, 2.0))
>>> guard = truth_direction(fit(states, true), lambda event: np.full((1, 8), 2.0 if "sea" in event.text else 0.0))
>>> guard(Event("Lisbon lies near the sea.")).meta
{}
>>> guard(Event("Lisbon lies in Norway.")).meta["quarantine"]
'the model that said it did not hold it for true'
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mnesis.errors import BadInput
from mnesis.text.guard import Guard
from mnesis.words import Event, replace

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """A direction [D] and the limit below which a token is not held for true."""

    direction: Array
    limit: float

    def scores(self, states: ArrayLike) -> Array:
        """How truthful each token [T] is."""
        out: Array = np.asarray(states, np.float64) @ self.direction
        return out

    def doubts(self, states: ArrayLike) -> bool:
        """Whether the least truthful token of a claim lies below the limit."""
        return bool(self.scores(states).min() < self.limit)


def fit(states: ArrayLike, true: ArrayLike, false_alarms: float = 0.05, shrink: float = 0.1) -> Probe:
    """The direction in which true states differ from others, from labelled states [N, D]."""
    held, labels = np.asarray(states, np.float64), np.asarray(true, bool)
    if held.ndim != 2 or len(held) != len(labels) or labels.all() or not labels.any():
        raise BadInput("A probe is fitted to states [N, D] with a label each, some true and some not.")
    good, bad = held[labels], held[~labels]
    within = np.concatenate([good - good.mean(axis=0), bad - bad.mean(axis=0)])
    spread = within.T @ within / len(within)
    spread = (1 - shrink) * spread + shrink * np.eye(held.shape[1]) * np.trace(spread) / held.shape[1]
    direction = np.linalg.solve(spread, good.mean(axis=0) - bad.mean(axis=0))
    direction /= np.linalg.norm(direction)
    return Probe(direction, float(np.quantile(good @ direction, false_alarms)))


def aligned(states: ArrayLike, own: ArrayLike, other: ArrayLike, rank: int = 8) -> Array:
    """States of one model as those of another: its principal axes (from `own` states [N, D]) laid onto those of the
    `other` model's, largest first, with their signs as the skew of the states says."""
    mine, theirs = (_axes(np.asarray(each, np.float64), rank) for each in (own, other))
    out: Array = (np.asarray(states, np.float64) - mine[0]) @ mine[1].T * (theirs[2] / mine[2]) @ theirs[1] + theirs[0]
    return out


def _axes(states: Array, rank: int) -> tuple[Array, Array, Array]:
    middle = states.mean(axis=0)
    _, size, axes = np.linalg.svd(states - middle, full_matrices=False)
    axes = axes[:rank]
    skew = (((states - middle) @ axes.T) ** 3).sum(axis=0)
    return middle, axes * np.where(skew < 0, -1.0, 1.0)[:, None], size[:rank] / np.sqrt(len(states))


def truth_direction(probe: Probe, states: Callable[[Event], ArrayLike | None]) -> Guard:
    """A guard that holds back claims whose states the `probe` doubts."""

    def guard(event: Event) -> Event:
        held = None if "quarantine" in event.meta else states(event)
        if held is None or not probe.doubts(np.atleast_2d(np.asarray(held, np.float64))):
            return event
        return replace(event, meta={**event.meta, "quarantine": "the model that said it did not hold it for true"})

    return guard
