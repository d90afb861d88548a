"""Linear attention with the first terms of the exponential, beside a short window.

Source: Simran Arora, Sabri Eyuboglu, Michael Zhang, Aman Timalsina, Silas Alberti, Dylan Zinsley, James Zou, Atri
    Rudra, Christopher Ré, Simple linear attention language models balance the recall-throughput tradeoff, 2024. arXiv
    2402.18668
Needs: torch
Cost: linear in time; (1 + feature + feature²) * W numbers and a window
Shapes: x [B, T, W] -> y [B, T, W]; state S [B, H, 1 + feature + feature², D], the window's k and v
Differs: one layer holds both kinds, one after the other; the norm of each head takes the place of the division.

Queries and keys are projected to a few numbers and expanded to all their products, so that they meet as the exponential
does to second order; the window gets right what such a blurred memory confuses. `feature` and `span` set how large the
state is: that is the trade this recipe is about.
"""

from __future__ import annotations

from functools import partial

from mnesis.neural.layer.chain import chain
from mnesis.neural.layer.mixer import mixer
from mnesis.neural.layer.window import window
from mnesis.neural.pieces import Taylor
from mnesis.neural.recipes import Layer
from mnesis.neural.rule.additive import additive


def based(width: int = 32, heads: int = 2, feature: int = 8, span: int = 16) -> Layer:
    """Taylor features in the additive rule, then a window."""

    def taylor(width: int, heads: int) -> Layer:
        return mixer(additive(), width, heads, features=Taylor(feature))

    return chain([taylor, partial(window, span=span)], width, heads)
