"""How one passage leads to another for a question: what is measured, and what was learned to make of it.

    asked = ask(query, view)                     the question: its terms and their weights, the titles it names
    sheet = spread(asked, view, found, seeds)    candidates, the best of them as seeds, and the steps between them
    worth = judged(sheet)                        what each candidate is worth: alone, as what is reached, as what leads

A step leads from a seed to a candidate: because the seed names what it is about, because the question names both, or
because it speaks of what the question still lacks once the seed is known. That is the *residual question*: the terms
the seed does not hold, and the question's vector without the direction of the seed's. Two small networks turn what is
measured into numbers that are added up: a candidate is worth what it is alone, plus the best step that reaches it,
plus the best step it leads on by. They are trained by `scripts/train_walk.py` and kept in `association.json`: one pair
for an embedder that can be relied on wholly, one for words alone, which any other embedder has to do with.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mnesis.store import Match, View
from mnesis.store.signs import OPENING, opens
from mnesis.store.terms import code, terms
from mnesis.text.link.titles import KIND
from mnesis.text.question import of_view, weights
from mnesis.text.titles import Span, key, longest, spans, title
from mnesis.words import Floats, Found, MemCube, Query, Rows, union

ALONE = (
    "rare words", "words", "cosine", "behind the nearest", "word rank", "vector rank", "named", "named share",
    "title asked", "opening", "length", "title share", "named whole", "names held",
)  # fmt: skip
STEP = (
    "names it", "one of so many", "names what lacks", "names along the residual", "lacks", "together",
    "gain", "residual vector", "joint vector", "alike", "both named", "opening told", "behind the best", "rank",
    "rare word shared", "second shared",
)  # fmt: skip
EACH = 60  # candidates taken from each finder
SAME = 8  # passages of one title that a step may lead to
NEAREST = 10  # steps kept for each kind of fit
ALONG = 3  # seeds whose residual question is searched for; from the others only names and what was found lead on
TOLD = 0.6  # from this share of its opening on, a passage is about what the seed tells
NEARBY, NEAR = 0.3, 5.0  # the cosine from which on a passage lies near a question, and what each of more is worth
LEAD = np.array([1.0, 0.8, 0.5, 0.3], np.float32)  # of the first words of a text
CAPITAL = re.compile(r"(?<=\s)[^\W_a-z][\w'’.-]*")
Flags = NDArray[np.bool_]
Places = Mapping[str, Span]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: its terms, how much each counts (`rare` by the square of its idf), which are names, and the nodes of
    the titles that stand in it."""

    terms: tuple[str, ...]
    match: Match
    rare: Floats
    plain: Floats
    names: Flags
    titles: frozenset[str]
    vector: Floats | None


@dataclass(slots=True)
class Pool:
    """Candidates [N], ascending by row: the node of the title of each, how fully it speaks of each term, its vector,
    and what is known of it alone (`ALONE`)."""

    rows: Rows
    cubes: list[MemCube]
    node: list[str]
    held: Floats  # [N, T]
    vectors: Floats  # [N, D]
    alone: Floats  # [N, A]
    forms: list[NDArray[np.uint64]]  # the codes of the terms of each


@dataclass(slots=True)
class Sheet:
    """Candidates, and steps [P] between positions in them, with what is known of each (`STEP`)."""

    asked: Asked
    pool: Pool
    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    step: Floats  # [P, S]


class Worth(NamedTuple):
    """What each candidate is worth [N]: alone, by the best step that reaches it, by the best it leads on by; and which
    step reaches it (-1 where none is worth more than none)."""

    alone: Floats
    reached: Floats
    leading: Floats
    by: NDArray[np.int64]


def ask(query: Query, view: View) -> Asked:
    """What a question asks of a view."""
    asked = of_view(query.text, view)
    match = view.words(asked)
    rare, plain = weights(asked, match.idf**2), weights(asked, match.idf)
    capital = {term for each in CAPITAL.findall(query.text) for term in terms(each)}
    places = spans(query.text, prose=False)
    known = {link.tail for link in view.linked(list(places), (KIND,))} if places else set()
    return Asked(
        asked,
        match,
        (rare / max(float(rare.sum()), 1e-9)).astype(np.float32),
        (plain / max(float(plain.sum()), 1e-9)).astype(np.float32),
        np.array([each in capital for each in asked], bool),
        frozenset(longest({node: place for node, place in places.items() if node in known})),
        query.vector if query.vector is not None and query.vector.any() and query.reliance >= 1 else None,
    )


