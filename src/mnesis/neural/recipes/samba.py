"""A selective state space and a window of attention, in turn.

Source: Liliang Ren, Yang Liu, Yadong Lu, Yelong Shen, Chen Liang, Weizhu Chen, Samba: Simple Hybrid State Space Models
    for Efficient Unlimited Context Language Modeling, 2024. arXiv 2406.07522
Needs: torch
Cost: linear in time; the state space's numbers and the window
Shapes: x [B, T, W] -> y [B, T, W]; the state space's state and the window's k and v
Differs: the two are one layer without a network between them.

The state space decides what is worth carrying on forever, the window recalls the last steps as they were.
"""

from __future__ import annotations

from functools import partial

from mnesis.neural.layer.chain import chain
from mnesis.neural.layer.window import window
from mnesis.neural.recipes import Layer
from mnesis.neural.recipes.mamba import mamba


def samba(width: int = 32, heads: int = 2, span: int = 32, states: int = 16) -> Layer:
    """State space, window."""
    return chain([partial(mamba, states=states), partial(window, span=span)], width, heads)
