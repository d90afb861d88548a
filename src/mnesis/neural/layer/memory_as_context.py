"""Attend to what a long memory recalls, then teach it the answer, by segments.

Source: Ali Behrouz, Peilin Zhong, Vahab Mirrokni, Titans: Learning to Memorize at Test Time, 2025. arXiv 2501.00663
Needs: torch
Cost: attention within a segment to twice its steps, and the memory's own; linear in time
Shapes: x [B, T, W] -> y [B, T, W]; the memory's state; k and v of the current segment [B, segment, 2, H, D]
Differs: a step sees what was recalled for itself and for the steps before it, not for later ones of its segment.

For every step of a segment the memory, as it was when the segment began, is asked for what belongs to it. Attention
reads learned tokens, what was recalled and the segment itself, up to the step. Its answer is then written into the
memory, and what the memory, now changed, reads for the answer gates it. Segments begin where a row's own count of live
steps says, so a sequence may be given in any pieces.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer import Layer, named, part
from mnesis.neural.layer.mixer import Mixer
from mnesis.neural.pieces import RMSNorm, turned, unit_length, wide
from mnesis.neural.rule import Rule, Size, State, where
from mnesis.neural.rule._grid import Grid, grid
from mnesis.neural.rule.gradient import block_start

Gates = Mapping[str, nn.Module]


class MemoryAsContext(Layer):
    """See `memory_as_context`."""

    def __init__(self, rule: Rule, width: int, size: Size, segment: int, persistent: int, gates: Gates) -> None:
        super().__init__()
        self.heads, self.segment = size.heads, segment
        self.memory = Mixer(rule, width, size, 0, gates, None)
        self.ask = nn.Linear(width, size.heads * size.keys, bias=False)
        self.recalled = nn.Linear(size.heads * size.values, width, bias=False)
        self.queries = nn.Linear(width, width, bias=False)
        self.pairs = nn.Linear(width, 2 * width, bias=False)
        self.always = nn.Parameter(torch.randn(2, persistent, size.heads, width // size.heads))
        self.norms = nn.ModuleList(RMSNorm(width) for _ in range(4))
        self.out = nn.Linear(width, width, bias=False)

    def begin(self, batch: int, like: Tensor) -> State:
        shape = (batch, self.segment, 2, self.heads, self.out.in_features // self.heads)
        return {**self.memory.begin(batch, like), "k": like.new_zeros(shape), "v": like.new_zeros(shape)}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        held = part(state, "rule")
        lie = grid(held["n"], x.shape[1], mask, self.segment)
        cells = lie.put(x)
        k, v, out, kept = state["k"].to(x), state["v"].to(x), [], []
        for start in range(0, cells.shape[1], self.segment):
            now, live = cells[:, start : start + self.segment], lie.live[:, start : start + self.segment]
            q, fresh_k, fresh_v = self._asked(now, held)
            k, v = where(live, fresh_k, k), where(live, fresh_v, v)
            y = self._attend(q, k, v)
            said, held = self._learn(y, held, live)
            kept.append((k, v))
            k, v = torch.zeros_like(k), torch.zeros_like(v)
            out.append(self.out(self.norms[0](y) * torch.sigmoid(self.norms[1](said))))
        both = self._current(kept, lie)
        return lie.take(torch.cat(out, dim=1)), {**named("rule", held), "k": both[0], "v": both[1]}

    def _asked(self, x: Tensor, held: State) -> tuple[Tensor, Tensor, Tensor]:
        """Queries [B,C,H,D]; keys and values [B,C,2,H,D] of what is recalled for each step and of the step."""
        size, once = self.memory.size, {name: wide(value) for name, value in self.memory.once.items()}
        begun = block_start(held)
        asked = unit_length(self.ask(x).unflatten(-1, (size.heads, size.keys)))
        found = torch.vmap(lambda q: self.memory.rule.read(begun, {"q": q, **once}), in_dims=1, out_dims=1)(asked)
        recalled = self.norms[2](self.recalled(found.flatten(2).to(x.dtype)))
        place = torch.arange(x.shape[1], device=x.device).expand(x.shape[:2])
        q = turned(self.queries(x).unflatten(-1, (self.heads, -1)), place)
        pairs = [self.pairs(each).unflatten(-1, (2 * self.heads, -1)).chunk(2, dim=2) for each in (recalled, x)]
        keys = torch.stack([turned(k, place) for k, _ in pairs], dim=2)
        return q, keys, torch.stack([v for _, v in pairs], dim=2)

    def _attend(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """Every step reads the learned tokens, and what was recalled and said up to it."""
        size, many = q.shape[1], self.always.shape[1]
        always = self.always.unsqueeze(1).expand(-1, len(q), -1, -1, -1).to(q)
        k, v = (torch.cat([a, each.flatten(1, 2)], dim=1) for a, each in zip(always, (k, v), strict=True))
        place = torch.arange(size, device=q.device)
        upto = (place.unsqueeze(1) >= place).repeat_interleave(2, dim=1)
        allowed = torch.nn.functional.pad(upto, (many, 0), value=True)
        q, k, v = (each.transpose(1, 2) for each in (q, k, v))
        y = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=allowed)
        return y.transpose(1, 2).flatten(2)

    def _learn(self, y: Tensor, held: State, live: Tensor) -> tuple[Tensor, State]:
        """What the memory reads for y once it has learnt y, and its state."""
        learnt = self.norms[3](y)
        inputs, _ = self.memory.inputs(learnt, {}, None)
        read, held = self.memory.rule.chunked(held, inputs, live, self.memory.chunk)
        return self.memory.answer(read, learnt), held

    def _current(self, kept: list[tuple[Tensor, Tensor]], lie: Grid) -> list[Tensor]:
        """Keys and values of each row's current segment, zeros where it has not come to."""
        block = (lie.count // self.segment).clamp_max(len(kept) - 1)
        reached = torch.arange(self.segment, device=block.device) < (lie.count % self.segment).unsqueeze(1)
        rows = torch.arange(len(block), device=block.device)
        chosen = [torch.stack(each, dim=1)[rows, block] for each in zip(*kept, strict=True)]
        return [where(reached, each, torch.zeros_like(each)) for each in chosen]


def memory_as_context(
    rule: Rule,
    width: int = 32,
    heads: int = 2,
    segment: int = 16,
    persistent: int = 4,
    gates: Gates | None = None,
) -> Layer:
    """Attention in segments around a gradient memory; `rule` learns once a segment (its `every` is `segment`)."""
    if width % heads or getattr(rule, "every", None) != segment:
        raise BadInput(f"width={width} must be a multiple of heads={heads}, and the rule's every be segment={segment}.")
    return MemoryAsContext(rule, width, Size(heads, width // heads, width // heads), segment, persistent, gates or {})
