"""QLSTM: circuits that are simulated rightly, and learn a sequence."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from mnesis.neural.recipes.qlstm import Circuits, qlstm


def test_the_simulation_is_one_of_quantum_circuits() -> None:
    torch.manual_seed(0)
    circuit = Circuits(many=2, qubits=3, depth=2).double()
    unitary = circuit.unitary()
    assert torch.allclose(unitary @ unitary.mH, torch.eye(8).to(unitary).expand(2, -1, -1), atol=1e-12)
    seen = circuit(torch.randn(5, 2, 3, dtype=torch.float64), unitary).detach()
    assert float(seen.abs().max()) <= 1.0
    with torch.no_grad():
        circuit.turns.zero_()
    level = circuit(torch.zeros(1, 2, 3, dtype=torch.float64), circuit.unitary())
    assert float(level.detach().abs().max()) < 1e-12, "equal parts of both: nothing to see on average"


def test_one_qubit_turned_by_hand() -> None:
    """Without a turn of ours the first number shown is that of the qubits a change of sign has run through."""
    circuit = Circuits(many=1, qubits=2, depth=1).double()
    with torch.no_grad():
        circuit.turns.zero_()
    angle = torch.tensor([[[0.7, -1.3]]], dtype=torch.float64)
    alone = -torch.sin(torch.atan(angle))  # of each qubit before anything entangles them
    shown = circuit(angle, circuit.unitary()).detach().flatten()
    # 0 flips 1, then 1 flips 0: qubit 1 shows both signs together, qubit 0 what was on 1
    assert torch.allclose(shown[1], (alone[0, 0, 0] * alone[0, 0, 1]), atol=1e-9)
    assert torch.allclose(shown[0], alone[0, 0, 1], atol=1e-9)


def test_entangled_qubits_depend_on_each_other() -> None:
    torch.manual_seed(0)
    circuit, x = Circuits(many=1, qubits=3, depth=1), torch.randn(1, 1, 3)
    before = circuit(x, circuit.unitary())
    x[0, 0, 0] += 1.0
    moved = (circuit(x, circuit.unitary()) - before).detach().abs().flatten()
    assert float(moved[1:].max()) > 1e-3, "what turned the first qubit shows on others"


def test_it_learns_a_damped_wave(train: Any) -> None:
    torch.manual_seed(0)
    layer, enter, leave = qlstm(width=4, heads=1, qubits=4), nn.Linear(1, 4), nn.Linear(4, 1)
    time = torch.arange(30) * 0.5
    wave = torch.stack([torch.exp(-0.1 * time) * torch.cos(time + phase) for phase in (0.0, 0.8, 1.6)]).unsqueeze(-1)

    def error(step: int) -> Any:
        said = leave(layer(enter(wave[:, :-1]))[0])
        return (said - wave[:, 1:]).square().mean()

    losses = train([*layer.parameters(), *enter.parameters(), *leave.parameters()], error, 60, lr=3e-2)
    assert losses[-1] < 0.1 * float(wave.var()), losses[::10]
