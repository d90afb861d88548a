"""Rankings to numbers: where the gold stands, the measures over it, and 95 % intervals by bootstrap.

An `Outcome` holds what one question brought as ranks (1 is first, 0 is "not among the first k"), so it is small, can
be written down in the middle of a run, and every measure is arithmetic on a matrix of ranks [Q, G]. The names:

    recall@k    the share of a question's gold among the first k; the denominator is all of its gold, even beyond k
    any@k       1 when at least one gold source is among the first k;   all@k  1 when all of them are
    ndcg@k      binary gains, discount log2(1 + rank), ideal over min(k, number of gold)
    mrr         one over the rank of the first gold source, 0 when none is among the hits asked for
    session_…   the same over sessions, each standing where its best turn stands
    newer_first, older_found@k   over questions with a preferred pair, see the task dynamicqa
    abstention_auroc             how well the first hit's score tells answerable questions from unanswerable ones

Questions are resampled, 1,000 draws with a fixed seed; the interval is the middle 95 % of the draws' means. Two
systems measured on the same questions are resampled alike.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnesis.bench.tasks import Question
from mnesis.errors import UnknownName

DRAWS = 1000
SEED = 0
TARGETS = Path(__file__).parent / "targets.json"
NAME = re.compile(r"(?P<session>session_)?(?P<kind>recall|any|all|ndcg|mrr|older_found)(?:@(?P<k>\d+))?")
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one question brought: the ranks of its gold sources and sessions, and the first hit's score."""

    question: str
    group: str
    answerable: bool
    ranks: tuple[int, ...] = ()
    sessions: tuple[int, ...] = ()
    pair: tuple[int, int] | None = None
    top: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def outcome_from(record: Mapping[str, Any]) -> Outcome:
    """The Outcome of a dictionary that `as_dict` wrote."""
    pair = record["pair"]
    return Outcome(
        record["question"],
        record["group"],
        record["answerable"],
        tuple(record["ranks"]),
        tuple(record["sessions"]),
        None if pair is None else (pair[0], pair[1]),
        record["top"],
    )


def judge(question: Question, ranking: Sequence[str], sessions: Sequence[str], top: float | None) -> Outcome:
    """Where a question's gold stands in a ranking of sources and in one of sessions."""
    pair = None if question.prefer is None else places(ranking, question.prefer)
    return Outcome(
        question.id,
        question.group,
        question.answerable,
        places(ranking, sorted(question.gold)),
        places(sessions, sorted(question.sessions)),
        None if pair is None else (pair[0], pair[1]),
        None if top is None or math.isnan(top) else float(top),
    )


def places(ranking: Sequence[str], wanted: Iterable[str]) -> tuple[int, ...]:
    """Ranks of the wanted names, from 1; 0 for one that is not there.

    >>> places(["b", "a", "c"], ["a", "x"])
    (2, 0)
    """
    at: dict[str, int] = {}
    for rank, name in enumerate(ranking, start=1):
        at.setdefault(name, rank)
    return tuple(at.get(name, 0) for name in wanted)


def measured(
    names: Iterable[str], outcomes: Sequence[Outcome], *, seed: int = SEED, draws: int = DRAWS
) -> dict[str, dict[str, float]]:
    """Each measure that any question counts for: value, the bounds of its interval, and how many questions counted.

    >>> perfect = [Outcome("q", "", True, ranks=(1, 2))]
    >>> measured(["recall@5", "ndcg@10"], perfect)["ndcg@10"]
    {'value': 1.0, 'low': 1.0, 'high': 1.0, 'n': 1}
    """
    out: dict[str, dict[str, float]] = {}
    for name in names:
        if name == "abstention_auroc":
            found = _abstention(outcomes, seed, draws)
            counted = len(outcomes)
        else:
            values = per_question(name, outcomes)
            values = values[~np.isnan(values)]
            found = interval(values, seed, draws)
            counted = len(values)
        if found:
            out[name] = {**{key: round(value, 4) for key, value in found.items()}, "n": counted}
    return out


