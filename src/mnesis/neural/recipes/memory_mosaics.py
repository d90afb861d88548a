"""Associative memories that store what came next under what came before.

Source: Jianyu Zhang, Niklas Nolte, Ranajoy Sadhukhan, Beidi Chen, Léon Bottou, Memory Mosaics, 2024. arXiv 2405.06394
Needs: torch
Cost: span * W a step; span pairs of key and value
Shapes: x [B, T, W] -> y [B, T, W]; the window's k and v, the leaky average h, the last key and value [B, H, D]
Differs: pairs older than `span` are dropped; the networks of stored parameters stay the decoder's own.

A memory's key is a leaky average of what was seen up to a step, its value also looks one step ahead; the pair is stored
once that step has come. One and the same vector is the key of what is stored and the question for what is recalled, so
the answer is what followed when things looked like this before, weighted by likeness alone: no positions, and no
queries apart from keys.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer import live_steps, named, part
from mnesis.neural.layer.window import Window
from mnesis.neural.pieces import unit_length, wide
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import Size, State, where
from mnesis.neural.rule.vector import vector


class Mosaic(Layer):
    """See `memory_mosaics`."""

    def __init__(self, width: int, heads: int, span: int) -> None:
        super().__init__()
        each = width // heads
        self.rule, self.size = vector(), Size(heads, 1, each)
        self.store = [Window(width, heads, span, 0)]  # used for how it keeps and reads pairs, not for its projections
        self.keys, self.values = nn.Linear(width, width, bias=False), nn.Linear(width, width, bias=False)
        self.leak = nn.Parameter(torch.linspace(-1.0, 1.0, heads).unsqueeze(-1))
        self.ahead = nn.Parameter(torch.ones(heads, 1))
        self.sharp = nn.Parameter(torch.full((heads, 1), math.log(4.0)))
        self.scale = nn.Parameter(torch.ones(heads, 1))
        self.out = nn.Linear(width, width, bias=False)

    def begin(self, batch: int, like: Tensor) -> State:
        last = like.new_zeros(batch, self.size.heads, self.size.values)
        leaky = self.rule.init(self.size, batch, {"like": wide(like)})
        store = self.store[0].begin(batch, like)
        return {**named("store", store), **named("leaky", leaky), "key": last, "value": last.clone()}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        raw = self.keys(x).unflatten(-1, (self.size.heads, -1))
        decay = nn.functional.logsigmoid(wide(self.leak)).expand(wide(raw).shape)
        leaky, after = self.rule.chunked(part(state, "leaky"), {"v": wide(raw), "decay": decay}, mask)
        key = unit_length(leaky).to(x.dtype)
        value = self.values(x).unflatten(-1, (self.size.heads, -1))
        keys = torch.cat([state["key"].to(key).unsqueeze(1), key], dim=1)
        values = torch.cat([state["value"].to(value).unsqueeze(1), value], dim=1)
        held = part(state, "store")
        first = held["n"].unsqueeze(1) + torch.arange(x.shape[1], device=x.device) == 0
        stored = unit_length(values[:, :-1] + self.ahead * value).to(x.dtype) * self.scale
        stored = where(first, torch.zeros_like(stored), stored)  # nothing came before the first step
        asked = key * self.sharp.exp() * key.shape[-1] ** 0.5
        y, store = self.store[0].attended(asked, keys[:, :-1], stored, held, mask)
        last = live_steps(x, mask).reshape(-1, 1, 1, 1).expand(-1, 1, *key.shape[2:])
        ends = {"key": keys.gather(1, last).squeeze(1), "value": values.gather(1, last).squeeze(1)}
        return self.out(y), {**named("store", store), **named("leaky", after), **ends}


def memory_mosaics(width: int = 32, heads: int = 2, span: int = 128) -> Layer:
    """A memory a head, of the last `span` pairs."""
    if width % heads or span < 2:
        raise BadInput(f"width={width} must be a multiple of heads={heads}, and span={span} at least 2.")
    return Mosaic(width, heads, span)
