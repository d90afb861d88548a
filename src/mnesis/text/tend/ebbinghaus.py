"""Let go of what fades: retention is exp(-t / S), and every recall makes S larger.

Source: Wanjun Zhong, Lianghong Guo, Qiqi Gao, He Ye, Yanlin Wang, MemoryBank: Enhancing Large Language Models with
    Long-Term Memory, 2023. arXiv 2305.10250
Needs: nothing
Cost: one pass of arithmetic over the columns; cubes are read where they go
Differs: what falls below a threshold goes, where the paper draws at random; a strength of 1 is worth `days`.

The forgetting curve of Ebbinghaus: t is the time since a memory was told or last used, S its strength, 1 at first and
one more for every use (see `text.use.strengthen`). A memory never recalled falls below `least` after
-`days` ln(`least`), one recalled n times lasts n + 1 times as long after the last. With `most` only so many stay, the
best retained. Time counts from when a memory was told, not from when it happened: an old diary told today is fresh.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.fading import fading, idle
from mnesis.text.tend import Tend
from mnesis.words import Rows


def ebbinghaus(days: float = 30.0, least: float = 0.05, most: int | None = None) -> Tend:
    """Retire memories retained less than `least`; `days` is how long a strength of 1 takes to fall to 1/e."""
    if not days > 0 or not 0 <= least < 1:
        raise BadInput(f"days={days} must be above 0 and least={least} from 0 to below 1.")

    def retention(view: View, rows: Rows, now: datetime) -> NDArray[Any]:
        return retained(idle(view, rows, now), view.column("strength", rows), days)

    return fading(retention, "retention", least, most)


def retained(t: NDArray[Any], strength: NDArray[Any], days: float = 30.0) -> NDArray[Any]:
    """exp(-t / S), where S is `days` times the strength.

    >>> retained(np.array([0.0, 30.0, 60.0]), np.array([1.0, 1.0, 2.0])).round(4).tolist()
    [1.0, 0.3679, 0.3679]
    """
    return np.asarray(np.exp(-t / (days * np.maximum(strength.astype(np.float64), 1e-9))))
