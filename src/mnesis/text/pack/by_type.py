"""Core memories first, then what is known, how things are done, and what happened.

Source: Yu Wang, Xi Chen, MIRIX: Multi-Agent Memory System for LLM-Based Agents, 2025. arXiv 2507.07957
Needs: nothing
Cost: two token counts a hit and one of the whole
Differs: the types follow one another without headings, so that every line is a memory and can be traced.

Core memories may take `bound` tokens and always come; whatever else fits is chosen best first. The context then goes
from what lasts to what passed: core, semantic, procedural, resource, episodic, working; within a type the best first.

>>> from mnesis.text.lines import estimate
>>> from mnesis.words import Hit, MemCube
>>> hits = [Hit(MemCube("1", "We met in May."), 2.0), Hit(MemCube("2", "My name is Ana.", type="core"), 1.0)]
>>> by_type()(hits, 100, estimate).text.splitlines()
['My name is Ana.', 'We met in May.']
"""

from __future__ import annotations

from collections.abc import Sequence

from mnesis.errors import BadInput
from mnesis.text.lines import Placed, packed, written
from mnesis.text.pack import Count, Pack
from mnesis.words import Context, Hit

ORDER = ("core", "semantic", "procedural", "resource", "vault", "episodic", "working")


def by_type(bound: int = 200) -> Pack:
    """Grouped by memory type; `bound` is how many tokens core memories may take before all others."""
    if bound < 0:
        raise BadInput(f"bound={bound} counts tokens; give 0 or more.")

    def pack(hits: Sequence[Hit], budget: int, count: Count) -> Context:
        first, spent = [], 0
        for hit in hits:
            cost = count(written(hit.cube)) + max(0, count("\n")) if hit.cube.type == "core" else 0
            if hit.cube.type == "core" and spent + cost <= min(bound, budget // 2):
                first.append(hit)
                spent += cost
        chosen = {hit.cube.id for hit in first}
        return packed([*first, *(hit for hit in hits if hit.cube.id not in chosen)], budget, count, _grouped)

    return pack


def _grouped(placed: list[Placed]) -> list[Placed]:
    return sorted(placed, key=lambda each: ORDER.index(each.hit.cube.type))
