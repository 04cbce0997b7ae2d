"""Which cells are known, by the names of the modules that run them."""

from __future__ import annotations

from typing import Any

import pytest

import gatescope as gs
from gatescope.cells import kinds
from gatescope.cells.cell import Cell
from gatescope.cells.gru import GRU
from gatescope.cells.kinds import CELLS, add_cell, find_cell, own_kinds
from gatescope.cells.lstm import LSTM
from gatescope.cells.rnn import RNN_RELU, RNN_TANH


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the cells that a test adds."""
    monkeypatch.setattr(kinds, "_known", {key: cell for key, cell in kinds._known.items() if cell in CELLS})


class Own(Cell):
    name, packed, quantities = "OwnCell", ("a",), ()

    def step(self, *_arguments: Any) -> Any:
        raise NotImplementedError

    bound = step


def test_torchs_modules_run_torchs_cells() -> None:
    for ending in ("", "Cell"):
        assert find_cell(f"LSTM{ending}") is LSTM
        assert find_cell(f"LSTM{ending}", "relu") is LSTM  # it has no such argument
        assert find_cell(f"GRU{ending}") is GRU
        assert find_cell(f"RNN{ending}") is RNN_TANH
        assert find_cell(f"RNN{ending}", "relu") is RNN_RELU
        assert find_cell(f"RNN{ending}", "elu") is None
    assert find_cell("Linear") is None
    assert own_kinds() == ()


def test_a_cell_of_ones_own_is_found_by_its_class_and_the_later_one_counts() -> None:
    first, second = Own(), Own()
    add_cell(first)
    assert find_cell("OwnCell") is first
    add_cell(second)
    assert find_cell("OwnCell") is second
    assert find_cell("OwnCellCell") is None
    assert own_kinds() == ("OwnCell",)


@pytest.mark.parametrize("name", ["LSTM", "GRUCell", "RNN"])
def test_a_name_of_torch_is_taken(name: str) -> None:
    own = Own()
    own.name = name
    with pytest.raises(gs.GatescopeError) as caught:
        add_cell(own)
    assert caught.value.code == "cell_name_taken"
    assert find_cell(name) in CELLS
