"""The drawing of the LSTM: C along the top, the gates below it, h along the bottom."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QRectF

from gatescope_app.panels.diagram.cell_layout import NODE, Box, CellLayout, OperationNode, Wire, WireLabel, WireStrip

_C, _H, _X = 58.0, 302.0, 226.5  # the heights of the three lines
_GATES = {"f": 276.0, "i": 428.0, "c_tilde": 580.0, "o": 732.0}
_F, _I, _CAND, _O = _GATES.values()
_OUT, _UP = 890.0, 1000.0  # where C goes down to h, and h up to the next layer
_IN, _JOIN, _LEFT, _END = 95.0, 193.0, 1134.0, 1224.0  # the strips before, where x joins h, the strips after, the end
_BOX, _STRIP = 263.0, 226.5  # the heights of the gates and of their strips
_TOP, _BOTTOM = _BOX - 17, _BOX + 17
_WRITE, _SHOW = 154.0, 184.0  # the heights of i * C̃ and of o * tanh(C)
_TANH = 97.0
_GATE_PHASES = ("preactivations",)

KEPT, WRITTEN, SQUASHED = "f_t * C_(t-1)", "i_t * C̃_t", "tanh(C_t)"

_STRIPS = (
    WireStrip("c_before", "c", "c", _IN, _C),
    WireStrip("h_before", "h", "h", _IN, _H),
    WireStrip("x", None, "x", _IN, _X),
    *(WireStrip(name, name, name, x, _STRIP, upright=True) for name, x in _GATES.items()),
    WireStrip(KEPT, "c", "c", (_F + _CAND) / 2, _C),
    WireStrip(WRITTEN, "c", "c", _CAND, 117, upright=True),
    WireStrip("c", "c", "c", _LEFT, _C),
    WireStrip(SQUASHED, "c", "c", _OUT, 152, upright=True),
    WireStrip("h", "h", "h", _LEFT, _H),
)  # fmt: skip
_NODES = (
    OperationNode("×", "c", _F, _C), OperationNode("+", "c", _CAND, _C), OperationNode("×", "c", _CAND, _WRITE),
    OperationNode("×", "h", _OUT, _SHOW),
)  # fmt: skip
_BUS = ("input", *_GATE_PHASES)
_WIRES = (
    Wire("x", _BUS, ((30, _X), (_JOIN, _X), (_JOIN, _H)), arrow=False),
    Wire("h_before", _BUS, ((2, _H), (_O, _H), (_O, _BOTTOM))),
    *(Wire("h_before", _GATE_PHASES, ((x, _H), (x, _BOTTOM)), dot=True) for x in (_F, _I, _CAND)),
    Wire("c_before", ("input", "c"), ((2, _C), (_F - NODE, _C))),
    Wire("f", ("c",), ((_F, _TOP), (_F, _C + NODE))),
    Wire(KEPT, ("c",), ((_F + NODE, _C), (_CAND - NODE, _C))),
    Wire("i", ("c",), ((_I, _TOP), (_I, _WRITE), (_CAND - NODE, _WRITE))),
    Wire("c_tilde", ("c",), ((_CAND, _TOP), (_CAND, _WRITE + NODE))),
    Wire(WRITTEN, ("c",), ((_CAND, _WRITE - NODE), (_CAND, _C + NODE))),
    Wire("c", (), ((_CAND + NODE, _C), (_END, _C))),
    Wire("c", ("h",), ((_OUT, _C), (_OUT, _TANH - 14)), dot=True),
    Wire(SQUASHED, ("h",), ((_OUT, _TANH + 14), (_OUT, _SHOW - NODE))),
    Wire("o", ("h",), ((_O, _TOP), (_O, _SHOW), (_OUT - NODE, _SHOW))),
    Wire("h", (), ((_OUT, _SHOW + NODE), (_OUT, _H), (_END, _H))),
    Wire("h", (), ((_UP, _H), (_UP, 1)), dot=True, over=(_UP, _C)),
)  # fmt: skip


@cache
def lstm(projected: bool) -> CellLayout:
    """Return the drawing, with the box of a projection or without."""
    gates = (Box("tanh" if name == "c_tilde" else "σ", name, x, _BOX, is_gate=True) for name, x in _GATES.items())
    projection = (Box("W_hr", "h", _OUT, 246, 92, 32),) if projected else ()
    return CellLayout(
        width=1228, height=324, body=QRectF(178, 13, 868, 305),
        strips=_STRIPS, boxes=(*gates, Box("tanh", "h", _OUT, _TANH, 74, 28), *projection), nodes=_NODES, wires=_WIRES,
        labels=(WireLabel("h", "t", "h", _UP + 8, 34),),
    )  # fmt: skip
