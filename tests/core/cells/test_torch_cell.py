"""A step in three parts: gates from pre-activations, states from gates, with what is held in between."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from gatescope.cells.kinds import TORCH_CELLS
from gatescope.cells.torch_cell import TorchCell
from gatescope.cells.values import Values
from gatescope.cells.weights import Parameters, Weights

K, H, N = 3, 4, 5


def drawn(cell: TorchCell) -> tuple[Tensor, Values, Weights]:
    shapes = ((K,), (H,), (), ())
    parameters = (torch.randn(len(cell.packed) * H, *shape).double() for shape in shapes)
    before = {name: torch.randn(N, H).double() for name in cell.states}
    return (
        torch.cat([torch.randn(N, K).double(), before["h"]], dim=1),
        before,
        Weights(cell.packed, Parameters(*parameters, None)),
    )


@pytest.mark.parametrize("cell", TORCH_CELLS, ids=lambda cell: f"{cell.name} {cell.nonlinearity}")
def test_a_step_is_its_three_parts(cell: TorchCell) -> None:
    xh, before, w = drawn(cell)
    gates = cell.activate(cell.preactivations(xh, before, w))
    expected = gates | cell.advance(gates, before, w)
    step = cell.step(xh, before, w)
    assert set(step) == set(cell.names)
    assert all(torch.equal(step[name], expected[name]) for name in cell.names)


@pytest.mark.parametrize("cell", TORCH_CELLS, ids=lambda cell: f"{cell.name} {cell.nonlinearity}")
def test_every_quantity_passes_what_holds_it_once_and_is_what_it_returns(cell: TorchCell) -> None:
    xh, before, w = drawn(cell)
    asked: list[str] = []

    def hold(name: str, value: Tensor) -> Tensor:
        asked.append(name)
        return torch.full_like(value, 0.25 * (1 + cell.names.index(name)))

    step = cell.step(xh, before, w, hold)
    assert set(asked) == set(cell.names)
    for index, name in enumerate(cell.names):
        assert torch.equal(step[name], torch.full((N, H), 0.25 * (1 + index)).double())


@pytest.mark.parametrize("cell", TORCH_CELLS, ids=lambda cell: f"{cell.name} {cell.nonlinearity}")
def test_with_gradients_no_number_is_another(cell: TorchCell) -> None:
    xh, before, w = drawn(cell)
    plain, graph = cell.step(xh, before, w), cell.step(xh.requires_grad_(), before, w)
    assert all(torch.equal(plain[name], graph[name].detach()) for name in cell.names)
    graph["h"].sum().backward()
    assert xh.grad is not None
    assert bool(xh.grad.any())


def test_each_runs_a_layer_and_a_cell() -> None:
    kinds = [("LSTM", "LSTMCell"), ("GRU", "GRUCell"), ("RNN", "RNNCell"), ("RNN", "RNNCell")]
    assert [cell.kinds for cell in TORCH_CELLS] == kinds


@pytest.mark.parametrize("cell", TORCH_CELLS, ids=lambda cell: f"{cell.name} {cell.nonlinearity or ''}".strip())
def test_a_gate_is_its_nonlinearity_of_its_own_pre_activation(cell: TorchCell) -> None:
    xh, before, w = drawn(cell)
    z, step = cell.preactivations(xh, before, w), cell.step(xh, before, w)
    functions = {"σ(z": torch.sigmoid, "tanh": torch.tanh}
    for quantity in cell.quantities:
        if quantity.preactivation is None:
            continue
        of_z = z[quantity.preactivation]
        start = quantity.equation.partition(" = ")[2]
        applied = next((function(of_z) for name, function in functions.items() if start.startswith(name)), of_z)
        torch.testing.assert_close(step[quantity.name], applied, rtol=1e-14, atol=1e-15)
