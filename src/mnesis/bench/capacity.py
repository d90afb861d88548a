"""How much memories of the slot neural.assoc hold: patterns recalled, as more and more are stored.

    mnesis bench capacity                   every memory;  capacity:features=128,seeds=10 for other sizes

Every memory is given random patterns of the kind it is made for, first few, then more, each time anew, and is asked for
all of them (for 256 of them, where there are more):

    whole           share of patterns recalled from themselves
    half            share recalled from cues of which half is not known
    noisy           share recalled from cues a quarter of which is replaced
    bytes           what the state takes
    holds           the largest number of patterns stored of which nine in ten come back from half
    told            the limit the memory tells of itself, where it has one; of hopfield a bound its theorem guarantees

Recalled means at least 0.95 alike: cosine of numbers, ones shared of all ones, symbols shared. Sizes are those of the
defaults, so a memory made for few patterns shows it; the seeds decide every number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mnesis import catalog
from mnesis.bench.measure import interval
from mnesis.bench.record import Progress, Record, append, circumstances
from mnesis.errors import BadInput
from mnesis.neural.assoc import Memory
from mnesis.neural.assoc._patterns import agreement, noisy, partly

SLOT = "neural.assoc"
LOADS = (4, 8, 16, 32, 64, 128, 256)
RECALLED, ENOUGH, ASKED = 0.95, 0.9, 256
HALF, NOISE = 0.5, 0.25


def capacity(
    features: int = 64,
    seeds: int = 5,
    memories: Sequence[str] = (),
    loads: Sequence[int] = LOADS,
    *,
    results: Path | None = Path("results"),
    progress: Progress | None = None,
) -> list[Record]:
    """Measure these memories (all, where none is named); one line each to ``<results>/capacity.jsonl``, if any."""
    if features < 16 or seeds < 1 or not loads or min(loads) < 1:
        raise BadInput(f"features={features} must be at least 16, seeds={seeds} and every load at least 1.")
    addresses = [catalog.find(each, SLOT) for each in memories] or list(catalog.names(SLOT))
    lines = []
    for done, address in enumerate(addresses):
        if progress:
            progress(f"capacity · {address.rpartition('.')[2]}", done, len(addresses))
        lines.append(line(address, features, seeds, loads))
    if results is not None:
        for each in lines:
            append(results / "capacity.jsonl", each)
    return lines


def line(address: str, features: int, seeds: int, loads: Sequence[int]) -> Record:
    """One memory at every load."""
    groups = {str(n): curve_point(address, features, seeds, n) for n in loads}
    held = [n for n in loads if groups[str(n)]["half"]["value"] >= ENOUGH]
    memory: Memory = catalog.make(address)
    told = memory.fit(memory.draw(np.random.default_rng(0), 1, features)).capacity().limit
    metrics = {"holds": {"value": float(max(held, default=0))}}
    if math.isfinite(told):
        metrics["told"] = {"value": round(told, 1)}
    return {
        "task": "capacity",
        "recipe": address.rpartition(".")[2],
        "embedder": "none",
        "metrics": metrics,
        "groups": groups,
        "n": max(loads),
        "features": features,
        "seeds": seeds,
        **circumstances(),
    }


def curve_point(address: str, features: int, seeds: int, n: int) -> dict[str, Record]:
    """What `n` patterns bring, over all seeds."""
    found: dict[str, list[float]] = {"whole": [], "half": [], "noisy": [], "bytes": []}
    for seed in range(seeds):
        rng = np.random.default_rng((seed, n))
        memory: Memory = catalog.make(address)
        patterns = memory.draw(rng, n, features)
        memory.fit(patterns)
        asked = patterns[np.sort(rng.permutation(n)[:ASKED])]
        cues = {
            "whole": asked,
            "half": partly(rng, asked, HALF),
            "noisy": noisy(rng, asked, memory.kind, NOISE),
        }
        for name, each in cues.items():
            found[name].append(float((agreement(memory.recall(each), asked, memory.kind) >= RECALLED).mean()))
        found["bytes"].append(float(memory.capacity().bytes))
    return {name: _summed(values) for name, values in found.items()}


def _summed(values: Sequence[float]) -> Record:
    """The mean; of shares, with an interval by resampling the seeds, since patterns of one memory share its fate."""
    if max(values) > 1:
        return {"value": float(np.mean(values))}
    return {name: round(value, 4) for name, value in interval(np.array(values)).items()}


# ------------------------------------------------------------------------------------------------------- the figure

WIDE, HIGH, LEFT, TOP, KEY = 720, 360, 60, 30, 150  # of the figure, and the room for its axis, title and key
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a5c00", "#333333")


def figure(lines: Sequence[Record], measure: str = "half") -> str:
    """The curves of these lines as SVG: the share recalled against how many are stored, one curve a memory."""
    loads = sorted({int(n) for each in lines for n in each["groups"]})
    across, down = WIDE - LEFT - KEY, HIGH - TOP - 50

    def at(n: int, share: float) -> tuple[float, float]:
        part = math.log(n / loads[0]) / max(math.log(loads[-1] / loads[0]), 1e-9)
        return round(LEFT + part * across, 1), round(TOP + (1 - share) * down, 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDE}" height="{HIGH}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="18">Share of patterns recalled from half of each, by how many are stored</text>',
    ]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        _, y = at(loads[0], share)
        parts.append(f'<line x1="{LEFT}" y1="{y}" x2="{LEFT + across}" y2="{y}" stroke="#dddddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{share:g}</text>')
    for n in loads:
        x, y = at(n, 0.0)
        parts.append(f'<text x="{x}" y="{y + 18}" text-anchor="middle">{n}</text>')
    parts.append(f'<text x="{LEFT + across / 2}" y="{HIGH - 12}" text-anchor="middle">patterns stored</text>')
    for row, each in enumerate(lines):
        thick = round(1.5 + 0.7 * (len(lines) - 1 - row), 1)  # the first are the thickest: none hides another
        colour, dash = COLOURS[row % len(COLOURS)], ' stroke-dasharray="8 4"' if row % 2 else ""
        points = [at(int(n), found[measure]["value"]) for n, found in each["groups"].items()]
        drawn = " ".join(f"{x},{y}" for x, y in points)
        parts.append(f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="{thick}"{dash}/>')
        x, y = WIDE - KEY + 20, TOP + 10 + 22 * row
        parts.append(f'<line x1="{x}" y1="{y}" x2="{x + 28}" y2="{y}" stroke="{colour}" stroke-width="{thick}"{dash}/>')
        parts.append(f'<text x="{x + 36}" y="{y + 4}">{each["recipe"]}</text>')
    return "\n".join([*parts, "</svg>\n"])
