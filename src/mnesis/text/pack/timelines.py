"""Timelines side by side, each told from its beginning.

Source: Kai Tzu-iunn Ong, Namyoung Kim, Minju Gwak, Hyungjoo Chae, Taeyoon Kwon, Yohan Jo, Seung-won Hwang, Dongha Lee,
    Jinyoung Yeo, Towards Lifelong Dialogue Agents via Timeline-based Memory Management, 2024. arXiv 2406.10996
Needs: nothing
Cost: one token count a hit and one of the whole; a sort
Differs: timelines are not rewritten for the question; their members are given word for word.

What fits is chosen best first. Hits of one timeline (those with the same number under `timeline` in their reasons)
then stand together, oldest first, where the best of them stood; whoever reads them sees how things came about and
which of two statements is the later one. A hit of no timeline stands alone.

>>> from mnesis.text.lines import estimate
>>> from mnesis.words import Hit, MemCube, moment
>>> now = MemCube("2", "I eat fish again.", valid_from=moment("2026-03-02"))
>>> once = MemCube("1", "I became a vegetarian.", valid_from=moment("2025-01-09"))
>>> one = {"timeline": 1.0}
>>> hits = [Hit(now, 3.0, one), Hit(MemCube("3", "Fish is dear."), 2.0), Hit(once, 1.0, one)]
>>> print(timelines()(hits, 100, estimate))
[2025-01-09] I became a vegetarian.
[2026-03-02] I eat fish again.
Fish is dear.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mnesis.text.lines import Placed, packed
from mnesis.text.pack import Count, Pack
from mnesis.words import Context, Hit


def timelines() -> Pack:
    """Together what belongs together, oldest first."""

    def pack(hits: Sequence[Hit], budget: int, count: Count) -> Context:
        return packed(hits, budget, count, _told)

    return pack


def _told(placed: list[Placed]) -> list[Placed]:
    lines: dict[object, list[Placed]] = {}
    for each in placed:
        lines.setdefault(each.hit.why.get("timeline") or ("alone", each.place), []).append(each)
    return [each for line in lines.values() for each in sorted(line, key=_moment)]


def _moment(each: Placed) -> tuple[float, str, int, int]:
    cube = each.hit.cube
    if cube.at is None:
        return (math.inf, "", 0, each.place)
    return (cube.at.timestamp(), cube.session, cube.order, each.place)
