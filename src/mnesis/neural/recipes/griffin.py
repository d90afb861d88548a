"""Two gated recurrences and a window of attention, in turn.

Source: Aleksandar Botev, Soham De, Samuel L. Smith, et al., RecurrentGemma: Moving Past Transformers for Efficient Open
    Language Models, 2024. arXiv 2404.07839
Needs: torch
Cost: linear in time; two numbers a channel and the window
Shapes: x [B, T, W] -> y [B, T, W]; two vectors h and the window's k and v
Differs: the three are one layer without networks between them; the window has as many key heads as query heads.

The recurrences carry a summary of everything in a few numbers; the window reads the last steps exactly. Neither grows.
"""

from __future__ import annotations

from functools import partial

from mnesis.neural.layer.chain import chain
from mnesis.neural.layer.window import window
from mnesis.neural.recipes import Layer
from mnesis.neural.recipes.rg_lru import rg_lru


def griffin(width: int = 32, heads: int = 2, span: int = 32) -> Layer:
    """Recurrence, recurrence, window."""
    return chain([rg_lru, rg_lru, partial(window, span=span)], width, heads)
