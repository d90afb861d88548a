"""A tiny decoder around any memory, to try it out and to measure it.

model = tiny_lm(memory="neural.recipes.titans_mac", vocab=64, width=32, layers=2)
logits, state = model(tokens, state=None, return_state=True)
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn.functional import silu

from mnesis import catalog
from mnesis.errors import BadInput
from mnesis.neural.layer import Layer, named, part
from mnesis.neural.pieces import RMSNorm
from mnesis.neural.rule import State

SLOT = "neural.recipes"


class Block(nn.Module):
    """A memory and a small network, each added to what comes in."""

    def __init__(self, memory: Layer, width: int) -> None:
        super().__init__()
        self.before, self.between = RMSNorm(width), RMSNorm(width)
        self.memory = memory
        self.enter, self.leave = nn.Linear(width, 4 * width, bias=False), nn.Linear(2 * width, width, bias=False)

    def forward(self, x: Tensor, state: State | None, mask: Tensor | None) -> tuple[Tensor, State]:
        """x [B,T,W] and the memory's state, both after this block."""
        y, after = self.memory(self.before(x), state, mask)
        x = x + y
        gate, value = self.enter(self.between(x)).chunk(2, dim=-1)
        return x + self.leave(silu(gate) * value), after


class TinyLM(nn.Module):
    """Tokens in, logits of the next token out; see `tiny_lm`."""

    def __init__(self, memories: Sequence[Layer], vocab: int, width: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocab, width)
        nn.init.normal_(self.embed.weight, std=width**-0.5)
        self.blocks = nn.ModuleList(Block(each, width) for each in memories)
        self.norm = RMSNorm(width)
        self.head = nn.Linear(width, vocab, bias=False)

    def forward(
        self, tokens: Tensor, state: State | None = None, return_state: bool = False, mask: Tensor | None = None
    ) -> Tensor | tuple[Tensor, State]:
        """Logits [B, T, vocab] of tokens [B, T]; with `return_state` the state after them too."""
        x, after = self.hidden(tokens, state, mask)
        logits: Tensor = self.head(x)
        return (logits, after) if return_state else logits

    def hidden(self, tokens: Tensor, state: State | None = None, mask: Tensor | None = None) -> tuple[Tensor, State]:
        """What the head reads [B, T, W], and the state."""
        x: Tensor = self.embed(tokens)
        after: State = {}
        for n, block in enumerate(self.blocks):
            x, kept = block(x, None if state is None else part(state, str(n)), mask)
            after |= named(str(n), kept)
        return self.norm(x), after

    def state_bytes(self, batch: int = 1) -> int:
        """How many bytes `batch` sequences cost to go on with, before the first token."""
        return sum(block.memory.state_bytes(batch) for block in self.blocks if isinstance(block, Block))


def tiny_lm(
    memory: str | Sequence[str] = "neural.recipes.gated_delta_net",
    vocab: int = 64,
    width: int = 32,
    layers: int = 2,
    heads: int = 2,
) -> TinyLM:
    """A decoder of `layers` blocks; `memory` is a recipe's address (or name, or module:maker), or one for each layer.

    >>> import torch
    >>> model = tiny_lm(["delta_net", "softmax"], vocab=16, width=16)
    >>> model(torch.zeros(1, 3, dtype=torch.long)).shape
    torch.Size([1, 3, 16])
    """
    wanted = [memory] * layers if isinstance(memory, str) else list(memory)
    if not wanted:
        raise BadInput("A model needs at least one layer; give layers=1 or more, or name a memory for each.")
    made = [catalog.make(catalog.find(each, SLOT), width=width, heads=heads) for each in wanted]
    return TinyLM(made, vocab, width)
