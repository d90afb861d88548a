"""What was felt as the asker feels now is remembered better.

Source: Le Huang, Hengzhi Lan, Zijun Sun, Chuan Shi, Ting Bai, Emotional RAG: Enhancing Role-Playing Agents through
    Emotional Retrieval, 2024. arXiv 2410.23041
Needs: nothing
Cost: one question ("emotion"); the best `n` candidates are read
Shapes: felt [n, 8], asked [8] -> alike [n]
Differs: scores are brought to [0, 1] first, so that they can be added and multiplied; who asks without feeling anything
    gets the order there was.

Mood-dependent memory: likeness of emotions goes together with the standing a candidate has already. `strategy` says
how. Combination: "add" (standing + `weight` * likeness) or "multiply" (standing * likeness, each of them eased by
`weight`). Sequential: "meaning first" lets emotion order the `few` best, "mood first" takes the `few` most alike in
emotion and leaves them in the order there was; the rest follows. The parser `text.parse.felt` notes what was felt.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mnesis.drive import Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.ask import emotion
from mnesis.text.feelings import alike, strengths
from mnesis.text.rank import Rank
from mnesis.words import Floats, Found, Query

STRATEGIES = ("add", "multiply", "meaning first", "mood first")


def mood(strategy: str = "add", weight: float = 0.5, few: int = 10, n: int = 50) -> Rank:
    """Bring the mood of the asker into the order of the best `n`."""
    if strategy not in STRATEGIES:
        raise BadInput(f"strategy={strategy!r} is none; there are: {', '.join(STRATEGIES)}.")
    if few < 1 or n < few:
        raise BadInput(f"few={few} and n={n} must be at least 1, and n not the smaller.")

    def rank(query: Query, found: Found, view: View) -> Asking[Found]:
        found = found.best()
        asked = strengths((yield emotion(query.text))) if len(found) else None
        top = min(n, len(found))
        cubes = view.cubes(found.rows[:top])
        if asked is None or not asked.any() or len(cubes) < top:
            return found
        near = np.full(len(found), np.nan, np.float32)
        near[:top] = alike(np.stack([strengths(each.meta.get("emotion")) for each in cubes]), asked)
        score = np.zeros(len(found))
        score[:top] = 2 + _worth(_standing(found.score[:top]), near[:top])
        score[top:] = _standing(found.score[top:])
        return found.scored(score.astype(np.float32), mood=near).best()

    def _worth(standing: NDArray[np.float64], near: Floats) -> NDArray[np.float64]:
        """Something above -1 for each of the best."""
        if strategy == "add":
            return standing + weight * near
        if strategy == "multiply":
            return np.asarray((standing + weight) * (near + weight))
        places = np.arange(len(near))
        order = np.lexsort((places, -near)) if strategy == "mood first" else places
        chosen = np.zeros(len(near), bool)
        chosen[order[:few]] = True
        inside = near if strategy == "meaning first" else standing
        return np.asarray(np.where(chosen, 2 + inside, standing - 0.5 * (strategy == "mood first")))

    return rank


def _standing(score: Floats) -> NDArray[np.float64]:
    """Scores brought to [0, 1], best first as they are."""
    if not len(score):
        return np.zeros(0)
    span = float(score[0]) - float(score[-1])
    return np.asarray(
        (score.astype(np.float64) - float(score[-1])) / span if span > 0 else np.linspace(1, 0.999, len(score))
    )
