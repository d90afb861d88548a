"""What papers say of themselves, held against what was measured.

`claims.toml` has one entry a recipe. A claim is ``held`` when the intervals are apart the way the paper says, ``not
held`` when they are apart the other way, and ``level`` when they overlap: then this size cannot tell. What a test
shows is held as long as the suite passes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from mnesis.bench.record import Record

FILE = Path(__file__).with_name("claims.toml")
HELD, LEVEL, NOT_HELD, MISSING = "held", "level", "not held", "not measured"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a recipe's paper says; against whom, on which drill, up to which exponent, or in which test it is shown."""

    memory: str
    says: str
    drill: str = ""
    than: tuple[str, ...] = ()
    at_least: float = 0.0
    exponent: float = 0.0
    test: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A claim, what was measured in words, and whether it held."""

    claim: Claim
    measured: str
    held: str


@cache
def claims() -> tuple[Claim, ...]:
    """All of them, in the order of the file."""
    found: Mapping[str, Mapping[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(Claim(memory, **{**each, "than": tuple(each.get("than", ()))}) for memory, each in found.items())


def verdicts(trained: Sequence[Record], paced: Sequence[Record]) -> list[Verdict]:
    """Every claim beside the newest lines of ``neural.jsonl`` (one preset) and ``pace.jsonl``."""
    scores = {(line["task"], _name(line["memory"])): line["metrics"]["accuracy"] for line in trained}
    growth = {_name(line["recipe"]): line["metrics"].get("exponent", {}).get("value") for line in paced}
    return [_verdict(each, scores, growth) for each in claims()]


def _verdict(claim: Claim, scores: Mapping[tuple[str, str], Record], growth: Mapping[str, float | None]) -> Verdict:
    if claim.test:
        return Verdict(claim, f"shown by `{claim.test.rpartition('::')[2]}`", HELD)
    if claim.exponent:
        found = growth.get(claim.memory)
        if found is None or found != found:
            return Verdict(claim, "", MISSING)
        return Verdict(claim, f"time grows with exponent {found:.2f}", HELD if found <= claim.exponent else NOT_HELD)
    mine = scores.get((claim.drill, claim.memory))
    others = {name: scores[claim.drill, name] for name in claim.than if (claim.drill, name) in scores}
    if mine is None or len(others) < len(claim.than):
        return Verdict(claim, "", MISSING)
    told = f"{claim.drill} {mine['value']:.3f}"
    if not others:
        return Verdict(claim, told, HELD if mine["value"] >= claim.at_least else NOT_HELD)
    told += " against " + ", ".join(f"{other['value']:.3f} ({name})" for name, other in others.items())
    best = max(others.values(), key=lambda other: other["value"])
    if mine["low"] > best["high"]:
        return Verdict(claim, told, HELD)
    return Verdict(claim, told, NOT_HELD if mine["high"] < best["low"] else LEVEL)


def _name(address: str) -> str:
    return address.rpartition(".")[2]
