"""Which drawing a network's cell has."""

from __future__ import annotations

from functools import lru_cache

from gatescope.modules.spec import ModuleSpec
from gatescope_app.panels.diagram.cell_drawings.gru import gru
from gatescope_app.panels.diagram.cell_drawings.lstm import lstm
from gatescope_app.panels.diagram.cell_drawings.rnn import rnn
from gatescope_app.panels.diagram.cell_layout import CellLayout


def layout_of(spec: ModuleSpec) -> CellLayout:
    """Return the drawing of a network's cells; the same one for networks whose cells look the same."""
    return _layout(spec.cell.name, spec.cell.nonlinearity, spec.bias, spec.proj_size > 0)


@lru_cache(maxsize=16)
def _layout(kind: str, nonlinearity: str | None, biased: bool, projected: bool) -> CellLayout:
    if kind == "LSTM":
        return lstm(projected)
    if kind == "GRU":
        return gru(biased)
    return rnn(nonlinearity or "tanh", biased)
