"""Retire what will hardly be asked for again, as this memory's own uses tell.

Source: Zihong He, Weizhe Lin, Hao Zheng, Fan Zhang, Matt W. Jones, Laurence Aitchison, Xuhai Xu, Miao Liu, Per Ola
    Kristensson, Junxiao Shen, Human-inspired Perspectives: A Survey on AI Long-term Memory, 2024. arXiv 2411.00489
Needs: nothing
Cost: one pass of arithmetic over the columns; cubes are read where they go
Differs: the survey asks for a policy that adapts itself and leaves open which; this is ours.

Uses are taken for events of a rate that differs from memory to memory (a gamma distribution of rates, fitted to all the
uses and lifetimes there are). What a memory has shown then gives its own rate, (a + uses) / (b + days it has lived),
and one that is expected to be used less than `least` times in the next `horizon` days is retired. Where memories are
asked for often the unused ones go soon; where hardly any is, they all stay long. Before `enough` uses nothing is known
and nothing goes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.fading import age, fading
from mnesis.text.tend import Tend
from mnesis.words import Rows


def adaptive(horizon: float = 30.0, least: float = 0.1, enough: int = 20, most: int | None = None) -> Tend:
    """Retire memories expected to be used less than `least` times in `horizon` days."""
    if not horizon > 0 or least < 0 or enough < 1:
        raise BadInput(f"horizon={horizon} must be above 0, least={least} not below 0 and enough={enough} at least 1.")

    def retention(view: View, rows: Rows, now: datetime) -> NDArray[Any]:
        every = view.alive()
        if view.column("uses", every).sum() < enough:
            return np.full(len(rows), np.inf)
        a, b = _fitted(view.column("uses", every).astype(np.float64), age(view, every, now))
        return np.asarray(horizon * (a + view.column("uses", rows)) / (b + age(view, rows, now)))

    return fading(retention, "expected uses", least, most)


def _fitted(uses: NDArray[Any], lived: NDArray[Any]) -> tuple[float, float]:
    """Shape and rate of the gamma distribution of rates, by moments: memories that lived long tell more.

    >>> a, b = _fitted(np.array([0.0, 0.0, 8.0]), np.array([10.0, 10.0, 10.0]))
    >>> round(a / b, 3)  # the mean rate: 8 uses in 30 days
    0.267
    """
    days = np.maximum(lived, 1.0)
    mean = float(uses.sum() / days.sum())
    spread = float(((uses - mean * days) ** 2 - uses).sum() / (days**2).sum())
    spread = max(spread, 0.01 * mean**2)  # no narrower than this, even where all seem to be alike
    return mean**2 / spread, mean / spread
