"""Bring the whole timeline a good candidate stands in, from its beginning to now.

Source: Kai Tzu-iunn Ong, Namyoung Kim, Minju Gwak, Hyungjoo Chae, Taeyoon Kwon, Yohan Jo, Seung-won Hwang, Dongha Lee,
    Jinyoung Yeo, Towards Lifelong Dialogue Agents via Timeline-based Memory Management, 2024. arXiv 2406.10996
Needs: nothing
Cost: one order of what is found so far; one look-up of links for each memory of a timeline
Differs: where a timeline branches the weightiest link is followed, so every seed has one timeline; none is sampled.

A memory that fits a question says how things stood once. Its timeline is found along the links that say why one memory
followed another (`KINDS`): back to where it began and forward to how it stands now. Every member gets the standing of
the seed, less with each step away from it, in the column `timelines`; the column `timeline` numbers the timelines,
so that what lays out a context can keep together what belongs together. A member that would be in two is in the first.
"""

from __future__ import annotations

import numpy as np

from mnesis.drive import nobody, settled
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.ask import RELATIONS
from mnesis.text.find import Find
from mnesis.text.rank.reciprocal_rank import reciprocal_rank
from mnesis.words import NOTHING, Found, Link, Query

KINDS = frozenset(RELATIONS) - {"none"}  # earlier memory -> later memory


def timelines(seeds: int = 8, longest: int = 8, fall: float = 0.8) -> Find:
    """A finder along timelines; it stands behind the finders that bring the seeds, and before none that ranks by place.

    `longest` bounds the members of one timeline; `fall` is what is left of the seed's standing one step away.
    """
    if seeds < 1 or longest < 2 or not 0 < fall <= 1:
        raise BadInput(f"seeds={seeds} must be at least 1, longest={longest} at least 2 and fall={fall} in (0, 1].")
    order = reciprocal_rank()

    def find(query: Query, view: View, found: Found) -> Found:
        best = settled(order(query, found, view), nobody).best(seeds)
        if not len(best) or best.score[0] <= 0:
            return NOTHING
        told: dict[str, tuple[float, int]] = {}
        number = 0
        for seed, standing in zip(view.cubes(best.rows), (best.score / best.score[0]).tolist(), strict=True):
            if seed.id in told:
                continue
            line = _traced(seed.id, view, longest)
            if len(line) < 2:
                continue
            number += 1
            for id, steps in line.items():
                told.setdefault(id, (standing * fall**steps, number))
        return _columns(told, view).best(query.limit)

    return find


def _columns(told: dict[str, tuple[float, int]], view: View) -> Found:
    rows = view.rows(list(told))
    stands = rows >= 0
    if not stands.any():
        return NOTHING
    worth = np.array([each for each, _ in told.values()], np.float32)[stands]
    number = np.array([each for _, each in told.values()], np.float32)[stands]
    return Found(rows[stands], worth, {"timelines": worth, "timeline": number})


def _traced(seed: str, view: View, longest: int) -> dict[str, int]:
    """The members of the seed's timeline and how many steps away from it they stand."""
    line = {seed: 0}
    for later in (False, True):
        here, steps = seed, 0
        while len(line) < longest:
            beyond = [each for each in _ways(here, view, later) if (each.tail if later else each.head) not in line]
            if not beyond:
                break
            way = max(beyond, key=lambda link: (link.weight, link.head, link.tail))
            here, steps = (way.tail if later else way.head), steps + 1
            line[here] = steps
    return line


def _ways(id: str, view: View, later: bool) -> list[Link]:
    """The links of a timeline that lead on from a memory, or (unless `later`) back."""
    links = (each for each in view.links(id) if each.kind in KINDS)
    return [each for each in links if (each.head if later else each.tail) == id]
