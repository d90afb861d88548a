"""Keep each session at several granularities, and link those that go together.

Source: Derong Xu, Yi Wen, Pengyue Jia, Yingyi Zhang, Wenlin Zhang, Yichao Wang, Huifeng Guo, Ruiming Tang, Xiangyu
    Zhao, Enhong Chen, Tong Xu, Towards Multi-Granularity Memory Association and Selection for Long-Term Conversational
    Agents, 2025. arXiv 2505.19549
Needs: nothing
Cost: the turns of every session that changed; two questions ("summary", "note") a session and one a topic of it, and
    its likeness to at most `MOST` others
Shapes: likeness [H] -> probability [H]
Differs: the whole session is not kept a second time as a unit of its own, since its turns stand; likeness is a cosine
    where there are vectors (of the middle of its turns, for a new session) and else the overlap of terms (Jaccard).

A session (its turns told one by one) also stands as a summary, as a line of keywords and, where it has several, topic
by topic, so that a question can be
answered at the granularity that fits it. How like a session is to each one before it is then split by a mixture of two
Gaussians into those it goes together with and the rest; the former are linked with it, by the probability that they
belong to the upper one. Fewer than five sessions are too few to tell the two apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mnesis.drive import Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.store.terms import code, terms
from mnesis.text.ask import note, summary
from mnesis.text.derived import made_of, read_from, renewed
from mnesis.text.tend import Tend
from mnesis.text.tend.ongoing_topics import sessions
from mnesis.text.topics import cuts
from mnesis.words import Add, Change, Connect, Floats, Link, MemCube, Retire, Revise, Rows, digest

MADE_BY = "text.tend.units"
ASSOCIATED = "associated"
MOST = 200  # sessions a new one is held against
FEWEST = 5  # likenesses a mixture can be told from


def units(words: int = 60, sure: float = 0.5) -> Tend:
    """A summary and keywords for each session, and links to those it belongs with by at least `sure`."""
    if words < 1 or not 0 < sure < 1:
        raise BadInput(f"words={words} must be at least 1 and sure={sure} between 0 and 1.")

    def tend(view: View, now: datetime) -> Asking[list[Change]]:
        changes: list[Change] = []
        known: dict[str, _Unit] | None = None
        for rows in sessions(view):
            made = (yield from _session(view.cubes(rows), words, view)) if len(rows) else []
            if not made:
                continue
            changes += made
            known = _standing(view) if known is None else known
            for each in made:
                if isinstance(each, Add | Revise) and each.cube.meta["unit"] == "summary":
                    cube, fresh = each.cube, _unit(each.cube, rows, view)
                    changes += _links(cube, fresh, [one for id, one in known.items() if id != cube.id], sure, view)
                    known[cube.id] = fresh
        return changes

    return tend


def _session(turns: Sequence[MemCube], words: int, view: View) -> Asking[list[Add | Revise | Retire]]:
    """What is to change so that a session stands as its units say."""
    read, session = read_from(turns), turns[0].session
    whole = digest(MADE_BY, view.namespace, session, "summary")
    standing = view.get(whole)
    if standing is not None and standing.meta.get("read") == read:
        return []
    said = yield summary([each.text for each in turns], words)
    if not isinstance(said, str) or not said.strip():
        return []
    card = yield note("\n".join(each.text for each in turns))
    made = []
    if card and card["keywords"]:
        id = digest(MADE_BY, view.namespace, session, "keywords")
        made.append(made_of(id, ", ".join(card["keywords"]), turns, MADE_BY, meta={"unit": "keywords", "read": read}))
    for part in _stretches(turns, view):
        told = yield summary([each.text for each in part], words // 2)
        if isinstance(told, str) and told.strip():
            id = digest(MADE_BY, view.namespace, session, "topic", part[0].id)
            made.append(made_of(id, told, part, MADE_BY, meta={"unit": "topic", "read": read_from(part)}))
    meta = {"unit": "summary", "read": read, "units": [each.id for each in made]}
    changes = [_put(each, view) for each in [made_of(whole, said, turns, MADE_BY, meta=meta), *made]]
    former = standing.meta.get("units", ()) if standing is not None else ()
    gone = [id for id in former if id not in meta["units"] and view.get(id) is not None]
    return [*(each for each in changes if each is not None), *(Retire(id, f"is no part of {whole} now") for id in gone)]


def _stretches(turns: Sequence[MemCube], view: View) -> list[Sequence[MemCube]]:
    """The topics of a session; none where it has only one."""
    vectors = view.vectors(view.rows([each.id for each in turns]))
    at = [0, *cuts([terms(each.text) for each in turns], vectors), len(turns)]
    return [turns[start:end] for start, end in pairwise(at)] if len(at) > 2 else []


def _put(cube: MemCube, view: View) -> Add | Revise | None:
    """A unit in the place of the one that stands."""
    old = view.get(cube.id)
    if old is None:
        return Add(cube)
    grown = renewed(old, cube)
    return None if grown is None else Revise(grown, reason=f"written anew from {len(cube.parents)} turns")


class _Unit(NamedTuple):
    """What a session is compared by."""

    id: str
    vector: Floats | None
    codes: frozenset[int]


def _unit(cube: MemCube, rows: Rows, view: View) -> _Unit:
    """A session that is summed up just now, by the middle of its turns."""
    held = [each for each in view.vectors(rows) if each is not None]
    middle = np.mean(held, axis=0) if held else None
    if middle is not None:
        middle = middle / max(float(np.linalg.norm(middle)), 1e-9)
    return _Unit(cube.id, middle, frozenset(code(term) for term in terms(cube.text)))


def _standing(view: View) -> dict[str, _Unit]:
    """The sessions that were summed up before, the newest ones."""
    rows = view.sieved(types=("semantic",)).alive()[-2 * MOST :]
    cubes, vectors, codes = view.cubes(rows), view.vectors(rows), view.terms(rows)
    return {
        cube.id: _Unit(cube.id, vector, frozenset(held.tolist()))
        for cube, vector, held in zip(cubes, vectors, codes, strict=True)
        if cube.made_by == MADE_BY and cube.meta.get("unit") == "summary"
    }


def _links(cube: MemCube, fresh: _Unit, others: Sequence[_Unit], sure: float, view: View) -> list[Change]:
    """Links from a session to those known that it goes together with."""
    if len(others) < FEWEST:
        return []
    chance = upper(np.array([_likeness(fresh, other) for other in others], np.float64))
    drawn = {link.tail if link.head == cube.id else link.head for link in view.links(cube.id, ASSOCIATED)}
    return [
        Connect(Link(cube.id, other.id, ASSOCIATED, round(float(each), 3), view.namespace, made_by=MADE_BY))
        for other, each in zip(others, chance, strict=True)
        if each >= sure and other.id not in drawn
    ]


def _likeness(one: _Unit, other: _Unit) -> float:
    if one.vector is not None and other.vector is not None:
        return float(one.vector @ other.vector)
    return len(one.codes & other.codes) / max(1, len(one.codes | other.codes))


def upper(values: NDArray[np.float64], steps: int = 50) -> NDArray[np.float64]:
    """The probability of each value to come from the upper one of two Gaussians, found by expectation-maximisation.

    >>> upper(np.array([0.1, 0.12, 0.08, 0.11, 0.8, 0.82])).round().tolist()
    [0.0, 0.0, 0.0, 0.0, 1.0, 1.0]
    """
    least = max(1e-4, 0.05 * float(values.std()))
    if float(values.max() - values.min()) < 1e-6:
        return np.zeros(len(values))
    mean = np.array([values.min(), values.max()], np.float64)
    spread, share = np.full(2, max(least, float(values.std()) / 2)), np.array([0.5, 0.5])
    for _ in range(steps):
        chance = _chances(values, mean, spread, share)
        weight = chance.sum(axis=1) + 1e-9
        share = weight / weight.sum()
        mean = chance @ values / weight
        spread = np.maximum(least, np.sqrt((chance * (values - mean[:, None]) ** 2).sum(axis=1) / weight))
    above = _chances(values, mean, spread, share)[int(mean.argmax())]
    # Far below both means the wider one wins, whichever it is; what lies below the lower mean is not above.
    return np.where(values < mean.min(), 0.0, np.where(values > mean.max(), 1.0, above))


def _chances(
    values: NDArray[np.float64], mean: NDArray[np.float64], spread: NDArray[np.float64], share: NDArray[np.float64]
) -> NDArray[np.float64]:
    log = -0.5 * ((values - mean[:, None]) / spread[:, None]) ** 2 - np.log(spread[:, None]) + np.log(share[:, None])
    chance = np.exp(log - log.max(axis=0))
    out: NDArray[np.float64] = chance / chance.sum(axis=0)
    return out