def spread(asked: Asked, view: View, found: Found, seeds: int) -> Sheet | None:
    """The candidates, and the steps from the best `seeds` of them; None where there is nothing to start from."""
    found = _searched(asked, view, found)
    ranks = {name: _ranked(found, name) for name in ("words", "vectors")}
    first = np.unique(np.concatenate([*ranks.values(), *_titled(view, sorted(asked.titles)).values()]))
    if not len(first) or not asked.terms:
        return None
    top = 0.0 if asked.vector is None or not len(ranks["vectors"]) else float(np.nanmax(found.why["vectors"]))
    pool = _pool(asked, view, first, ranks, top)
    best = pool.rows[np.lexsort((pool.rows, -_start(pool)))[:seeds]]
    places, titled = _named(view, pool, best)
    near = [rows for row in best[:ALONG].tolist() for rows in _along(asked, view, pool.vectors[_at(pool, row)])]
    linked = [_nearest(asked, view, rows) for rows in titled.values()]
    further = np.setdiff1d(np.concatenate([*near, *linked, first[:0]]), first)
    if len(further):
        pool = _joined(pool, _pool(asked, view, further, ranks, top))
    seed = np.searchsorted(pool.rows, best)
    begin, end, step = _steps(asked, view, pool, seed, places, {node: len(rows) for node, rows in titled.items()})
    return Sheet(asked, pool, begin, end, step)


def judged(sheet: Sheet) -> Worth:
    """What every candidate of a sheet is worth."""
    learned = _trained()["words" if sheet.asked.vector is None else "words and vectors"]
    known = sheet.pool.alone
    alone = learned.alone(known)[:, 0] + answering(known)
    steps = learned.step(np.concatenate([sheet.step, known[sheet.end], known[sheet.begin]], axis=1))
    reached = np.full(len(alone), learned.none[0], np.float32)
    np.maximum.at(reached, sheet.end, steps[:, 0])
    leading = np.full(len(alone), learned.none[1], np.float32)
    np.maximum.at(leading, sheet.begin, steps[:, 1])
    by = np.full(len(alone), -1)
    exact = np.flatnonzero(steps[:, 0] >= reached[sheet.end])[::-1]
    by[sheet.end[exact]] = exact
    return Worth(alone, reached, leading, by)


def answering(known: Floats) -> Floats:
    """What lies very near a question answers it, wherever else it may lead: worth that is not learned, so that walks
    take nothing from questions a single passage answers."""
    return np.asarray(NEAR * np.maximum(0, known[:, ALONE.index("cosine")] - NEARBY), np.float32)


def path(sheet: Sheet, step: int, question: str) -> str:
    """A step in words: from which passage, by which name, for what of the question.

    The words are those of the question that the passage it starts from lacks and the one it leads to has.
    """
    pool, begin, end = sheet.pool, int(sheet.begin[step]), int(sheet.end[step])
    start = title(pool.cubes[begin]) or pool.cubes[begin].text[:60]
    by = f"it names {title(pool.cubes[end])!r}" if sheet.step[step, STEP.index("names it")] else "what it lacks is told"
    new = {
        term
        for term, before, after in zip(sheet.asked.terms, pool.held[begin], pool.held[end], strict=True)
        if after > 0 and not before
    }
    lacking = [word for word in re.findall(r"[\w'’-]+", question) if new & set(terms(word))]
    return f"from {start!r}: {by}" + (f"; for {', '.join(dict.fromkeys(lacking))}" if lacking else "")


# ------------------------------------------------------------------------------------------------------ candidates


