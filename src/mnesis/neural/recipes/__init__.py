"""Slot: () -> layer. Papers as compositions: a rule, what feeds it, and what stands beside it.

Every recipe is ``name(width=…, heads=…)`` with few options of its own and gives a layer, so any of them drops into
``mnesis.neural.lm.tiny_lm(memory="neural.recipes.name")`` or a model of your own.
"""

from __future__ import annotations

from mnesis.neural.layer import Layer

__all__ = ["Layer"]
