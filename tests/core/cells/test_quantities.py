"""What the quantities of each cell are called: complete, and without a contradiction."""

from __future__ import annotations

from typing import Any

import pytest

from gatescope.cells.cell import Cell
from gatescope.cells.kinds import CELLS


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell.name} {cell.nonlinearity}")
def test_a_cell_describes_itself_completely(cell: Any) -> None:
    assert set(cell.states) <= set(cell.names)
    assert set(cell.packed) == set(cell.gates)
    for quantity in cell.quantities:
        assert quantity.title
        assert quantity.equation.startswith(quantity.symbol.replace("C̃", "C̃") + "_t = ")
        assert cell.named(quantity.torch_name) == quantity.name


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell.name} {cell.nonlinearity or ''}".strip())
def test_the_range_of_a_quantity_is_that_of_what_its_equation_applies_last(cell: Cell) -> None:
    ranges = {"σ(z": (0.0, 1.0), "tanh(": (-1.0, 1.0), "relu(": (0.0, None)}
    for quantity in cell.quantities:
        of_function = [limits for start, limits in ranges.items() if f" = {start}" in quantity.equation]
        # o * tanh(C) and (1 - z) * n + z * h stay where tanh is; a sum of products, and C, may be of any size
        within_tanh = quantity.name == "h" and cell.name in ("LSTM", "GRU")
        expected = of_function[0] if of_function else (-1.0, 1.0) if within_tanh else (None, None)
        assert (quantity.low, quantity.high) == expected, quantity.name
