"""Softmax attention over the last steps, or over all of them.

Source: Ashish Vaswani, Noam Shazeer, Niki Parmar, Jakob Uszkoreit, Llion Jones, Aidan N. Gomez, Lukasz Kaiser, Illia
    Polosukhin, Attention Is All You Need, 2017. arXiv 1706.03762
Needs: torch
Cost: span * W a step; without a span, T * W a step and a state that grows
Shapes: x [B, T, W] -> y [B, T, W]; state k and v [B, span - 1, H, D], n [B]; live [B, span - 1]
Differs: positions are told by turning queries and keys (rotary), and only within the window.

The short-term memory: exact, and forgets completely after `span` steps. With span=None nothing is forgotten; that is
the ceiling every memory of fixed size is measured against.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer import Layer, live_steps
from mnesis.neural.pieces import turned
from mnesis.neural.rule import State

BLOCK = 64  # queries answered together


class Window(Layer):
    """See `window`."""

    def __init__(self, width: int, heads: int, span: int | None, persistent: int) -> None:
        super().__init__()
        self.heads, self.span = heads, span
        self.always = nn.Parameter(torch.randn(2, persistent, heads, width // heads)) if persistent else None
        self.project = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)

    def begin(self, batch: int, like: Tensor) -> State:
        early = 0 if self.span is None else self.span - 1
        shape = (batch, early, self.heads, self.out.in_features // self.heads)
        empty = torch.zeros(batch, early, dtype=torch.bool, device=like.device)
        count = torch.zeros(batch, dtype=torch.long, device=like.device)
        return {"k": like.new_zeros(shape), "v": like.new_zeros(shape), "live": empty, "n": count}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        y, after = self.attended(*self.asked(x, state), state, mask)
        return self.out(y), after

    def asked(self, x: Tensor, state: State) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values of x [B,T,H,D], turned by their positions."""
        q, k, v = (each.unflatten(-1, (self.heads, -1)) for each in self.project(x).chunk(3, dim=-1))
        position = state["n"].unsqueeze(1) + torch.arange(x.shape[1], device=x.device)
        return turned(q, position), turned(k, position), v

    def attended(self, q: Tensor, k: Tensor, v: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        """What queries [B,T,H,D] read of the keys and values up to their own [B,T,W], and the state after them."""
        steps, early = q.shape[1], state["k"].shape[1]
        here = torch.ones(q.shape[:2], dtype=torch.bool, device=q.device) if mask is None else mask
        k, v = torch.cat([state["k"].to(k), k], dim=1), torch.cat([state["v"].to(v), v], dim=1)
        live = torch.cat([state["live"], here], dim=1)
        out = []
        for start in range(0, steps, BLOCK):
            stop = min(start + BLOCK, steps)
            first = 0 if self.span is None else start
            seen = slice(first, early + stop)
            out.append(self._attend(q[:, start:stop], k[:, seen], v[:, seen], live[:, seen], early + start - first))
        count = live_steps(q, mask)
        return torch.cat(out, dim=1).flatten(2), self._after(k, v, live, state["n"] + count, count, early)

    def _attend(self, q: Tensor, k: Tensor, v: Tensor, live: Tensor, offset: int) -> Tensor:
        """Query i stands at key offset + i and sees the `span` keys up to its own."""
        back = torch.arange(q.shape[1], device=q.device).unsqueeze(1) + offset
        back = back - torch.arange(k.shape[1], device=q.device)
        seen = (back >= 0) & (back < (self.span or k.shape[1]))
        own = back == 0  # a masked query looks at itself, so that it has something to look at
        allowed = ((seen & live.unsqueeze(1)) | own).unsqueeze(1)
        if self.always is not None:
            always = self.always.unsqueeze(1).expand(-1, len(k), -1, -1, -1).to(k)
            k, v = torch.cat([always[0], k], dim=1), torch.cat([always[1], v], dim=1)
            allowed = torch.nn.functional.pad(allowed, (always.shape[2], 0), value=True)
        q, k, v = (each.transpose(1, 2) for each in (q, k, v))
        return torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=allowed).transpose(1, 2)

    def _after(self, k: Tensor, v: Tensor, live: Tensor, count: Tensor, steps: Tensor, early: int) -> State:
        """The last steps that count, or all that were ever given."""
        if self.span is not None:
            index = steps.unsqueeze(1) + torch.arange(early, device=k.device)
            wide = index.reshape(*index.shape, 1, 1).expand(-1, -1, *k.shape[2:])
            k, v, live = k.gather(1, wide), v.gather(1, wide), live.gather(1, index)
        return {"k": k, "v": v, "live": live, "n": count}


def window(width: int = 32, heads: int = 2, span: int | None = 32, persistent: int = 0) -> Layer:
    """Attention over the last `span` steps, or with None over all, and over `persistent` learned keys and values."""
    if width % heads or (span is not None and span < 2):
        raise BadInput(f"width={width} must be a multiple of heads={heads}, and span={span} at least 2 or None.")
    return Window(width, heads, span, persistent)
