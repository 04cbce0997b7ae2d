"""What there is to see of a run in the unrolled network: heat strips, and what is computed by now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from gatescope.modules.spec import Direction
from gatescope_app.look.colour_maps import coloured, diverging_colours, quantity_colours
from gatescope_app.look.theme import Theme
from gatescope_app.panels.diagram.network.fold import Fold
from gatescope_app.state.known_values import steps_present
from gatescope_app.state.session import State
from gatescope_app.state.value_ranges import reach

Status = Literal["computed", "pending", "absent"]

Strips = tuple[QImage | None, ...]
"""A picture for each slot, a pixel for each unit; None for a gap and for a step that the element does not have."""


@dataclass(frozen=True, eq=False)
class NetworkContents:
    """The numbers of one run and batch element as colours.

    The strips are of all steps shown, known or not: whoever shows them asks `statuses` whether they may be seen.
    """

    state: State
    theme: Theme

    @property
    def present(self) -> int:
        """How many steps the element has."""
        return steps_present(self.state)

    def strips(self, columns: Fold, layer: int, direction: Direction) -> Strips:
        """Return h of one cell."""
        run = self.state.run
        if run is None:
            return (None,) * len(columns)
        h = run.values("h", layer, direction, self.state.batch)
        low, high = run.range_of("h", layer, direction, self.state.batch)
        colours = quantity_colours(self.theme, "h", signed=low < 0)
        return _cut(h, columns, self.present, lambda rows: coloured(rows, low, high, colours))

    def inputs(self, columns: Fold) -> Strips:
        """Return x."""
        x = self.state.setup.inputs(self.state.batch)
        high, colours = reach(x[[t for t in columns if t is not None]]), diverging_colours(self.theme)
        return _cut(x, columns, self.present, lambda rows: coloured(rows, -high, high, colours))

    def initial(self, name: str, layer: int, direction: Direction) -> QImage | None:
        """Return a state before the first step."""
        run, state = self.state.run, self.state
        if run is None:
            return None
        from gatescope.traces.trace import as_numpy  # noqa: PLC0415 - imports torch

        return self._one(name, as_numpy(run.trace.cell(layer, direction).before[name])[state.batch])

    def last(self, name: str, layer: int, direction: Direction) -> QImage | None:
        """Return a state after the last step."""
        values = self._values(name, layer, direction)
        return None if values is None else self._one(name, values[ends(self.state, direction)[1]])

    def _one(self, name: str, numbers: NDArray[np.floating[Any]]) -> QImage:
        high = reach(numbers)
        return coloured(numbers[None], -high, high, quantity_colours(self.theme, name, signed=True))

    def _values(self, name: str, layer: int, direction: Direction) -> NDArray[np.floating[Any]] | None:
        run = self.state.run
        return None if run is None else run.values(name, layer, direction, self.state.batch)


def ends(state: State, direction: Direction) -> tuple[int, int]:
    """Return the first and the last step that the element makes in one direction."""
    last = steps_present(state) - 1
    return (0, last) if direction == "forward" else (last, 0)


def statuses(state: State, columns: Fold, layer: int, direction: Direction) -> list[Status]:
    """Return of each slot whether h of a cell is computed by now; a gap counts as absent."""
    known, present = state.order.known(state.cursor, layer, direction, "h"), steps_present(state)
    if state.run is None:
        known = range(0)
    return ["absent" if t is None or t >= present else "computed" if t in known else "pending" for t in columns]


def _cut(values: NDArray[np.floating[Any]], columns: Fold, present: int, paint: Any) -> Strips:
    """Paint the steps that are shown, all at once, and return them one by one."""
    shown = [t for t in columns if t is not None and t < present]
    picture: QImage = paint(values[shown])
    rows = {t: picture.copy(0, row, picture.width(), 1) for row, t in enumerate(shown)}
    return tuple(None if t is None else rows.get(t) for t in columns)
