"""Forgetting measured: whether tenders keep to the formula they claim, and what recall loses when memories go.

    mnesis bench forgetting                 needs the data of locomo;  forgetting:cases=2 for the first conversations

Every LoCoMo conversation is lived through: its clock stands where each session took place, a session is remembered as a
whole, and each of its turns is asked for what came before, as an assistant would ask on hearing it; the three best hits
are used (see `text.use.strengthen`). That is the access pattern: no question of the benchmark takes part in it. Then
each way to forget keeps half of the memories, and a quarter, and all questions are asked.

    recall@10 of all     gold turns among ten, nothing forgotten
    recall@10 of 50 %    … half of the memories kept;  recall@10 of 25 % likewise
    gold kept at 50 %    share of gold turns that are still there;  gold kept at 25 % likewise
    worst error          largest distance between the formula and what the tender itself does, in units of retention

`newest` and `at_random` are the yardstick. A line of its own, ``access``, says how the chance of being used falls with
age on this data: fitted by half-life (exponential) and by exponent (power law), with the share of variance each
explains, beside the rates that were seen at each age.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnesis import catalog
from mnesis.bench.embedding import Kept
from mnesis.bench.measure import interval
from mnesis.bench.record import Progress, Record, append, circumstances
from mnesis.bench.tasks import Case
from mnesis.bench.tasks.locomo import locomo
from mnesis.errors import MnesisError
from mnesis.memory import Space
from mnesis.models import Embedder
from mnesis.store.ram import RamStore
from mnesis.text.fading import DAY, fading_rows
from mnesis.text.recipes import Recipe
from mnesis.text.tend.activation import active
from mnesis.text.tend.ebbinghaus import retained
from mnesis.text.use.strengthen import strengthen
from mnesis.words import Add, Change, Event, MemCube, Touch, replace

WAYS = ("ebbinghaus", "activation", "heat", "adaptive", "newest", "at_random")
SHARES = (50, 25)
DEPTH = 10
BINS = (1, 3, 7, 14, 28, 56, 112, 224, 448)  # ages in days
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def forgetting(
    data: Path | None,
    embedder: Embedder,
    label: str,
    cases: int = 0,
    *,
    results: Path | None = Path("results"),
    progress: Progress | None = None,
) -> list[Record]:
    """Measure every way to forget; `cases` bounds the conversations (0: all). `data` None takes the tiny sample."""
    found: dict[str, dict[str, list[float]]] = {way: defaultdict(list) for way in ("access", *WAYS)}
    chosen = list(locomo().load(data))[: cases or None]
    uses: list[tuple[NDArray[Any], NDArray[Any]]] = []
    with Kept(embedder, None) as mind:
        for done, case in enumerate(chosen):
            if progress:
                progress("forgetting", done, len(chosen))
            with lived(case, mind) as space:
                uses.append(ages(space))
                for way, name, values in outcomes(space, case):
                    found[way][name] += values
    lines = [access_line(uses, label)]
    lines += [line(way, found[way], found["access"], label) for way in WAYS]
    if results is not None and data is not None:
        for each in lines:
            append(results / "forgetting.jsonl", each)
    return lines


# -------------------------------------------------------------------------------------------------- living through


class Clock:
    """A clock that is set."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def lived(case: Case, embedder: Any) -> Space:
    """A space that went through a conversation, asking at every turn for what came before it."""
    recipe: Recipe = replace(catalog.make("text.recipes.verbatim"), use=(strengthen(top=3),))
    clock = Clock(next((each.at for each in case.events if each.at), BEGIN))
    space = Space(recipe=recipe, embedder=embedder, clock=clock)
    for _, group in groupby(case.events, key=lambda event: event.session):
        session = list(group)
        clock.now = max(clock.now, session[0].at or clock.now)
        if space.head().seq:
            _asked(space, session)
        space.remember(session)
        clock.now += timedelta(minutes=1)
    clock.now += timedelta(days=1)
    return space


def _asked(space: Space, session: Sequence[Event]) -> None:
    """What an assistant would look up on hearing these turns; their uses stand in one commit."""
    wanted: dict[str, int] = defaultdict(int)
    for event in session:
        for hit in space.recall(event.text, k=3, touch=False):
            wanted[hit.cube.id] += 1
    now = space._clock()
    touches: list[Change] = [Touch(id, used=now, gain=float(times)) for id, times in wanted.items()]
    if touches:
        space._commit(touches, "", "recall", "default")


# ------------------------------------------------------------------------------------------------- what it costs


