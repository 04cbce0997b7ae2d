"""What the quantities of each cell are called: complete, and without a contradiction."""

from __future__ import annotations

from typing import Any

import pytest

from gatescope.cells.kinds import CELLS


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell.name} {cell.nonlinearity}")
def test_a_cell_describes_itself_completely(cell: Any) -> None:
    assert set(cell.states) <= set(cell.names)
    assert set(cell.packed) == set(cell.gates)
    for quantity in cell.quantities:
        assert quantity.title
        assert quantity.equation.startswith(quantity.symbol.replace("C̃", "C̃") + "_t = ")
        assert cell.named(quantity.torch_name) == quantity.name