def _searched(asked: Asked, view: View, found: Found) -> Found:
    """What was found, with the best by words and by meaning where nobody looked for them yet."""
    if "words" not in found.why:
        rows, score = asked.match.top(EACH)
        found = union(found, Found(rows, score, {"words": score}))
    if "vectors" not in found.why and asked.vector is not None:
        rows, score = view.near(asked.vector).top(EACH)
        found = union(found, Found(rows, score, {"vectors": score}))
    return found


def _ranked(found: Found, name: str) -> Rows:
    """The best rows of a finder, best first."""
    if name not in found.why:
        return np.zeros(0, np.int64)
    said = np.flatnonzero(~np.isnan(found.why[name]))
    return found.rows[said[np.lexsort((found.rows[said], -found.why[name][said]))]][:EACH]


def _titled(view: View, nodes: Sequence[str]) -> dict[str, Rows]:
    """The rows of the passages under each of these titles."""
    heads: dict[str, list[str]] = {}
    for link in view.linked(nodes, (KIND,)) if nodes else ():
        heads.setdefault(link.tail, []).append(link.head)
    ids = list(dict.fromkeys(id for each in heads.values() for id in each))
    row = dict(zip(ids, view.rows(ids).tolist(), strict=True))
    out = {node: np.array([row[id] for id in each if row[id] >= 0], np.int64) for node, each in heads.items()}
    return {node: np.unique(rows) for node, rows in out.items() if len(rows)}


def _pool(asked: Asked, view: View, rows: Rows, ranks: Mapping[str, Rows], top: float) -> Pool:
    cubes = view.cubes(rows)
    if len(cubes) < len(rows):  # one of them was erased since this view was taken
        rows = np.sort(view.rows([cube.id for cube in cubes]))
        rows = rows[rows >= 0]
        cubes = view.cubes(rows)
    names = [title(cube) for cube in cubes]
    node = [key(each) for each in names]
    held = asked.match.saturation(rows)
    cosine = np.zeros(len(rows), np.float32)
    vectors = np.zeros((len(rows), 0 if asked.vector is None else len(asked.vector)), np.float32)
    if asked.vector is not None:
        cosine = np.nan_to_num(view.near(asked.vector).at(rows))
        for at, vector in enumerate(view.vectors(rows)):
            if vector is not None:
                vectors[at] = vector
    said = [set(terms(each)) for each in names]
    inside = np.array([[term in each for term in asked.terms] for each in said], np.float32).reshape(held.shape)
    size = np.array([len(each) for each in said], np.float32)
    share = inside @ asked.rare
    named = np.array([each in asked.titles for each in node], np.float32)
    first = opens(view.column("opening", rows), [code(each) for each in asked.terms])
    heard = ("words",) if asked.vector is None else ("words", "vectors")
    place = {name: {row: at for at, row in enumerate(ranks[name].tolist())} for name in heard}
    columns = (
        held @ asked.rare,
        held @ asked.plain,
        cosine,
        cosine - np.float32(top),
        *(np.array([_falling(place.get(name, {}).get(row)) for row in rows.tolist()]) for name in ("words", "vectors")),
        named,
        named * share,
        inside.sum(1) / np.maximum(size, 1),
        first.astype(np.float32) @ asked.rare,
        np.log1p(view.column("length", rows)),
        share,
        named * (size > 0) * (inside.sum(1) == size),
        (held > 0) @ (asked.rare * asked.names),
    )
    return Pool(rows, cubes, node, held, vectors, np.stack(columns, axis=1).astype(np.float32), view.terms(rows))


def _falling(place: int | None) -> float:
    return 0.0 if place is None else 1 / (1 + place / 5)


def _joined(a: Pool, b: Pool) -> Pool:
    order = np.argsort(np.concatenate([a.rows, b.rows]), kind="stable")
    cubes, node, forms = [*a.cubes, *b.cubes], [*a.node, *b.node], [*a.forms, *b.forms]
    return Pool(
        np.concatenate([a.rows, b.rows])[order],
        [cubes[at] for at in order],
        [node[at] for at in order],
        np.concatenate([a.held, b.held])[order],
        np.concatenate([a.vectors, b.vectors])[order],
        np.concatenate([a.alone, b.alone])[order],
        [forms[at] for at in order],
    )