def outcomes(space: Space, case: Case) -> Iterator[tuple[str, str, list[float]]]:
    """(way, measure, a value a question) with everything kept, and with a share of it."""
    asked = [each for each in case.questions if each.answerable and each.gold]
    ids = {source: cube.id for cube in space.cubes() for source in cube.sources}
    yield "access", "all", [_recall(space, each.text, each.gold) for each in asked]
    size = len(ids)
    for way in WAYS:
        for share in SHARES:
            most = max(1, size * share // 100)
            bounds = {"least": -np.inf} if way in ("activation", "heat") else {}
            bounds |= {"least": 0.0} if way in ("ebbinghaus", "adaptive") else {}
            tend = catalog.make(f"text.tend.{way}", most=most, **bounds)
            view = space._view("default").sieved()
            commit = space._commit(tend(view, space._clock()), "", "tend", "default")
            kept = {cube.id for cube in space.cubes()}
            if len(kept) != most:
                raise MnesisError(f"{way} kept {len(kept)} of {size} memories, where it was to keep {most}.")
            yield way, f"recall {share}", [_recall(space, each.text, each.gold) for each in asked]
            yield way, f"kept {share}", [float(np.mean([ids.get(g) in kept for g in each.gold])) for each in asked]
            space.undo(commit.seq)


def _recall(space: Space, question: str, gold: frozenset[str]) -> float:
    hits = space.recall(question, k=DEPTH, touch=False)
    found = {source for hit in hits for source in hit.sources}
    return len(gold & found) / len(gold)


def line(way: str, found: Mapping[str, list[float]], everything: Mapping[str, list[float]], label: str) -> Record:
    """The line of one way to forget."""
    metrics: dict[str, Any] = {"recall@10 of all": _rounded(everything["all"])}
    for share in SHARES:
        metrics[f"recall@10 of {share} %"] = _rounded(found[f"recall {share}"])
    for share in SHARES:
        metrics[f"gold kept at {share} %"] = _rounded(found[f"kept {share}"])
    if way in CLAIMS:
        metrics["worst error"] = {"value": round(max(abs(a - b) for _, _, a, b in curve(way)), 6)}
    about = {"task": "forgetting", "recipe": way, "embedder": label, "metrics": metrics, "n": len(everything["all"])}
    return about | circumstances()


def _rounded(values: Sequence[float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in interval(np.array(values)).items()}


# ---------------------------------------------------------------------------------------------------- the formula

# way -> (days, number of uses) -> what its formula says
CLAIMS: Mapping[str, Callable[[float, int], float]] = {
    "ebbinghaus": lambda days, uses: float(retained(np.array([days]), np.array([1.0 + uses]))[0]),
    "activation": lambda days, uses: float(active(np.zeros(1 + uses, np.int64), days + np.arange(1.0 + uses))[0]),
}
LEAST: Mapping[str, tuple[float, ...]] = {
    "ebbinghaus": (0.9, 0.75, 0.5, 0.25, 0.1, 0.05),
    "activation": (0.5, 0.0, -0.5, -1.0, -1.5, -2.0),
}
USES = (0, 1, 3)


def curve(way: str) -> list[tuple[int, float, float, float]]:
    """(uses, days, what the tender holds on to, what its formula says) for one memory, used once a day at first.

    The tender is asked with every threshold when it lets go of the memory: the last day it stays is found by halving.
    """
    out = []
    for uses in USES:
        store, last = RamStore(), BEGIN + timedelta(days=uses)
        told = Add(MemCube("m", "A memory.", "n", events=("m",)))
        store.commit([told], author="", reason="", at=BEGIN, namespace="n")
        for day in range(1, uses + 1):
            at = BEGIN + timedelta(days=day)
            store.commit([Touch("m", used=at, gain=1.0)], author="", reason="recall", at=at, namespace="n")
        view = store.view("n")
        for least in LEAST[way]:
            tend = catalog.make(f"text.tend.{way}", least=least)
            low, high = 0.0, 1e5
            for _ in range(60):
                middle = (low + high) / 2
                gone = bool(tend(view, last + timedelta(days=middle)))
                low, high = (low, middle) if gone else (middle, high)
            out.append((uses, low, least, CLAIMS[way](low, uses)))
    return out


# --------------------------------------------------------------------------------------------------- the pattern


def ages(space: Space) -> tuple[NDArray[Any], NDArray[Any]]:
    """The age in days at which each use came, and how long each memory has lived."""
    view = space._view("default")
    rows = fading_rows(view)
    told = view.column("told_at", rows)
    owner, at = view.uses(rows)
    return (at - told[owner]) / DAY, (space._clock().timestamp() - told) / DAY


def rates(uses: Sequence[tuple[NDArray[Any], NDArray[Any]]]) -> list[tuple[float, float, float]]:
    """(age, uses a memory and day at that age, memory-days seen) for every bin of ages."""
    out = []
    edges = [0.0, *map(float, BINS)]
    for low, high in pairwise(edges):
        count = sum(int(((each >= low) & (each < high)).sum()) for each, _ in uses)
        days = sum(float(np.clip(lived - low, 0, high - low).sum()) for _, lived in uses)
        if days > 0:
            out.append(((low + high) / 2, count / days, days))
    return out


def fits(seen: Sequence[tuple[float, float, float]]) -> dict[str, float]:
    """Half-life of an exponential and exponent of a power law, fitted to the logarithm of the rates by least squares
    weighted by memory-days, each with the share of variance it explains.

    >>> found = fits([(t, 0.5 ** (t / 10), 1.0) for t in (1.0, 5.0, 20.0, 40.0)])
    >>> round(found["half-life in days"], 3), round(found["explained by half-life"], 3)
    (10.0, 1.0)
    """
    some = [(age, rate, weight) for age, rate, weight in seen if rate > 0]
    if len(some) < 3:
        return {}
    age, rate, weight = (np.array(each) for each in zip(*some, strict=True))
    out = {}
    for name, x in (("half-life", age), ("exponent", np.log(age))):
        y, w = np.log(rate), weight / weight.sum()
        mx, my = float(w @ x), float(w @ y)
        slope = float(w @ ((x - mx) * (y - my)) / (w @ (x - mx) ** 2))
        if name == "exponent":
            out["exponent"] = -slope
        else:
            out["half-life in days"] = float(np.log(2)) / -slope if slope else float("inf")
        out[f"explained by {name}"] = float(1 - (w @ (y - my - slope * (x - mx)) ** 2) / (w @ (y - my) ** 2))
    return out


def access_line(uses: Sequence[tuple[NDArray[Any], NDArray[Any]]], label: str) -> Record:
    """The line of the access pattern."""
    seen = rates(uses)
    metrics = {name: {"value": round(value, 4)} for name, value in fits(seen).items()}
    metrics |= {f"uses a day at {age:g} days": {"value": round(rate, 6)} for age, rate, _ in seen}
    n = sum(len(each) for each, _ in uses)
    about = {"task": "forgetting", "recipe": "access", "embedder": label, "metrics": metrics, "n": n}
    return about | circumstances()


# ---------------------------------------------------------------------------------------------------- the figure

WIDE, HIGH, LEFT, TOP, KEY = 720, 360, 60, 30, 170
COLOURS = ("#0072b2", "#d55e00", "#009e73")


def figure(way: str = "ebbinghaus") -> str:
    """What the tender holds on to (dots) over the curve of its formula, for a memory used 0, 1 and 3 times, as SVG."""
    points = curve(way)
    longest = max(days for _, days, _, _ in points)
    across, down = WIDE - LEFT - KEY, HIGH - TOP - 50

    def at(days: float, share: float) -> tuple[float, float]:
        return round(LEFT + days / longest * across, 1), round(TOP + (1 - share) * down, 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDE}" height="{HIGH}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="18">Retention by days since the last use: the formula (line), the tender (dots)</text>',
    ]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        _, y = at(0, share)
        parts.append(f'<line x1="{LEFT}" y1="{y}" x2="{LEFT + across}" y2="{y}" stroke="#dddddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{share:g}</text>')
    for days in np.linspace(0, longest, 5):
        x, y = at(float(days), 0.0)
        parts.append(f'<text x="{x}" y="{y + 18}" text-anchor="middle">{days:.0f}</text>')
    parts.append(f'<text x="{LEFT + across / 2}" y="{HIGH - 12}" text-anchor="middle">days</text>')
    for row, uses in enumerate(USES):
        said = (at(float(t), CLAIMS[way](float(t), uses)) for t in np.linspace(0, longest, 120))
        drawn = " ".join(f"{x},{y}" for x, y in said)
        parts.append(f'<polyline points="{drawn}" fill="none" stroke="{COLOURS[row]}" stroke-width="1.5"/>')
        for x, y in (at(days, least) for many, days, least, _ in points if many == uses):
            parts.append(f'<circle cx="{x}" cy="{y}" r="4" fill="{COLOURS[row]}"/>')
        x, y = WIDE - KEY + 20, TOP + 10 + 22 * row
        parts.append(f'<circle cx="{x + 8}" cy="{y - 4}" r="4" fill="{COLOURS[row]}"/>')
        parts.append(f'<text x="{x + 22}" y="{y}">used {uses} times</text>')
    return "\n".join([*parts, "</svg>\n"])
