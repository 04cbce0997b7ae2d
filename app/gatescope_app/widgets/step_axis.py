"""The axis of t, shared by all plots over time."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg

from gatescope_app.look.ticks import round_count
from gatescope_app.look.tokens import format_token


class StepAxis(pg.AxisItem):
    """The axis of t, with whole numbers and the tokens under them."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.tokens: tuple[str, ...] | None = None

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Return ticks at whole steps only, as close as their numbers allow."""
        room = 14 + 9 * len(str(int(max(high, 1))))  # pixels
        spacing = round_count(round((high - low) * room / max(size, 1)))
        first = int(np.ceil(max(low, 0) / spacing)) * spacing
        return [(spacing, [float(t) for t in range(first, int(high) + 1, spacing)])]

    def tickStrings(self, values: list[float], _scale: float, spacing: float) -> list[str]:
        """Return each step's number, and its token where every step has a tick."""
        if self.tokens is None or spacing > 1:
            return [str(int(t)) for t in values]
        return [f"{int(t)}\n{format_token(self.tokens[int(t)])}" if t < len(self.tokens) else "" for t in values]