def _at(pool: Pool, row: int) -> int:
    return int(np.searchsorted(pool.rows, row))


def _start(pool: Pool) -> Floats:
    """How likely each is to be where an answer begins; set by hand, for learning begins from it."""
    known = {name: pool.alone[:, at] for at, name in enumerate(ALONE)}
    fit: Floats = known["rare words"] ** 1.3 + known["cosine"] + 0.2 * known["opening"] + 0.3 * known["named share"]
    return fit


# ----------------------------------------------------------------------------------------------------------- steps


def _named(view: View, pool: Pool, best: Rows) -> tuple[list[Places], dict[str, Rows]]:
    """Which titles each of the best rows names and where, but for its own, and the rows under every such title."""
    every = [(_at(pool, row), spans(pool.cubes[_at(pool, row)].text)) for row in best.tolist()]
    titled = _titled(view, list(dict.fromkeys(node for _, each in every for node in each)))
    out: list[Places] = []
    for at, each in every:
        held = longest({node: place for node, place in each.items() if node in titled})
        out.append({node: place for node, place in held.items() if node != pool.node[at]})
    wanted = {node for each in out for node in each}
    return out, {node: rows for node, rows in titled.items() if node in wanted}


def _nearest(asked: Asked, view: View, rows: Rows) -> Rows:
    """The few of these that fit the question best."""
    if len(rows) <= SAME:
        return rows
    fit = asked.match.saturation(rows) @ asked.plain if asked.vector is None else view.near(asked.vector).at(rows)
    return rows[np.lexsort((rows, -np.nan_to_num(fit)))[:SAME]]


def _along(asked: Asked, view: View, seed: Floats) -> list[Rows]:
    """The rows that lie along the residual question, and along question and seed together."""
    if asked.vector is None or not seed.any():
        return []
    lacking = asked.vector - float(asked.vector @ seed) * seed
    return [view.near(_unit(each)).top(NEAREST)[0] for each in (lacking, asked.vector + seed)]


def _unit(vectors: Floats) -> Floats:
    unit: Floats = (vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)).astype(np.float32)
    return unit


