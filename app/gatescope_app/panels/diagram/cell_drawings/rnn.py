"""The drawing of the plain RNN: one sum, and what bends it."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QRectF

from gatescope_app.panels.diagram.cell_layout import Box, CellLayout, Wire, WireLabel, WireStrip

_H, _X = 92.0, 164.0  # the heights of the lines of h and x
_SUM, _BEND, _UP = 336.0, 706.0, 784.0  # the sum, what bends it, and where h goes up to the next layer

_STRIPS = (
    WireStrip("h_before", "h", "h", 95, _H),
    WireStrip("x", None, "x", 95, _X),
    WireStrip("a", "a", "a", 570, _H),
    WireStrip("h", "h", "h", 904, _H),
)
_WIRES = (
    Wire("h_before", ("input", "a"), ((2, _H), (_SUM - 138, _H))),
    Wire("x", ("input", "a"), ((30, _X), (_SUM, _X), (_SUM, _H + 22))),
    Wire("a", ("h",), ((_SUM + 138, _H), (_BEND - 42, _H))),
    Wire("h", (), ((_BEND + 42, _H), (994, _H))),
    Wire("h", (), ((_UP, _H), (_UP, 1)), dot=True),
)


@cache
def rnn(nonlinearity: str, biased: bool) -> CellLayout:
    """Return the drawing of the cell with tanh or relu."""
    biases = " + b" if biased else ""
    return CellLayout(
        width=998, height=194, body=QRectF(178, 13, 638, 175),
        strips=_STRIPS,
        boxes=(
            Box(f"W_ih x + W_hh h{biases}", "a", _SUM, _H, 276, 44, is_gate=True),
            Box(nonlinearity, "h", _BEND, _H, 84, 36),
        ),
        nodes=(), wires=_WIRES, labels=(WireLabel("h", "t", "h", _UP + 8, 34),),
    )  # fmt: skip
