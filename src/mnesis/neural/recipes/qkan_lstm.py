"""A long short-term memory whose gates are sums of one-qubit curves.

Source: Yu-Chao Hsu, Jiun-Cheng Jiang, Chun-Hua Lin, Kuo-Chung Peng, Nan-Yow Chen, Samuel Yen-Chi Chen, En-Jui Kuo,
    Hsi-Sheng Goan, QKAN-LSTM: Quantum-inspired Kolmogorov-Arnold Long Short-term Memory, 2025. arXiv 2512.05049
Needs: torch
Cost: one step after the other; 4 * L² curves of `uploads` turns a step for L = heads * latent
Shapes: x [B, T, W] -> y [B, T, W]; state h and c [B, heads * latent]
Differs: the hybrid form: a linear map first brings x and h down to `latent` numbers a head; a qubit is its point on the
    sphere, in real numbers.

A curve in one number is what a qubit shows when that number turns it again and again, with learned turns between: every
further upload doubles nothing in parameters and adds a frequency. A gate is a sum of such curves, one for each of its
inputs, in place of a product with a matrix. Nothing is entangled, so all of it is cheap to compute without a machine.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer._stepwise import Cell
from mnesis.neural.pieces import wide
from mnesis.neural.recipes import Layer


class Curves(nn.Module):
    """A curve for every pair of an input and an output: [..., in] to [..., out], the sum over inputs."""

    def __init__(self, inputs: int, outputs: int, uploads: int) -> None:
        super().__init__()
        self.turns = nn.Parameter(torch.randn(uploads + 1, outputs, inputs))
        self.speed, self.offset = (nn.Parameter(torch.ones(uploads, outputs, inputs) * each) for each in (1.0, 0.0))
        self.weight = nn.Parameter(torch.randn(outputs, inputs) * inputs**-0.5)

    def each(self, x: Tensor) -> Tensor:
        """What every curve shows for x [..., in]: [..., out, in], between -1 and 1."""
        x = x.unsqueeze(-2)
        across, along, up = torch.zeros_like(x), torch.zeros_like(x), torch.ones_like(x)
        for n, turn in enumerate(wide(self.turns)):
            across, up = (
                torch.cos(turn) * across + torch.sin(turn) * up,
                torch.cos(turn) * up - torch.sin(turn) * across,
            )
            if n < len(self.speed):
                angle = wide(self.speed[n]) * x + wide(self.offset[n])
                cosine, sine = torch.cos(angle), torch.sin(angle)
                across, along = cosine * across - sine * along, sine * across + cosine * along
        return up

    def forward(self, x: Tensor) -> Tensor:
        """The weighed sums."""
        return (self.each(x) * wide(self.weight)).sum(-1)


class CurvedCell(Cell):
    """See `qkan_lstm`."""

    def __init__(self, width: int, latent: int, uploads: int) -> None:
        super().__init__(width, latent)
        self.enter = nn.Linear(width + latent, latent)
        self.curves = Curves(latent, 4 * latent, uploads)
        self.shift = nn.Parameter(torch.tensor([[1.0], [0.0], [0.0], [0.0]]))

    def gates(self, x: Tensor, h: Tensor) -> Tensor:
        weight, bias = wide(self.enter.weight), wide(self.enter.bias)
        inner = torch.tanh(torch.nn.functional.linear(torch.cat([x, h], dim=-1), weight, bias))
        made: Tensor = self.curves(torch.pi * inner)
        return made.reshape(len(x), 4, -1) + wide(self.shift)


def qkan_lstm(width: int = 32, heads: int = 2, latent: int = 8, uploads: int = 2) -> Layer:
    """`heads` times `latent` numbers of memory, and curves that are turned by their input `uploads` times."""
    if min(heads, latent, uploads) < 1:
        raise BadInput(f"heads={heads}, latent={latent} and uploads={uploads} must be at least 1.")
    return CurvedCell(width, heads * latent, uploads)
