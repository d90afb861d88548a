"""What belongs to the timeline of a good candidate rises with it.

Source: Kai Tzu-iunn Ong, Namyoung Kim, Minju Gwak, Hyungjoo Chae, Taeyoon Kwon, Yohan Jo, Seung-won Hwang, Dongha Lee,
    Jinyoung Yeo, Towards Lifelong Dialogue Agents via Timeline-based Memory Management, 2024. arXiv 2406.10996
Needs: nothing
Cost: linear in candidates
Shapes: columns `group` and `worth` [N] -> score [N]
Differs: the paper hands over whole timelines; here their members keep places of their own among other candidates.

A finder numbers the groups of candidates that were found through each other (column `group`) and says how near each
member is to the one it was found by (column `worth`). A member whose own words say little to the question gets
`share` of what the best of its group scores, times how near it is; one that scores more by itself stays as it is.
"""

from __future__ import annotations

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.rank import Rank
from mnesis.words import Found, Query


def together(group: str = "timeline", worth: str = "timelines", share: float = 0.8) -> Rank:
    """Raise the members of a group towards its best."""
    if not 0 <= share <= 1:
        raise BadInput(f"share={share} must lie between 0 (nobody rises) and 1.")

    def rank(query: Query, found: Found, view: View) -> Found:
        if group not in found.why or not len(found):
            return found.best()
        number = np.nan_to_num(found.why[group]).astype(np.int64)
        near = np.clip(found.column(worth), 0, 1)
        score = found.score.astype(np.float64)
        for each in np.unique(number[number > 0]):
            inside = number == each
            best = score[inside].max()
            nearest = max(1e-9, float(near[inside].max()))
            if best > 0:
                score[inside] = np.maximum(score[inside], share * best * near[inside] / nearest)
        return found.scored(score.astype(np.float32)).best()

    return rank
