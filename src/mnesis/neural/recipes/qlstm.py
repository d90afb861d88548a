"""A long short-term memory whose gates are small quantum circuits, simulated.

Source: Samuel Yen-Chi Chen, Shinjae Yoo, Yao-Lung L. Fang, Quantum Long Short-Term Memory, 2020. arXiv 2009.01783
Needs: torch
Cost: one step after the other; 4 * H products of 2^qubits numbers with a square matrix a step
Shapes: x [B, T, W] -> y [B, T, W]; state h and c [B, H * qubits]
Differs: simulated exactly, without shots or noise; H circuits a gate side by side, each fed by a linear map of x and h;
    what is measured is scaled and shifted by learned numbers; the two circuits after the cell are left out.

A gate's inputs turn the qubits of a register, entangling gates and learned turns mix them, and what is measured on each
qubit is a number between -1 and 1. The circuit after the encoding does not depend on the input, so it is one unitary
matrix; a step is the product of it with the encoded register.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.layer._stepwise import Cell
from mnesis.neural.pieces import wide
from mnesis.neural.recipes import Layer
from mnesis.neural.rule import State


class Circuits(nn.Module):
    """`many` registers of `qubits`: angles [..., many, qubits] in, measured numbers of the same shape out."""

    def __init__(self, many: int, qubits: int, depth: int) -> None:
        super().__init__()
        self.qubits = qubits
        self.turns = nn.Parameter(torch.randn(depth, many, qubits, 3) * 0.5)
        states = torch.arange(2**qubits)
        bits = (states.unsqueeze(1) >> torch.arange(qubits - 1, -1, -1)) & 1  # the first qubit is the highest bit
        entangled = states
        for near in (1, 2)[: max(qubits - 1, 1)]:  # every qubit flips the one beside it, then the one after that
            for qubit in range(qubits if qubits > 1 else 0):
                other = (qubit + near) % qubits
                flips = (entangled >> (qubits - 1 - qubit)) & 1
                entangled = entangled ^ (flips << (qubits - 1 - other))
        self.entangled: Tensor
        self.signs: Tensor
        self.register_buffer("entangled", entangled, persistent=False)
        self.register_buffer("signs", (1 - 2 * bits), persistent=False)

    def unitary(self) -> Tensor:
        """Everything after the encoding: [many, 2^qubits, 2^qubits]."""
        whole = torch.eye(2**self.qubits, device=self.turns.device).to(_complex(self.turns))
        whole = whole.expand(self.turns.shape[1], -1, -1)
        for turns in wide(self.turns):
            whole = whole[:, torch.argsort(self.entangled)]
            whole = _product(_rotation(turns)) @ whole
        return whole

    def forward(self, angles: Tensor, unitary: Tensor) -> Tensor:
        """What is measured after numbers of any size have turned the register."""
        y, z = torch.atan(angles) / 2, torch.atan(angles.square()) / 2
        half = 0.5**0.5
        low, high = half * (torch.cos(y) - torch.sin(y)), half * (torch.sin(y) + torch.cos(y))
        phase = torch.polar(torch.ones_like(z), z)
        each = torch.stack([low * phase.conj(), high * phase], dim=-1)  # [..., many, qubits, 2]
        register = each[..., 0, :]
        for qubit in range(1, self.qubits):
            register = (register.unsqueeze(-1) * each[..., qubit, :].unsqueeze(-2)).flatten(-2)
        after = torch.einsum("mij,...mj->...mi", unitary, register)
        odds = after.real.square() + after.imag.square()
        return odds @ self.signs.to(odds)


def _complex(x: Tensor) -> torch.dtype:
    return torch.complex128 if x.dtype == torch.float64 else torch.complex64


def _rotation(turns: Tensor) -> Tensor:
    """Any turn of a qubit, from three angles [..., 3]: [..., 2, 2]."""
    alpha, beta, gamma = (turns / 2).unbind(-1)
    cosine, sine = torch.cos(beta), torch.sin(beta)
    rows = [
        torch.stack([torch.polar(cosine, -alpha - gamma), -torch.polar(sine, gamma - alpha)], dim=-1),
        torch.stack([torch.polar(sine, alpha - gamma), torch.polar(cosine, alpha + gamma)], dim=-1),
    ]
    return torch.stack(rows, dim=-2)


def _product(each: Tensor) -> Tensor:
    """Turns of single qubits [many, qubits, 2, 2] as one of the register: [many, 2^qubits, 2^qubits]."""
    whole = each[:, 0]
    for qubit in range(1, each.shape[1]):
        whole = torch.einsum("mij,mkl->mikjl", whole, each[:, qubit])
        whole = whole.flatten(1, 2).flatten(2, 3)
    return whole


class QuantumCell(Cell):
    """See `qlstm`."""

    def __init__(self, width: int, heads: int, qubits: int, depth: int) -> None:
        super().__init__(width, heads * qubits)
        self.heads = heads
        self.enter = nn.Linear(width + heads * qubits, 4 * heads * qubits)
        self.circuits = Circuits(4 * heads, qubits, depth)
        self.scale = nn.Parameter(torch.full((4, 1), 2.0))
        self.shift = nn.Parameter(torch.tensor([[1.0], [0.0], [0.0], [0.0]]))  # begins by keeping more than half
        self.unitary: Tensor | None = None

    def mix(self, x: Tensor, state: State, mask: Tensor | None) -> tuple[Tensor, State]:
        self.unitary = self.circuits.unitary()
        try:
            return super().mix(x, state, mask)
        finally:
            self.unitary = None

    def gates(self, x: Tensor, h: Tensor) -> Tensor:
        weight, bias = wide(self.enter.weight), wide(self.enter.bias)
        angles = torch.nn.functional.linear(torch.cat([x, h], dim=-1), weight, bias)
        unitary = self.circuits.unitary() if self.unitary is None else self.unitary
        seen = self.circuits(angles.reshape(len(x), 4 * self.heads, -1), unitary)
        made: Tensor = wide(self.scale) * seen.reshape(len(x), 4, -1) + wide(self.shift)
        return made


def qlstm(width: int = 32, heads: int = 2, qubits: int = 4, depth: int = 1) -> Layer:
    """`heads` circuits of `qubits` for each gate, with `depth` layers of turns."""
    if heads < 1 or not 2 <= qubits <= 10 or depth < 1:
        raise BadInput(f"heads={heads} and depth={depth} must be at least 1, and qubits={qubits} 2 to 10.")
    return QuantumCell(width, heads, qubits, depth)
