"""Feed a rule from projections of x; normalise and gate what it reads.

Source: Songlin Yang, Bailin Wang, Yu Zhang, Yikang Shen, Yoon Kim, Parallelizing Linear Transformers with the Delta
    Rule over Sequence Length, 2024. arXiv 2406.06484
Needs: torch
Cost: five projections of the width, and the rule's own cost
Shapes: x [B, T, W] -> y [B, T, W]; the rule's state, and the last steps of the short convolution
Differs: one wrapper for every rule; the ports of a rule say what has to be projected.

Queries, keys, values and other vectors of a rule go through a short convolution and an activation, and are brought to
length 1 where the rule wants that; its gates are linear maps of x brought into their range. What the rule reads is
normalised head by head, multiplied by a gate of x and projected back. The weights a rule is handed once (a memory to
begin with) are parameters here: they are learned from outside, the memory goes on from them.

>>> import torch
>>> from mnesis.neural.rule.delta import delta
>>> layer = mixer(delta(), width=16, heads=2)
>>> y, state = layer(torch.zeros(1, 5, 16))
>>> y.shape, layer.state_bytes()
(torch.Size([1, 5, 16]), 1088)
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.kernels import chunked
from mnesis.neural.layer import Layer, named, part
from mnesis.neural.pieces import RMSNorm, ShortConv, activated, default_gate, unit_length, wide
from mnesis.neural.rule import Rule, Size, State

VECTORS = ("q", "k", "v", "e", "a", "b")  # what goes through the short convolution, where a rule has it


class Mixer(Layer):
    """See `mixer`."""

    def __init__(
        self, rule: Rule, width: int, size: Size, conv: int, gates: Mapping[str, nn.Module], features: nn.Module | None
    ) -> None:
        super().__init__()
        self.rule, self.size, self.chunk = rule, size, 16
        self.features = features
        timed = {name: port for name, port in rule.ports.items() if not port.once}
        self.vectors = [name for name in VECTORS if name in timed and name not in gates]
        raw = Size(size.heads, _raw(features, size), size.values, size.hidden)
        self.widths = [math.prod(timed[name].shape(raw)) for name in self.vectors]
        self.shapes = [timed[name].shape(raw) for name in self.vectors]
        self.project = nn.Linear(width, sum(self.widths), bias=False)
        self.conv = ShortConv(sum(self.widths), conv) if conv else None
        rest = {n: p for n, p in timed.items() if n not in self.vectors}
        self.gates = nn.ModuleDict({n: gates.get(n) or default_gate(width, p, size) for n, p in rest.items()})
        self.once = nn.ParameterDict({n: _begun(n, p.shape(size)) for n, p in rule.ports.items() if p.once})
        self.norm = RMSNorm(size.values)
        self.open = nn.Linear(width, size.heads * size.values, bias=False)
        self.out = nn.Linear(size.heads * size.values, width, bias=False)

    def begin(self, batch: int, like: Tensor) -> State:
        state = named("rule", self.rule.init(self.size, batch, {"like": wide(like), **self.once}))
        return {**state, **(named("conv", self.conv.begin(batch, like)) if self.conv is not None else {})}

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        inputs, tail = self.inputs(x, state, mask)
        y, after = chunked(self.rule, part(state, "rule"), inputs, mask, self.chunk)
        return self.answer(y, x), {**named("rule", after), **tail}

    def inputs(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[dict[str, Tensor], State]:
        """What the rule is handed for x, and what the convolution keeps."""
        z, tail = self.project(x), {}
        if self.conv is not None:
            z, kept = self.conv(z, part(state, "conv"), mask)
            z, tail = activated(z), named("conv", kept)
        made = dict(self.once.items()) | {name: gate(x) for name, gate in self.gates.items()}
        for name, piece, shape in zip(self.vectors, z.split(self.widths, dim=-1), self.shapes, strict=True):
            made[name] = self.ranged(name, piece.reshape(*piece.shape[:2], *shape))
        return {name: wide(value) for name, value in made.items()}, tail

    def ranged(self, name: str, x: Tensor) -> Tensor:
        """A vector as its port wants it."""
        if self.rule.ports[name].range == "sphere":
            x = unit_length(x)
        if self.features is not None and name in ("q", "k"):
            made: Tensor = self.features(wide(x))
            return made
        return x if name != "q" or self.rule.ports[name].range == "sphere" else x * x.shape[-1] ** -0.5

    def answer(self, y: Tensor, x: Tensor) -> Tensor:
        """What the rule has read [B,T,H,V], as an output of the layer."""
        y = self.norm(y.to(x.dtype)).flatten(2) * activated(self.open(x))
        out: Tensor = self.out(y)
        return out


def _raw(features: nn.Module | None, size: Size) -> int:
    return size.keys if features is None else int(features.raw)  # type: ignore[arg-type]


def _begun(name: str, shape: tuple[int, ...]) -> nn.Parameter:
    """A gain of 1, a bias of 0, weights that keep the size of what they are given."""
    if name == "gain":
        return nn.Parameter(torch.ones(shape))
    return nn.Parameter(torch.zeros(shape) if name == "bias" else torch.randn(shape) / math.sqrt(shape[-2]))


def mixer(
    rule: Rule,
    width: int = 32,
    heads: int = 2,
    keys: int | None = None,
    conv: int = 4,
    gates: Mapping[str, nn.Module] | None = None,
    features: nn.Module | None = None,
) -> Layer:
    """A layer around `rule`. `keys`: their length a head; `gates`: modules for ports; `features`: of q and k."""
    if width % heads:
        raise BadInput(f"width={width} cannot be shared among heads={heads}; choose a multiple.")
    length = width // heads if keys is None else keys
    size = Size(heads, length if features is None else int(features.keys), width // heads)  # type: ignore[arg-type]
    return Mixer(rule, width, size, conv, gates or {}, features)
