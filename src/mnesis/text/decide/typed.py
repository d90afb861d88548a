"""Say of every new memory which type it is of, then decide what becomes of it.

Source: Yu Wang, Xi Chen, MIRIX: Multi-Agent Memory System for LLM-Based Agents, 2025. arXiv 2507.07957
Needs: nothing
Cost: one question ("memory_type") a new memory, and what the inner decider costs
Differs: the paper has one agent a type; here one question names the type and one decider serves all.

Who somebody is (core), what happened (episodic), what is so (semantic), how something is done (procedural), a document
or link (resource), what is being done right now (working): each is looked for at other times. A memory that was given a
type when it was told keeps it.
"""

from __future__ import annotations

from collections.abc import Sequence

from mnesis.drive import Asking, through
from mnesis.store import View
from mnesis.text.ask import TYPES, memory_type
from mnesis.text.decide import Decide
from mnesis.text.decide.append import append
from mnesis.words import Change, MemCube, replace


def typed(inner: Decide | None = None) -> Decide:
    """The type of each new cube, and then `inner` (by default every cube is added)."""
    decided = inner or append()

    def decide(cubes: Sequence[MemCube], view: View) -> Asking[list[Change]]:
        rows = view.rows([cube.id for cube in cubes]).tolist()
        out: list[MemCube] = []
        for cube, row in zip(cubes, rows, strict=True):
            kind = None
            if row < 0 and cube.type == "episodic" and cube.text.strip():
                kind = yield memory_type(cube.text)
            out.append(replace(cube, type=kind) if kind in TYPES else cube)
        return (yield from through(decided(out, view)))

    return decide