def grouped(
    names: Sequence[str], outcomes: Sequence[Outcome], *, seed: int = SEED, draws: int = DRAWS
) -> dict[str, dict[str, Any]]:
    """The measures group by group; unanswerable questions are looked at here as if they counted."""
    plain = [name for name in names if name != "abstention_auroc"]
    groups: dict[str, list[Outcome]] = {}
    for each in outcomes:
        if each.group:
            groups.setdefault(each.group, []).append(each)
    out = {}
    for group in sorted(groups):
        inside = [
            Outcome(each.question, each.group, True, each.ranks, each.sessions, each.pair, each.top)
            for each in groups[group]
        ]
        out[group] = {"n": len(inside), **measured(plain, inside, seed=seed, draws=draws)}
    return out


def per_question(name: str, outcomes: Sequence[Outcome]) -> Values:
    """One value a question; NaN for a question the measure does not count."""
    if name == "newer_first":
        return np.array([_newer_first(each) for each in outcomes])
    match = NAME.fullmatch(name)
    if match is None:
        raise UnknownName("measure", name, [*KINDS, "session_recall", "older_found", "newer_first", "abstention_auroc"])
    k = int(match["k"] or 0) or np.inf
    if match["kind"] == "older_found":
        return np.array([np.nan if each.pair is None else float(0 < each.pair[1] <= k) for each in outcomes])
    ranks = rank_matrix([(each.sessions if match["session"] else each.ranks) for each in outcomes])
    values = KINDS[match["kind"]](ranks, k)
    counted = np.array([each.answerable for each in outcomes], bool) & ~np.isnan(ranks).all(axis=1)
    return np.where(counted, values, np.nan)


def rank_matrix(ranks: Sequence[Sequence[int]]) -> Values:
    """Ranks [Q, G]: infinity where gold was not found, NaN beyond a question's own gold."""
    wide = max(map(len, ranks), default=0)
    out = np.full((len(ranks), max(wide, 1)), np.nan)
    for row, each in zip(out, ranks, strict=True):
        row[: len(each)] = [rank or np.inf for rank in each]
    return out


def _count(ranks: Values) -> Values:
    """How many gold sources each question has, at least 1."""
    return np.asarray(np.maximum((~np.isnan(ranks)).sum(axis=1), 1), np.float64)


def _recall(ranks: Values, k: float) -> Values:
    return np.asarray(_within(ranks, k).sum(axis=1) / _count(ranks))


def _any(ranks: Values, k: float) -> Values:
    return np.asarray(_within(ranks, k).any(axis=1), np.float64)


def _all(ranks: Values, k: float) -> Values:
    return np.asarray(_within(ranks, k).sum(axis=1) == _count(ranks), np.float64)


def _ndcg(ranks: Values, k: float) -> Values:
    gains = np.where(_within(ranks, k), 1.0 / np.log2(1.0 + np.where(np.isnan(ranks), 1.0, ranks)), 0.0).sum(axis=1)
    wide = ranks.shape[1]
    ideal = np.cumsum(1.0 / np.log2(np.arange(2, wide + 2)))
    return np.asarray(gains / ideal[np.minimum(_count(ranks), min(k, wide)).astype(int) - 1])


def _mrr(ranks: Values, k: float) -> Values:
    first = np.where(np.isnan(ranks), np.inf, ranks).min(axis=1)
    return np.where(first <= k, 1.0 / first, 0.0)


def _within(ranks: Values, k: float) -> NDArray[np.bool_]:
    return np.asarray(np.isfinite(ranks) & (np.nan_to_num(ranks, nan=np.inf) <= k))


KINDS: dict[str, Callable[[Values, float], Values]] = {
    "recall": _recall,
    "any": _any,
    "all": _all,
    "ndcg": _ndcg,
    "mrr": _mrr,
}


def _newer_first(outcome: Outcome) -> float:
    if outcome.pair is None or outcome.pair == (0, 0):
        return math.nan
    newer, older = outcome.pair
    return float(newer > 0 and (older == 0 or newer < older))


