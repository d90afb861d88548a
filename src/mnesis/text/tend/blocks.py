"""Write what is core about somebody into one block that stays short.

Source: Yu Wang, Xi Chen, MIRIX: Multi-Agent Memory System for LLM-Based Agents, 2025. arXiv 2507.07957
Needs: nothing
Cost: the core memories that are not in a block yet; one question ("portrait") for each of their speakers
Differs: a block is rewritten whenever something core is new, and is never longer than `words`, where the paper rewrites
    one when it is 90 % full.

Memories of type ``core`` are what must always be at hand, so there may not be many. What one speaker's say is written
into one block of about `words` words, itself a core memory; they stay as they are, as semantic memories. When one of
them is corrected, ended or forgotten the block is written anew from those that stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mnesis.drive import Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.ask import portrait
from mnesis.text.derived import made_of, put, read_from
from mnesis.text.tend import Tend
from mnesis.words import Change, MemCube, Move, Retire, digest, distinct

MADE_BY = "text.tend.blocks"
MOST = 60  # core memories a block is written from, the newest ones


def blocks(words: int = 60) -> Tend:
    """One core block a speaker, of about `words` words."""
    if words < 1:
        raise BadInput(f"words={words} leaves no room for a word; give 1 or more.")

    def tend(view: View, now: datetime) -> Asking[list[Change]]:
        core = view.sieved(types=("core",))
        cubes = core.cubes(core.alive())
        standing = {each.id: each for each in cubes if each.made_by == MADE_BY}
        fresh: dict[str, list[MemCube]] = {}
        for cube in cubes:
            if cube.id not in standing:
                fresh.setdefault(_block(view.namespace, cube.speaker), []).append(cube)
        changes: list[Change] = []
        for id in dict.fromkeys([*standing, *fresh]):
            changes += yield from _written(id, standing.get(id), fresh.get(id, []), words, view)
        return changes

    return tend


def _block(namespace: str, speaker: str) -> str:
    return digest("core", namespace, speaker)


def _written(id: str, old: MemCube | None, fresh: Sequence[MemCube], words: int, view: View) -> Asking[list[Change]]:
    """A block that says what the core memories behind it say; they move to what is known."""
    rows = view.rows([*(old.parents if old is not None else ()), *(each.id for each in fresh)])
    parents = sorted(view.cubes(distinct(rows[rows >= 0])), key=_moment)[-MOST:]
    moved: list[Change] = [Move(each.id, type="semantic", reason=f"written into {id}") for each in fresh]
    if not parents:
        return [Retire(id, "nothing core stands behind it any more")] if old is not None else moved
    read = read_from(parents)
    if old is not None and old.meta.get("read") == read:
        return moved
    text = yield portrait(parents[-1].speaker, [each.text for each in parents], "", words)
    if not isinstance(text, str) or not text.strip():
        return []
    cube = made_of(id, text, parents[::-1], MADE_BY, "core", {"read": read})
    return [*put(cube, view, f"written anew from {len(parents)} core memories"), *moved]


def _moment(cube: MemCube) -> float:
    return cube.valid_from.timestamp() if cube.valid_from is not None else 0.0
