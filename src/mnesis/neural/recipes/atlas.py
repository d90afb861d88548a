"""A network that learns the last steps together, along orthogonal directions.

Source: Ali Behrouz, Zeman Li, Praneeth Kacham, Majid Daliri, Yuan Deng, Peilin Zhong, Meisam Razaviyayn, Vahab
    Mirrokni, ATLAS: Learning to Optimally Memorize the Context at Test Time, 2025. arXiv 2505.23735
Needs: torch
Cost: linear in time; two matrices, their momentum and copies a head, built and turned for every step; a window of keys
Shapes: x [B, T, W] -> y [B, T, W]; state A, S, W [B, H, 1 + f + f², 2 D] and [B, H, 2 D, D], the last keys, n [B]
Differs: a token's weight in the window is its own step size; polynomials of degree 2 with a learned weight a degree.

Three repairs of a memory that learns token by token: the Omega rule takes the gradient of the last `window` tokens at
once, so the memory fits a context and not a moment; polynomial features make room for more keys; and Muon makes each
change nearly orthogonal, a step of second order for the price of some products.
"""

from __future__ import annotations

import torch
from torch.nn.functional import logsigmoid

from mnesis.neural.layer.mixer import mixer
from mnesis.neural.learner import muon
from mnesis.neural.pieces import Polynomial, scalar_gate, slow
from mnesis.neural.recipes import Layer
from mnesis.neural.rule.gradient import gradient
from mnesis.neural.structure import mlp


def atlas(width: int = 32, heads: int = 2, feature: int = 4, window: int = 4, every: int = 16) -> Layer:
    """Omega rule over `window` tokens, Muon, polynomial features of `feature` numbers."""
    gates = {
        "lr": scalar_gate(width, heads, torch.sigmoid),
        "momentum": scalar_gate(width, heads, logsigmoid),
        "decay": scalar_gate(width, heads, slow(), bias=3.0),
    }
    rule = gradient(mlp(), learner=muon(window), every=every)
    return mixer(rule, width, heads, gates=gates, features=Polynomial(feature))