def interval(values: Values, seed: int = SEED, draws: int = DRAWS) -> dict[str, float]:
    """Mean of `values` [Q] and the middle 95 % of the means of resampled questions; empty without questions.

    >>> interval(np.array([0.5, 0.5]))
    {'value': 0.5, 'low': 0.5, 'high': 0.5}
    """
    if not len(values):
        return {}
    rng = np.random.default_rng(seed)
    means = values[rng.integers(0, len(values), (draws, len(values)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return {"value": float(values.mean()), "low": float(low), "high": float(high)}


def _abstention(outcomes: Sequence[Outcome], seed: int, draws: int) -> dict[str, float]:
    """AUROC of the first hit's score, with its interval; a question that brought no hit scores below all others."""
    lowest = -math.inf
    known = [each.top for each in outcomes if each.top is not None]
    if not known:
        return {}
    answerable = np.array([_top(each, lowest) for each in outcomes if each.answerable and each.ranks])
    other = np.array([_top(each, lowest) for each in outcomes if not each.answerable])
    return auroc(answerable, other, seed, draws)


def _top(outcome: Outcome, missing: float) -> float:
    return missing if outcome.top is None else outcome.top


def auroc(positive: Values, negative: Values, seed: int = SEED, draws: int = DRAWS) -> dict[str, float]:
    """The chance that a positive outscores a negative (ties count half), both sides resampled.

    >>> auroc(np.array([3.0, 2.0]), np.array([1.0, 2.0]))["value"]
    0.875
    """
    if not len(positive) or not len(negative):
        return {}
    wins = (positive[:, None] > negative[None, :]) + 0.5 * (positive[:, None] == negative[None, :])
    rng = np.random.default_rng(seed)
    left = _weights(rng, draws, len(positive))
    right = _weights(rng, draws, len(negative))
    drawn = ((left @ wins) * right).sum(axis=1) / (len(positive) * len(negative))
    low, high = np.quantile(drawn, (0.025, 0.975))
    return {"value": float(wins.mean()), "low": float(low), "high": float(high)}


def _weights(rng: np.random.Generator, draws: int, n: int) -> Values:
    """How often each of `n` is drawn, in each of the draws: [draws, n]."""
    drawn = rng.integers(0, n, (draws, n)) + np.arange(draws)[:, None] * n
    return np.bincount(drawn.ravel(), minlength=draws * n).reshape(draws, n).astype(np.float64)


# ---------------------------------------------------------------------------------------------------- targets


@dataclass(frozen=True, slots=True)
class Verdict:
    """One target held against one line of results."""

    task: str
    metric: str
    group: str
    relation: str
    target: float
    value: float
    met: bool


def targets() -> list[dict[str, Any]]:
    """The table of targets, as written down in targets.json."""
    table: list[dict[str, Any]] = json.loads(TARGETS.read_text(encoding="utf-8"))["targets"]
    return table


def verdicts(line: Mapping[str, Any]) -> list[Verdict]:
    """Every target that speaks of this line of results, and whether it is met.

    A target may be a number or the best of some reference rows of the same line.
    """
    out = []
    for target in targets():
        if target["task"] != line["task"] or target["tier"] not in ("any", tier(line["embedder"])):
            continue
        group = target.get("group", "")
        measures = line["groups"].get(group, {}) if group else line["metrics"]
        bound = _bound(target["target"], target["metric"], line)
        if target["metric"] not in measures or bound is None:
            continue
        value = measures[target["metric"]]["value"]
        met = value >= bound if target["relation"] == ">=" else value <= bound
        out.append(Verdict(line["task"], target["metric"], group, target["relation"], bound, value, bool(met)))
    return out


def tier(embedder: str) -> str:
    """The tier of minds an embedder belongs to: none, static or local.

    >>> tier("static"), tier("models.local")
    ('static', 'local')
    """
    name = embedder.rpartition(".")[2]
    return name if name in ("none", "static") else "local"


def _bound(target: float | Mapping[str, Sequence[str]], metric: str, line: Mapping[str, Any]) -> float | None:
    if not isinstance(target, Mapping):
        return float(target)
    rows = [line["references"].get(row, {}).get(metric) for row in target["best_of"]]
    return max((row["value"] for row in rows if row), default=None)
