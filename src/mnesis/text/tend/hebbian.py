"""Tie together what is used together, and prune the ties that are not used.

Source: Rajeev Gupta, Suhani Gupta, Ronak Parikh, Divya Gupta, Amir Javaheri, Jairaj Singh Shaktawat, Personalized
    Artificial General Intelligence (AGI) via Neuroscience-Inspired Continuous Learning Systems, 2025. arXiv 2504.20109
Needs: nothing
Cost: every use of what was ever used, and its links
Differs: synapses are links between memories; how strong one is follows from uses, so it can be told for any moment.

Two memories used at the same moment (by one recall) are tied by a link ``together``; its weight is the number of such
moments, each counting half as much every `half_life` days. Only the `most` strongest ties of a memory stay, so that the
code is sparse, and one weaker than `least` is pruned.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.fading import DAY
from mnesis.text.tend import Tend
from mnesis.words import Change, Connect, Disconnect, Link, Rows

TOGETHER = "together"
MADE_BY = "text.tend.hebbian"
SLACK = 0.1  # a weight that is off by less than this share of itself is left as it is
Pair = tuple[str, str]


def hebbian(half_life: float = 30.0, least: float = 0.25, most: int = 8) -> Tend:
    """Links between memories used together; `half_life` in days, pruned below a weight of `least`."""
    if not half_life > 0 or not least > 0 or most < 1:
        raise BadInput(f"half_life={half_life} and least={least} must be above 0, and most={most} at least 1.")

    def tend(view: View, now: datetime) -> list[Change]:
        if view.reached()[1]:
            return []  # more is still to come
        rows = view.alive()
        rows = rows[view.column("uses", rows) > 0]
        ids = [cube.id for cube in view.cubes(rows)]
        standing = {tie: link for id in ids for tie, link in _ties(view, id)}
        wanted = _sparse(_weights(view, rows, ids, now, half_life), least, most)
        changes: list[Change] = []
        for pair in sorted(standing.keys() | wanted.keys()):
            link, weight = standing.get(pair), wanted.get(pair)
            if link is not None and weight is not None and abs(link.weight - weight) <= SLACK * link.weight:
                continue
            changes += [Disconnect(link)] if link is not None else []
            if weight is not None:
                changes.append(Connect(Link(*pair, TOGETHER, weight, view.namespace, made_by=MADE_BY)))
        return changes

    return tend


def _ties(view: View, id: str) -> list[tuple[Pair, Link]]:
    return [((link.head, link.tail), link) for link in view.links(id, TOGETHER) if link.made_by == MADE_BY]


def _weights(view: View, rows: Rows, ids: list[str], now: datetime, half_life: float) -> dict[Pair, float]:
    owner, at = view.uses(rows)
    moments: dict[float, set[str]] = defaultdict(set)
    for mine, when in zip(owner.tolist(), at.tolist(), strict=True):
        moments[when].add(ids[mine])
    out: dict[Pair, float] = defaultdict(float)
    for when, used in sorted(moments.items()):
        fresh = 0.5 ** (max(0.0, now.timestamp() - when) / DAY / half_life)
        some = sorted(used)
        for n, one in enumerate(some):
            for other in some[n + 1 :]:
                out[one, other] += fresh
    return out


def _sparse(weights: dict[Pair, float], least: float, most: int) -> dict[Pair, float]:
    """The ties that stay: strong enough, and among the strongest of either end."""
    strongest: dict[str, list[tuple[float, Pair]]] = defaultdict(list)
    for pair, weight in weights.items():
        if weight >= least:
            for end in pair:
                strongest[end].append((-weight, pair))
    kept = [{pair for _, pair in sorted(each)[:most]} for each in strongest.values()]
    both: dict[Pair, int] = defaultdict(int)
    for some in kept:
        for pair in some:
            both[pair] += 1
    return {pair: round(weights[pair], 4) for pair, times in both.items() if times == 2}
