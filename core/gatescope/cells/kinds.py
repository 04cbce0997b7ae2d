"""The cells that are known: each is described by one file of this room.

Nothing here imports torch at run time (the formulas use the methods of the tensors they are given), so that a window
can show a cell's quantities before torch is there.
"""

from __future__ import annotations

from gatescope.cells.cell import Cell
from gatescope.cells.gru import GRU
from gatescope.cells.lstm import LSTM
from gatescope.cells.rnn import RNN_RELU, RNN_TANH

CELLS: tuple[Cell, ...] = (LSTM, GRU, RNN_TANH, RNN_RELU)
