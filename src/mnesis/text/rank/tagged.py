"""Memories filed under what is asked about come before those filed otherwise.

Source: Rebecca Westhäußer, Frederik Berenz, Wolfgang Minker, Sebastian Zepf, CAIM: Development and Evaluation of a
    Cognitive AI Memory Framework for Long-Term Interaction with Intelligent Agents, 2025. arXiv 2505.13044
Needs: nothing
Cost: one question ("tags"); one look-up of links for the best `n` candidates
Shapes: score [N] -> score [N]
Differs: what carries other tags loses a share of its score and is not shut out; what carries none is left as it is.

The question is filed under the tags of the ontology as memories are (links ``tagged`` to ``tag:food`` and so on). A
candidate that carries tags, but none of the question's, loses the share `cut` of its score. With `strict` it is
dropped instead, unless nothing would be left.
"""

from __future__ import annotations

import numpy as np

from mnesis.drive import Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.ask import tags
from mnesis.text.rank import Rank
from mnesis.words import Found, Query

KIND, NODE = "tagged", "tag:"


def tagged(cut: float = 0.15, n: int = 100, strict: bool = False) -> Rank:
    """Filter the best `n` by tags; it stands behind the rankers that score."""
    if not 0 <= cut <= 1 or n < 1:
        raise BadInput(f"cut={cut} must lie between 0 (nothing is lost) and 1, and n={n} be at least 1.")

    def rank(query: Query, found: Found, view: View) -> Asking[Found]:
        found = found.best()
        if not len(found):
            return found
        asked = yield tags(query.text)
        if not asked:
            return found
        ids = [cube.id for cube in view.cubes(found.rows[:n])]
        if len(ids) < min(n, len(found)):
            return found
        filed: dict[str, set[str]] = {}
        for link in view.linked(ids, (KIND,)):
            filed.setdefault(link.head, set()).add(link.tail.removeprefix(NODE))
        known = np.zeros(len(found), bool)
        fits = np.zeros(len(found), np.float32)
        for at, id in enumerate(ids):
            known[at] = id in filed
            fits[at] = len(filed.get(id, set()) & set(asked)) / len(set(asked))
        other = known & (fits == 0)
        if strict and not other.all():
            kept = found.take(~other)
            return kept.scored(kept.score, tagged=fits[~other]).best()
        lowered = np.where(other & (found.score > 0), found.score * np.float32(1 - cut), found.score)
        return found.scored(lowered.astype(np.float32), tagged=np.where(known, fits, np.float32(np.nan))).best()

    return rank
