"""Which drawing a network's cell has: a further one is a file beside this one, and a line here."""

from __future__ import annotations

from collections.abc import Callable

from gatescope.modules.spec import ModuleSpec
from gatescope_app.panels.diagram.cell_drawings.gru import gru
from gatescope_app.panels.diagram.cell_drawings.lstm import lstm
from gatescope_app.panels.diagram.cell_drawings.plain import plain
from gatescope_app.panels.diagram.cell_drawings.rnn import rnn
from gatescope_app.panels.diagram.cell_layout import CellLayout

_DRAWINGS: dict[str, Callable[[ModuleSpec], CellLayout]] = {
    "LSTM": lambda spec: lstm(spec.proj_size > 0),
    "GRU": lambda spec: gru(spec.bias),
    "RNN": lambda spec: rnn(spec.cell.nonlinearity or "tanh", spec.bias),
}
"""By the names of the cells; each returns the same drawing for networks whose cells look the same."""


def layout_of(spec: ModuleSpec) -> CellLayout:
    """Return the drawing of a network's cells; of a cell that has none, one without what connects its quantities."""
    if spec.cell.name in _DRAWINGS:
        return _DRAWINGS[spec.cell.name](spec)
    return plain(tuple((gate, spec.cell.quantity(gate).symbol) for gate in spec.cell.gates), spec.cell.states)
