"""Pick a few elements of a large state by attention; all else sees only them.

Source: Yoshua Bengio, The Consciousness Prior, 2017. arXiv 1709.08568
Needs: torch
Cost: one step after the other; N * D * D multiplications a head for N elements of D channels
Shapes: x [B, T, W] -> y [B, T, W]; state h [B, H, N, D] (the elements), c [B, H, D] (the conscious state)
Differs: no pattern store but a layer, and one reading of a paper without equations: elements are gated memories, the
    few are the highest of a softmax, and the choice is hard where it is made and soft in its gradient.

The unconscious state is a pool of elements, each with an address of its own, that are all updated at every step. From
the input and the last thought comes a query; the `conscious` elements that fit it best are selected, and what they
hold, with their addresses, is the next thought, far smaller than the pool. That thought is all that is said, and it is
broadcast: it takes part in every element's next update and in what is attended to next.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.pieces import wide
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import State, where


class ConsciousnessPrior(Layer):
    """See `consciousness_prior`."""

    def __init__(self, width: int, heads: int, elements: int, conscious: int) -> None:
        super().__init__()
        each = width // heads
        self.heads, self.conscious = heads, conscious
        self.enter = nn.Linear(width, 4 * width)  # what may be written, how much, how much is kept, what is looked for
        self.address = nn.Parameter(torch.randn(heads, elements, each))
        self.broadcast = nn.Parameter(torch.randn(heads, each, 4 * each) * 0.5 * each**-0.5)
        self.key = nn.Parameter(torch.randn(heads, each, each) * each**-0.5)
        self.out = nn.Linear(width, width, bias=False)
        with torch.no_grad():
            self.enter.bias[2 * width : 3 * width] = 1.0  # elements begin by keeping

    def begin(self, batch: int, like: Tensor) -> State:
        x, (heads, elements, each) = wide(like), self.address.shape
        return {"h": x.new_zeros(batch, heads, elements, each), "c": x.new_zeros(batch, heads, each)}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        h, c, said = state["h"], state["c"], []
        heard = wide(self.enter(x)).reshape(*x.shape[:2], 4, self.heads, -1)
        for t in range(x.shape[1]):
            h_after, c_after = self._think(h, c, heard[:, t])
            if mask is not None:
                h_after, c_after = where(mask[:, t], h_after, h), where(mask[:, t], c_after, c)
            h, c = h_after, c_after
            said.append(c)
        y: Tensor = self.out(torch.stack(said, dim=1).flatten(2).to(x.dtype))
        return y, {"h": h, "c": c}

    def attention(self, h: Tensor, query: Tensor) -> Tensor:
        """How much of every element is in the thought [B, H, N]; nothing of any but the few."""
        keys = wide(self.address) + torch.einsum("bhnd,hde->bhne", h, wide(self.key))
        scores = torch.einsum("bhd,bhnd->bhn", query, keys) * query.shape[-1] ** -0.5
        few = scores.topk(self.conscious, dim=-1)
        chosen = torch.zeros_like(scores).scatter(-1, few.indices, few.values.softmax(-1)).detach()
        soft = scores.softmax(-1)  # its value cancels, its gradient stays
        return torch.where(chosen > 0, chosen + (soft - soft.detach()), chosen)

    def _think(self, h: Tensor, c: Tensor, heard: Tensor) -> tuple[Tensor, Tensor]:
        """One step: every element is updated under the last thought, then a few make the next."""
        told = torch.einsum("bhd,hde->bhe", c, wide(self.broadcast)).reshape(*c.shape[:2], 4, -1)  # [B, H, 4, D]
        value, write, keep, query = (heard + told.transpose(1, 2)).unbind(1)
        address = wide(self.address)
        here = torch.sigmoid(torch.einsum("bhd,hnd->bhn", write, address)).unsqueeze(-1)  # where it is written
        keep = torch.sigmoid(keep).unsqueeze(2)
        h = h + here * (1 - keep) * (torch.tanh(value).unsqueeze(2) - h)
        return h, torch.einsum("bhn,bhnd->bhd", self.attention(h, query), h + address)


def consciousness_prior(width: int = 32, heads: int = 2, elements: int = 8, conscious: int = 2) -> Layer:
    """A pool of `elements` a head, of which `conscious` ones at a time are thought of."""
    if width % heads:
        raise BadInput(f"width={width} cannot be shared among heads={heads}; choose a multiple.")
    if not 1 <= conscious <= elements:
        raise BadInput(f"conscious={conscious} must be at least 1 and at most elements={elements}.")
    return ConsciousnessPrior(width, heads, elements, conscious)
