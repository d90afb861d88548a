"""Share a long sequence among machines, which tell each other one state each.

Source: Weigao Sun, Disen Lan, Yiran Zhong, Xiaoye Qu, Yu Cheng, LASP-2: Rethinking Sequence Parallelism for Linear
    Attention and Its Hybrid, 2025. arXiv 2502.07563
Needs: torch
Cost: linear in time; between R machines one AllGather of R states forward, and one backward
Shapes: x [B, T, W] -> y [B, T, W]; state S [B, H, D, D]
Differs: only the linear layer; the gathering is not overlapped with computing.

Without a decay the state of linear attention is a sum over steps, in whatever order. So each machine sums up its own
piece, all states are gathered once, and what went before a piece is the sum of the states before it. `parallel` does
that on the process group it is given; without one, and as a layer, it is linear attention with features above zero.
"""

from __future__ import annotations

import torch
import torch.distributed as dist
from torch import Tensor

from mnesis.errors import BadInput
from mnesis.neural.layer.mixer import Mixer
from mnesis.neural.pieces import Positive
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import Size
from mnesis.neural.rule.additive import additive


class _Earlier(torch.autograd.Function):
    """The sum of what the machines before this one have; its gradient is the sum of those of the machines after."""

    @staticmethod
    def forward(ctx, own: Tensor, group: dist.ProcessGroup | None) -> Tensor:  # type: ignore[no-untyped-def]
        ctx.group = group
        gathered = _gathered(own, group)
        return gathered[: dist.get_rank(group)].sum(0)

    @staticmethod
    def backward(ctx, grad: Tensor) -> tuple[Tensor, None]:  # type: ignore[no-untyped-def]
        gathered = _gathered(grad, ctx.group)
        return gathered[dist.get_rank(ctx.group) + 1 :].sum(0), None


def _gathered(own: Tensor, group: dist.ProcessGroup | None) -> Tensor:
    each = [torch.empty_like(own) for _ in range(dist.get_world_size(group))]
    dist.all_gather(each, own.contiguous(), group=group)
    return torch.stack(each)


class Shared(Mixer):
    """See `lasp2`."""

    def parallel(self, x: Tensor, group: dist.ProcessGroup | None = None) -> Tensor:
        """y of this machine's piece x [B,T,W]; pieces follow each other by rank, and need not be of one length."""
        inputs, _ = self.inputs(x, {}, None)
        empty = self.rule.init(self.size, len(x), {"like": inputs["v"]})
        y, own = self.rule.chunked(empty, inputs, None, self.chunk)
        before = _Earlier.apply(own["S"], group)  # type: ignore[no-untyped-call]
        return self.answer(y + torch.einsum("bthk,bhkv->bthv", inputs["q"], before), x)


def lasp2(width: int = 32, heads: int = 2) -> Layer:
    """Linear attention without a convolution, which would look over the edge of a piece."""
    if width % heads:
        raise BadInput(f"width={width} cannot be shared among heads={heads}; choose a multiple.")
    each = width // heads
    return Shared(additive(), width, Size(heads, each, each), 0, {}, Positive(each))