def _steps(
    asked: Asked, view: View, pool: Pool, seed: Rows, named: Sequence[Places], many: Mapping[str, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """The steps from the seeds (positions) that are worth a look: from where, where to, and what is known of each."""
    shape = (len(seed), len(pool.rows))
    none = np.zeros(shape, np.float32)
    said = (pool.held > 0).astype(np.float32)
    mine = pool.held @ asked.plain
    both = np.maximum(pool.held[seed][:, None], pool.held) @ asked.plain
    names = np.array([[node in each for node in pool.node] for each in named], np.float32).reshape(shape)
    share = np.array([1 / many[node] if node in many else 0 for node in pool.node], np.float32)
    lacks = (asked.plain * (1 - said[seed])) @ said.T
    start = _start(pool)
    known = {
        "names it": names,
        "one of so many": names * share,
        "names what lacks": names * lacks,
        "names along the residual": none,
        "lacks": lacks,
        "together": both,
        "gain": both - np.maximum(mine, mine[seed][:, None]),
        "residual vector": none,
        "joint vector": none,
        "alike": none,
        "both named": _both(asked, pool, seed),
        "opening told": _told(view, pool, seed),
        "behind the best": np.broadcast_to((start[seed] - start.max())[:, None], shape),
        "rank": np.broadcast_to(np.arange(len(seed))[:, None], shape),
        "rare word shared": none,
        "second shared": none,
    }
    known["rare word shared"], known["second shared"] = _shared(view, asked, pool, seed)
    if asked.vector is not None:
        vectors = pool.vectors[seed]
        known["residual vector"] = _unit(asked.vector - (vectors @ asked.vector)[:, None] * vectors) @ pool.vectors.T
        known["joint vector"] = _unit(asked.vector + vectors) @ pool.vectors.T
        known["alike"] = vectors @ pool.vectors.T
        known["names along the residual"] = names * known["residual vector"]
    keep = (names > 0) | (known["both named"] > 0) | (known["opening told"] > TOLD)
    for kind in ("lacks", "together", "residual vector", "joint vector"):
        if known[kind].any():
            best = np.argsort(-known[kind], axis=1, kind="stable")[:, : NEAREST + 1]
            np.put_along_axis(keep, best, True, axis=1)
    keep[np.arange(len(seed)), seed] = False
    begin, end = np.nonzero(keep)
    return seed[begin], end, np.stack([known[name][begin, end] for name in STEP], axis=1).astype(np.float32)


def _both(asked: Asked, pool: Pool, seed: Rows) -> Floats:
    """1 where the question names both, and they are not the same."""
    named = np.array([node in asked.titles for node in pool.node])
    node = np.array(pool.node, object)
    both: Floats = (named[seed][:, None] & named & (node[seed][:, None] != node)).astype(np.float32)
    return both


def _told(view: View, pool: Pool, seed: Rows) -> Floats:
    """Which share of what each candidate begins with each seed holds; 0 where the seed itself begins so."""
    first = np.ascontiguousarray(view.column("opening", pool.rows)).view(np.uint16).reshape(-1, OPENING)
    weight = LEAD * (first != 0)
    whole = np.maximum(weight.sum(1), 1e-9)
    out = np.zeros((len(seed), len(first)), np.float32)
    for at, each in enumerate(seed.tolist()):
        share = (weight * np.isin(first, pool.forms[each].astype(np.uint16))).sum(1) / whole
        out[at] = np.where(np.isin(first[:, 0], first[each][first[each] != 0]), 0, share)
    return out


def _shared(view: View, asked: Asked, pool: Pool, seed: Rows) -> tuple[Floats, Floats]:
    """The idf of the rarest term that each candidate shares with each seed and the question does not hold, and of the
    next; 0 where there is none."""
    out = np.zeros((2, len(seed), len(pool.rows)), np.float32)
    every = np.unique(np.concatenate([pool.forms[at] for at in seed.tolist()]))
    every = np.setdiff1d(every, np.array([code(each) for each in asked.terms], np.uint64), assume_unique=True)
    if not len(every):
        return out[0], out[1]
    flat = np.concatenate(pool.forms)
    owner = np.repeat(np.arange(len(pool.rows)), [len(each) for each in pool.forms])
    place = np.minimum(np.searchsorted(every, flat), len(every) - 1)
    hit = every[place] == flat
    value = np.zeros((len(pool.rows), len(every)), np.float32)
    value[owner[hit], place[hit]] = view.rarity(every)[place[hit]]
    for at, each in enumerate(seed.tolist()):
        both = value[:, value[each] > 0]
        if both.shape[1]:
            best = np.partition(both, -min(2, both.shape[1]), axis=1)
            out[0, at] = best[:, -1]
            out[1, at] = best[:, -2] if both.shape[1] > 1 else 0
    return out[0], out[1]


# --------------------------------------------------------------------------------------------------------- learned


class Layer(NamedTuple):
    """A small network: what is known is brought to one scale, mixed once, and mixed again."""

    mean: Floats
    scale: Floats
    first: Floats
    bias: Floats
    second: Floats
    last: Floats

    def __call__(self, known: Floats) -> Floats:
        mixed = np.tanh(((known - self.mean) / self.scale) @ self.first + self.bias)
        return np.asarray(mixed @ self.second + self.last, np.float32)


class Trained(NamedTuple):
    """The network of a candidate alone and that of a step, and what it is worth when there is no step."""

    alone: Layer
    step: Layer
    none: Floats


@cache
def _trained() -> Mapping[str, Trained]:
    text = (resources.files("mnesis.text") / "association.json").read_text(encoding="utf-8")
    return {name: trained(kept) for name, kept in json.loads(text)["networks"].items()}


def trained(kept: Mapping[str, Any]) -> Trained:
    """The networks of plain values, as they stand in the file."""
    alone, step = (
        Layer(**{name: np.array(value, np.float32) for name, value in kept[part].items()}) for part in ("alone", "step")
    )
    return Trained(alone, step, np.array(kept["none"], np.float32))
