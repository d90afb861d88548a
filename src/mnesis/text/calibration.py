"""Claims held against what they rest on: what no fact bears out, or a newer one denies, is put right.

A summary of many memories can come to say what none of them said, or go on saying what has changed since. Each of its
sentences is a claim. A claim is borne out by a fact that holds half of its content; it is denied by a fact, or by a
claim about the whole person, that cannot be true beside it and is newer or rests on more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from mnesis.drive import Asking
from mnesis.store.terms import terms
from mnesis.text.ask import conflict
from mnesis.words import MemCube

SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\w)[^.!?\n]*)*[.!?]*")
BORNE = 0.5  # of a claim's terms in one fact
READ = 40  # the newest facts a claim is held against
ASKED = 4  # of those, the ones that share most with it


class Calibrated(NamedTuple):
    """A text whose claims were held against facts, and why what was changed was changed (in ids, never in words)."""

    text: str
    why: tuple[str, ...]


@lru_cache(maxsize=8192)
def held(text: str) -> frozenset[str]:
    """The distinct terms of a text; the same texts are compared over and over."""
    return frozenset(terms(text))


def claims(text: str) -> list[str]:
    """The sentences of a text.

    >>> claims("Ana lives in Lisbon. She has 3.5 cats!")
    ['Ana lives in Lisbon.', 'She has 3.5 cats!']
    """
    return [each for each in (found.strip() for found in SENTENCE.findall(text)) if each]


def support(claim: str, facts: Sequence[MemCube]) -> list[MemCube]:
    """The facts that bear a claim out, those that hold most of it first."""
    mine = held(claim)
    if not mine:
        return list(facts[:1])
    shares = [(len(mine & (held(fact.text) | held(fact.speaker))) / len(mine), fact) for fact in facts]
    return [fact for share, fact in sorted(shares, key=lambda each: -each[0]) if share >= BORNE]


def calibrated(text: str, facts: Sequence[MemCube], whole: Sequence[tuple[str, int]] = ()) -> Asking[Calibrated]:
    """The text with every claim put right; `whole` are claims about the person and on how many facts they rest."""
    kept: list[str] = []
    why: list[str] = []
    newest = sorted(facts, key=_moment)[-READ:][::-1]
    for claim in claims(text):
        behind = support(claim, facts)
        if not behind:
            why.append("a claim that no fact bears out is left out")
            continue
        denied = yield from _denied(claim, behind, newest)
        if denied is not None:
            why.append(f"{denied.id} is newer than a claim and denies it")
            if _short(denied.text) and denied.text not in kept:
                kept.append(denied.text)
            continue
        outweighed = yield from _outweighed(claim, len(behind), whole)
        if outweighed:
            why.append(f"a claim gives way to one of the whole person, which rests on {outweighed} facts")
            continue
        kept.append(claim)
    return Calibrated(" ".join(dict.fromkeys(kept)), tuple(why))


def _denied(claim: str, behind: Sequence[MemCube], newest: Sequence[MemCube]) -> Asking[MemCube | None]:
    """The newest fact that a claim cannot be true beside, if it is newer than what bears the claim out."""
    mine = held(claim)
    most = len(mine & held(behind[0].text))
    best = [each for each in behind if len(mine & held(each.text)) == most]
    since, voices = max(map(_moment, best)), {"", *(each.speaker for each in best)}
    newer = [fact for fact in newest if _moment(fact) > since and fact.speaker in voices and mine & held(fact.text)]
    alike = sorted(newer, key=lambda fact: -len(mine & held(fact.text)))[:ASKED]
    for fact in (each for each in newer if each in alike):  # the newest first
        if (yield conflict(claim, fact.text)) is True:
            return fact
    return None


def _outweighed(claim: str, weight: int, whole: Sequence[tuple[str, int]]) -> Asking[int]:
    """On how many facts the claim about the whole person rests that a claim must give way to; 0 where there is none."""
    mine = held(claim)
    for other, behind in whole:
        if behind > weight and mine & held(other) and (yield conflict(claim, other)) is True:
            return behind
    return 0


def _moment(cube: MemCube) -> tuple[float, int]:
    return (cube.valid_from.timestamp() if cube.valid_from is not None else float("-inf"), cube.order)


def _short(text: str) -> bool:
    return len(claims(text)) == 1 and len(text.split()) <= 25


__all__ = ["Calibrated", "calibrated", "claims", "held", "support"]
