"""A Legendre memory between convolutions, with or without spikes.

Source: Zeyu Liu, Gourav Datta, Anni Li, Peter Anthony Beerel, LMUFormer: Low Complexity Yet Powerful Spiking Model With
    Legendre Memory Units, 2024. arXiv 2402.04882
Needs: torch
Cost: linear in time, with spikes one step after the other; `order` numbers a channel
Shapes: x [B, T, W] -> y [B, T, W]; state m [B, H, order, D], the tails of two convolutions; with spikes the charges of
    3 * W neurons
Differs: one convolution each for embedding and mixing channels, root mean square in place of batch norms; a spike's
    slope is that of a steep sigmoid.

The memory itself is fixed and linear; what is written into it is embedded by a convolution over the last steps, and
what is read from it is mixed across channels by another. With `spiking`, both and the reader hand on only zeros and
ones: a neuron gathers charge, half of which leaks away at each step, and fires when it has 1.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu

from mnesis.errors import BadInput
from mnesis.neural.layer import named, part
from mnesis.neural.pieces import RMSNorm, ShortConv, wide
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import Size, State, where
from mnesis.neural.rule.legendre import delayed, legendre

LEAK, STEEP = 0.5, 4.0
PLACES = ("embed", "read", "mixed")


def fired(charge: Tensor) -> Tensor:
    """1 where the charge has reached 1, else 0; learned through as if it were a steep sigmoid."""
    soft = torch.sigmoid(STEEP * (charge - 1))
    return (charge >= 1).to(charge) + (soft - soft.detach())


def spikes(x: Tensor, charge: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor]:
    """What neurons with this charge [B,W] answer to x [B,T,W], and their charge afterwards."""
    out = []
    for t in range(x.shape[1]):
        full = LEAK * charge + wide(x[:, t])
        spike = fired(full)
        charge = full - spike if mask is None else where(mask[:, t], full - spike, charge)
        out.append(spike)
    return torch.stack(out, dim=1).to(x.dtype), charge


class LmuFormer(Layer):
    """See `lmuformer`."""

    def __init__(self, width: int, heads: int, order: int, window: float, spiking: bool) -> None:
        super().__init__()
        each = width // heads
        self.rule, self.size, self.spiking = legendre(window), Size(heads, order, each), spiking
        self.embed, self.channels = ShortConv(width, 4), ShortConv(width, 3)
        self.norms = nn.ModuleDict({name: RMSNorm(width) for name in PLACES})
        readers = torch.stack([delayed(order, share) for share in torch.linspace(0, 1, each).tolist()], dim=-1)
        self.reader = nn.Parameter(readers.expand(heads, order, each).clone())
        self.within, self.mixed = nn.Linear(width, width, bias=False), nn.Linear(width, width, bias=False)
        self.out = nn.Linear(width, width, bias=False)

    def begin(self, batch: int, like: Tensor) -> State:
        state = named("rule", self.rule.init(self.size, batch, {"like": wide(like)}))
        state |= named("embed", self.embed.begin(batch, like)) | named("channels", self.channels.begin(batch, like))
        empty = wide(like).new_zeros(batch, self.out.in_features)
        return {**state, **({f"charge.{name}": empty for name in PLACES} if self.spiking else {})}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        after: State = {}

        def active(name: str, z: Tensor) -> Tensor:
            z = self.norms[name](z)
            if not self.spiking:
                return gelu(z)
            z, after[f"charge.{name}"] = spikes(z, state[f"charge.{name}"], mask)
            return z

        z, tail = self.embed(x, part(state, "embed"), mask)
        after |= named("embed", tail)
        v = wide(active("embed", z)).reshape(*x.shape[:2], self.size.heads, self.size.values)
        read = wide(self.reader).expand(*x.shape[:2], *self.reader.shape)
        m, kept = self.rule.chunked(part(state, "rule"), {"q": read, "v": v}, mask)
        z = active("read", self.within(m.flatten(2).to(x.dtype)))
        z, mixed = self.channels(z, part(state, "channels"), mask)
        y = self.out(active("mixed", self.mixed(z)))
        return y, {**named("rule", kept), **after, **named("channels", mixed)}


def lmuformer(width: int = 32, heads: int = 2, order: int = 8, window: float = 32.0, spiking: bool = False) -> Layer:
    """Convolution, Legendre memory, convolution; with `spiking`, neurons that fire in place of smooth activations."""
    if width % heads:
        raise BadInput(f"width={width} cannot be shared among heads={heads}; choose a multiple.")
    return LmuFormer(width, heads, order, window, spiking)
