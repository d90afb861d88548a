"""Sum up every day of which something is new.

Source: Wanjun Zhong, Lianghong Guo, Qiqi Gao, He Ye, Yanlin Wang, MemoryBank: Enhancing Large Language Models with
    Long-Term Memory, 2023. arXiv 2305.10250
Needs: nothing
Cost: one question a day that changed, and one pass over the days of all memories
Differs: there is no summary of summaries; a day is one of UTC.

A day with at least `least` memories that were told becomes one semantic memory of about `words` words, made of the
newest `most` of them and naming every one. When more of the day comes in it is made again. What happened stays beside
it, or fades by itself: the day then remains in outline.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from mnesis.drive import Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.ask import summary
from mnesis.text.fading import DAY, fading_rows
from mnesis.text.remade import placed, remade, resting_on
from mnesis.text.tend import Tend
from mnesis.words import Change, Rows, digest

MADE_BY = "text.tend.days"


def days(least: int = 3, words: int = 60, most: int = 40) -> Tend:
    """A summary of every day with at least `least` memories."""
    if not 1 <= least <= most or words < 1:
        raise BadInput(f"least={least} must lie from 1 to most={most}, and words={words} be at least 1.")

    def tend(view: View, now: datetime) -> Asking[list[Change]]:
        changes: list[Change] = []
        fresh = np.intersect1d(view.changed(), fading_rows(view))
        if not len(fresh):
            return changes
        rows = fading_rows(view)
        of = _days(view, rows)
        for day in np.unique(_days(view, fresh)).tolist():
            told = [cube for cube in view.cubes(rows[of == day]) if not cube.parents and cube.text.strip()][-most:]
            id = digest(view.namespace, MADE_BY, str(day))
            if len(told) < least or resting_on(id, view) == tuple(cube.id for cube in told):
                continue
            date = datetime.fromtimestamp(day * DAY, UTC)
            said = [f"{cube.speaker}: {cube.text}" if cube.speaker else cube.text for cube in told]
            text = yield summary(said, words, date.date().isoformat())
            if text is not None:
                why = f"{len(told)} memories of {date.date()}"
                changes.append(
                    placed(remade(id, text, told, view, type="semantic", made_by=MADE_BY, at=date), view, why)
                )
        return changes

    return tend


def _days(view: View, rows: Rows) -> Rows:
    """The day each happened on, or was told on where that is not known, in days since 1970."""
    at = view.column("at", rows)
    when: Rows = np.floor(np.where(np.isnan(at), view.column("told_at", rows), at) / DAY).astype(np.int64)
    return when
