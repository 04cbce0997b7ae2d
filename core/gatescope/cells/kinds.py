"""The cells that are known: each is described by one file of this room.

Nothing here imports torch at run time (the formulas use the methods of the tensors they are given), so that a window
can show a cell's quantities before torch is there.
"""

from __future__ import annotations

from gatescope.cells.cell import Cell
from gatescope.cells.gru import GRU
from gatescope.cells.lstm import LSTM
from gatescope.cells.rnn import RNN_RELU, RNN_TANH
from gatescope.cells.torch_cell import TorchCell
from gatescope.messages.message import GatescopeError

CELLS: tuple[Cell, ...] = (LSTM, GRU, RNN_TANH, RNN_RELU)

TORCH_CELLS = tuple(cell for cell in CELLS if isinstance(cell, TorchCell))

_known: dict[tuple[str, str | None], Cell] = {}
"""By the kind of module and its nonlinearity."""


def add_cell(cell: Cell) -> None:
    """Make a cell known, in place of one of the same name.

    From then on `gatescope.trace` takes the modules that run it: for a cell that torch does not have, those of a class
    called as the cell is.

    Parameters
    ----------
    cell : Cell
        What such a module computes.

    Raises
    ------
    GatescopeError
        `cell_name_taken` where that is the name of one of torch's modules.
    """
    if isinstance(find_cell(cell.name), TorchCell) and cell not in TORCH_CELLS:
        raise GatescopeError("cell_name_taken", value=cell.name)
    _known.update({(kind, cell.nonlinearity): cell for kind in cell.kinds})


def find_cell(kind: str, nonlinearity: str = "tanh") -> Cell | None:
    """Return the cell that modules of that kind run; None where none is known."""
    return _known.get((kind, None)) or _known.get((kind, nonlinearity))


def own_kinds() -> tuple[str, ...]:
    """Return the names of the modules that run a known cell and that torch does not have."""
    return tuple(kind for (kind, _), cell in _known.items() if not isinstance(cell, TorchCell))


for _cell in CELLS:
    add_cell(_cell)
