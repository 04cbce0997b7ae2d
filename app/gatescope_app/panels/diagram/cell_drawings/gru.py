"""The drawing of the GRU as torch computes it: h along the top; r_t acts on the product with h_(t-1)."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QRectF

from gatescope_app.panels.diagram.cell_layout import NODE, Box, CellLayout, OperationNode, Wire, WireLabel, WireStrip

_H, _X, _FROM_H = 58.0, 322.0, 300.0  # the heights of the lines of h and x, and of what of h goes to the gates
_GATES = {"r": 276.0, "z": 452.0, "n": 850.0}
_R, _Z, _N = _GATES.values()
_PRODUCT, _UP = 652.0, 1000.0  # where r acts, and where h goes up to the next layer
_IN, _DOWN, _LEFT, _END = 95.0, 193.0, 1134.0, 1224.0  # the strips before, where h goes down, the strip after, the end
_BOX, _STRIP = 263.0, 226.5  # the heights of the gates and of their strips
_TOP, _BOTTOM = _BOX - 17, _BOX + 17
_WRITE, _RESET = 154.0, 184.0  # the heights of (1 - z) * n and of r * (W_hn h + b_hn)
_SIDE = 34.0  # of the middle of a gate h goes in to the left, x to the right
_REST = 90.0  # behind z comes 1 - z

KEPT, WRITTEN = "z_t * h_(t-1)", "(1 - z_t) * n_t"

_STRIPS = (
    WireStrip("h_before", "h", "h", _IN, _H),
    WireStrip("x", None, "x", _IN, _X),
    *(WireStrip(name, name, name, x, _STRIP, upright=True) for name, x in _GATES.items()),
    WireStrip(KEPT, "h", "h", (_Z + _N) / 2, _H),
    WireStrip(WRITTEN, "h", "h", _N, 117, upright=True),
    WireStrip("h", "h", "h", _LEFT, _H),
)  # fmt: skip
_NODES = (
    OperationNode("×", "h", _Z, _H), OperationNode("+", "h", _N, _H), OperationNode("×", "h", _N, _WRITE),
    OperationNode("1−", "h", _Z + _REST, _WRITE),
    OperationNode("×", "n", _PRODUCT, _RESET),
)  # fmt: skip
_Z_AND_R = ("preactivations",)
_WIRES = (
    Wire("h_before", ("input", "h"), ((2, _H), (_Z - NODE, _H))),
    Wire(
        "h_before", ("preactivations", "n"),
        ((_DOWN, _H), (_DOWN, _FROM_H), (_PRODUCT, _FROM_H), (_PRODUCT, _BOTTOM)), dot=True,
    ),
    *(Wire("h_before", _Z_AND_R, ((x - _SIDE, _FROM_H), (x - _SIDE, _BOTTOM)), dot=True) for x in (_R, _Z)),
    Wire("x", ("input", "preactivations", "n"), ((30, _X), (_N, _X), (_N, _BOTTOM))),
    *(
        Wire("x", _Z_AND_R, ((x + _SIDE, _X), (x + _SIDE, _BOTTOM)), dot=True, over=(x + _SIDE, _FROM_H))
        for x in (_R, _Z)
    ),
    Wire("z", ("h",), ((_Z, _TOP), (_Z, _H + NODE))),
    Wire("z", ("h",), ((_Z, _WRITE), (_Z + _REST - NODE, _WRITE)), dot=True),
    Wire("1 - z_t", ("h",), ((_Z + _REST + NODE, _WRITE), (_N - NODE, _WRITE)), coloured="z"),
    Wire("r", ("n",), ((_R, _TOP), (_R, _RESET), (_PRODUCT - NODE, _RESET)), over=(_Z, _RESET)),
    Wire("W_hn h", ("n",), ((_PRODUCT, _TOP), (_PRODUCT, _RESET + NODE)), coloured="h"),
    Wire("r W_hn h", ("n",), ((_PRODUCT + NODE, _RESET), (758, _RESET), (758, _BOX), (_N - 68, _BOX)), coloured="h"),
    Wire("n", ("h",), ((_N, _TOP), (_N, _WRITE + NODE))),
    Wire(KEPT, ("h",), ((_Z + NODE, _H), (_N - NODE, _H))),
    Wire(WRITTEN, ("h",), ((_N, _WRITE - NODE), (_N, _H + NODE))),
    Wire("h", (), ((_N + NODE, _H), (_END, _H))),
    Wire("h", (), ((_UP, _H), (_UP, 1)), dot=True),
)  # fmt: skip


@cache
def gru(biased: bool) -> CellLayout:
    """Return the drawing; with biases one of them lies inside what r multiplies."""
    gates = (Box("tanh" if name == "n" else "σ", name, x, _BOX, is_gate=True) for name, x in _GATES.items())
    product = Box("W_hn h + b_hn" if biased else "W_hn h", "n", _PRODUCT, _BOX, 164)
    return CellLayout(
        width=1228, height=344, body=QRectF(178, 13, 868, 325),
        strips=_STRIPS, boxes=(*gates, product), nodes=_NODES, wires=_WIRES,
        labels=(WireLabel("h", "t", "h", _UP + 8, 34),),
    )  # fmt: skip
