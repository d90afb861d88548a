"""What is recalled grows stronger, and when it was used is noted.

Source: Wanjun Zhong, Lianghong Guo, Qiqi Gao, He Ye, Yanlin Wang, MemoryBank: Enhancing Large Language Models with
    Long-Term Memory, 2023. arXiv 2305.10250
Needs: nothing
Cost: one touch a recalled memory
Differs: only the first `top` of a recall count, so that asking for many does not keep them all alive.

Spaced repetition: each use adds `gain` to the strength of a memory and notes the moment, so that a tender can let what
is never asked for fade (`view.uses` gives every moment, the columns `uses` and `used_at` their number and the last).
With `by` "recall" being recalled is a use; with "cite" only that an answer rested on it is.

>>> import mnesis
>>> from mnesis.text.recipes.verbatim import verbatim
>>> from mnesis.words import replace
>>> space = mnesis.open(recipe=replace(verbatim(), use=(strengthen(),)), embedder="none")
>>> _ = space.remember(["The spare key is under the blue pot.", "Tom likes chess."])
>>> for _ in range(2):
...     hit = space.recall("Where is the spare key?", k=1)[0]
>>> space.get(hit.cube.id).strength
3.0
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.use import Use
from mnesis.words import Change, MemCube, Query, Touch


def strengthen(gain: float = 1.0, top: int = 10, by: str = "recall") -> Use:
    """Strengthen the first `top` by `gain` when they are recalled, or (`by` "cite") what was cited."""
    if by not in ("recall", "cite"):
        raise BadInput(f"by={by!r} must be recall (being recalled is a use) or cite (only being cited is).")
    if top < 1:
        raise BadInput(f"top={top} must be at least 1 memory.")

    def use(
        query: Query, cubes: Sequence[MemCube], cited: Sequence[str] | None, view: View, now: datetime
    ) -> list[Change]:
        if (cited is None) != (by == "recall"):
            return []
        used = [cube.id for cube in cubes[:top]] if cited is None else list(dict.fromkeys(cited))
        return [Touch(id, used=now, gain=gain) for id in used]

    return use
