"""A sliding window, and behind it a network that is trained on what leaves it.

Source: Ziming Wang, Xiang Wang, Kailong Peng, Lang Qin, Juan Gabriel Kostelec, Christos Sourmpis, Axel Laborieux,
    Qinghai Guo, AllMem: A Memory-centric Recipe for Efficient Long-context Modeling, 2026. arXiv 2602.13680
Needs: torch
Cost: a window, and a memory of two layers with momentum; linear in time
Shapes: x [B, T, W] -> y [B, T, W]; k and v of the window, and the state of `titans_memory`
Differs: read from the abstract; the memory is the one of `titans_memory` and sees every step, not only those that left;
    the two are added, the memory by a weight a channel.

Most layers of a model that is already trained look at few steps and at what lies far back only now and then.
`from_attention` makes such a layer of one of full attention: its maps become those of the window, and the memory starts
with a weight of zero, so within a window nothing changes. What is lost beyond it is then learned back by training
memory and weights alone.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer import named, part
from mnesis.neural.layer.window import Window
from mnesis.neural.recipes import Layer
from mnesis.neural.recipes.titans_memory import titans_memory
from mnesis.neural.rule import State


class AllMem(Layer):
    """See `allmem`."""

    def __init__(self, width: int, heads: int, span: int, every: int) -> None:
        super().__init__()
        self.near, self.far = Window(width, heads, span, 0), titans_memory(width, heads, every)
        self.weight = nn.Parameter(torch.full((width,), 0.5))

    def begin(self, batch: int, like: Tensor) -> State:
        return {**named("near", self.near.begin(batch, like)), **named("far", self.far.begin(batch, like))}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        near, seen = self.near.mix(x, part(state, "near"), mask)
        far, kept = self.far.mix(x, part(state, "far"), mask)
        return near + self.weight * far, {**named("near", seen), **named("far", kept)}


def from_attention(attention: Window, span: int, every: int = 16) -> AllMem:
    """A layer that answers as `attention` does within `span` steps; its window is frozen, its memory is to learn."""
    layer = AllMem(attention.out.in_features, attention.heads, span, every)
    layer.near.load_state_dict(attention.state_dict())
    layer.near.requires_grad_(False)
    with torch.no_grad():
        layer.weight.zero_()
    return layer


def allmem(width: int = 32, heads: int = 2, span: int = 32, every: int = 16) -> Layer:
    """A window of `span` steps and a memory trained every `every` steps."""
    if width % heads or span < 2:
        raise BadInput(f"width={width} must be a multiple of heads={heads}, and span={span} at least 2.")
    return AllMem(width, heads, span, every)
