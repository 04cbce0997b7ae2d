"""The drawing of a cell that has none of its own: its quantities in their order, without what connects them."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QRectF

from gatescope_app.panels.diagram.cell_layout import ROW, Box, CellLayout, Wire, WireStrip

_FIRST, _APART = 276.0, 152.0  # the first box, and from box to box
_IN, _JOIN, _BODY = 95.0, 193.0, 178.0  # the strips before, where x joins h, and where the frame begins
_TOP, _STATE = 58.0, 70.0  # the topmost state, and from state to state


@cache
def plain(gates: tuple[tuple[str, str], ...], states: tuple[str, ...]) -> CellLayout:
    """Return the drawing.

    Parameters
    ----------
    gates : tuple of (str, str)
        Names and symbols of what is no state, in the order in which it is computed.
    states : tuple of str
        The names of what goes on to the next step.
    """
    upper = [name for name in states if name != "h"]
    x_line = max(_TOP + _STATE * len(upper), _TOP + 2 * ROW) + 2 * ROW
    h_line = x_line + _STATE + 6
    levels = {name: _TOP + _STATE * place for place, name in enumerate(upper)} | {"h": h_line}
    places = {name: _FIRST + _APART * place for place, (name, _) in enumerate(gates)}
    right = _FIRST + _APART * len(gates) - 40  # where the frame ends
    box, into, last = h_line - 39, tuple(places), _FIRST + _APART * (len(gates) - 1)
    branches = {name: x for name, x in places.items() if x < last}
    return CellLayout(
        width=right + 182, height=h_line + 22, body=QRectF(_BODY, 13, right - _BODY, h_line + 3),
        strips=(
            *(WireStrip(f"{name}_before", name, name, _IN, y) for name, y in levels.items()),
            WireStrip("x", None, "x", _IN, x_line),
            *(WireStrip(name, name, name, x, box - 36.5, upright=True) for name, x in places.items()),
            *(WireStrip(name, name, name, right + 88, y) for name, y in levels.items()),
        ),
        boxes=tuple(Box(symbol, name, places[name], box) for name, symbol in gates),
        nodes=(),
        wires=(
            Wire("x", ("input", *into), ((30, x_line), (_JOIN, x_line), (_JOIN, h_line)), arrow=False),
            Wire("h_before", ("input", *into), ((2, h_line), (last, h_line), (last, box + 17))),
            *(Wire("h_before", (name,), ((x, h_line), (x, box + 17)), dot=True) for name, x in branches.items()),
            *(Wire(f"{name}_before", ("input", name), ((2, levels[name]), (_JOIN, levels[name]))) for name in upper),
            *(Wire(name, (), ((right - 14, y), (right + 178, y))) for name, y in levels.items()),
        ),
        labels=(),
    )  # fmt: skip
