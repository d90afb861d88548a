"""Look vectors up in tables by a hash of the input, where others multiply.

Source: Ning Ding, Yehui Tang, Haochen Qin, Zhenli Zhou, Chao Xu, Lin Li, Kai Han, Heng Liao, Yunhe Wang, MemoryFormer:
    Minimize Transformer Computation by Removing Fully-Connected Layers, 2024. arXiv 2411.12992
Needs: torch
Cost: W / bits look-ups and additions of a vector for each map instead of W² products; tables of W / bits * 2^bits rows
Shapes: x [B, T, W] -> y [B, T, W]; k and v of every step [B, T, H, D]
Differs: the maps of attention are tables; the network between layers is the decoder's and stays one of products.

The input is cut into pieces of `bits` numbers. The signs of a piece are the address of a row in its table, and the rows
of all pieces are added. A row counts by how far its piece is from having other signs, which is what training moves the
input and the tables below by. A multiplication by a matrix becomes a few reads of memory.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer.window import Window
from mnesis.neural.recipes import Layer


class Lookup(nn.Module):
    """[..., width] to [..., out] through tables: what a linear map does, without its products."""

    def __init__(self, width: int, out: int, bits: int) -> None:
        super().__init__()
        self.in_features, self.bits = width, bits
        self.tables = nn.Parameter(torch.randn(width // bits, 2**bits, out) * (bits / width) ** 0.5 * 2)

    def forward(self, x: Tensor) -> Tensor:
        """The rows that the signs of x address, weighed by how sure the signs are."""
        pieces = x.reshape(*x.shape[:-1], -1, self.bits)
        powers = 2 ** torch.arange(self.bits, device=x.device)
        rows = ((pieces > 0) * powers).sum(-1)
        sure = torch.sigmoid(2 * pieces.abs()).prod(-1, keepdim=True)
        found = self.tables[torch.arange(len(self.tables), device=x.device), rows]
        out: Tensor = (sure * found).sum(-2)
        return out


def memoryformer(width: int = 32, heads: int = 2, bits: int = 4) -> Layer:
    """Attention whose maps are tables addressed by `bits` signs."""
    if not 0 < bits <= 12 or width % heads or width % bits:
        raise BadInput(f"width={width} must be a multiple of heads={heads} and of bits={bits} (1 to 12).")
    layer = Window(width, heads, None, 0)
    layer.project, layer.out = Lookup(width, 3 * width, bits), Lookup(width, width, bits)  # type: ignore[assignment]
    return layer
