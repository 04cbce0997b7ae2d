"""Draw a quantity over time into a picture: lines, or a heat map. Drawn once, then shown as far as was stepped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QTransform

from gatescope_app.look.colour_maps import coloured, quantity_colours
from gatescope_app.look.theme import Theme, shades

Values = NDArray[np.floating[Any]]
Reduce = Callable[..., Any]
"""One of numpy's min, max and mean."""

_MOST_GHOSTS = 8

MOST_BINS = 4096
"""More than a plot has columns, so that a plot of another size looks at its bins again, not at all values."""


@dataclass(frozen=True, eq=False)
class Curves:
    """What one plot shows.

    Parameters
    ----------
    values : ndarray
        (T, units).
    units : tuple of int
        Those that are shown.
    chosen : int
        The unit drawn on top.
    quantity : str
        Gives the colour.
    low, high : float
        The range of the values' axis.
    heat : bool
        Whether as a heat map, a row for each shown unit.
    present : int
        How many of the T steps there are; what lies behind them belongs to longer batch elements and stays blank.
    ghost : ndarray, optional
        Of the run that this one is held against, (T, units); the lines of a few units show it.
    """

    values: Values
    units: tuple[int, ...]
    chosen: int
    quantity: str
    low: float
    high: float
    heat: bool
    present: int
    ghost: Values | None = None

    @property
    def rows(self) -> tuple[float, float]:
        """The bottom and top of what is drawn, in the plot's coordinates."""
        if self.heat:
            return 0.0, float(max(len(self.units), 1))
        margin = 0.06 * (self.high - self.low)
        return self.low - margin, self.high + margin

    def row_of(self, unit: int) -> float:
        """The middle of a unit's row in the heat map; the first unit is on top."""
        return len(self.units) - self.units.index(unit) - 0.5

    def pictured_like(self, other: Curves) -> bool:
        """Whether both have the same picture; a heat map has no unit on top."""
        if self.values is not other.values or self.ghost is not other.ghost:
            return False
        chosen = other.chosen if self.heat else self.chosen
        return replace(self, chosen=chosen)._looks == other._looks

    @property
    def _looks(self) -> tuple[object, ...]:
        return self.units, self.chosen, self.quantity, self.low, self.high, self.heat, self.present


class Overview:
    """The visible steps in at most `MOST_BINS` bins, kept until there are other values or other steps to see."""

    def __init__(self) -> None:
        self._values: Values | None = None
        self._steps = (0, 0)
        self._kept: dict[Reduce, Values] = {}

    def bins(self, values: Values, steps: tuple[int, int], reduce: Reduce) -> Values:
        """Return the steps from the first up to the second of `steps`, (bins, units)."""
        if values is not self._values or steps != self._steps:
            self._values, self._steps, self._kept = values, steps, {}
        if reduce not in self._kept:
            self._kept[reduce] = _pooled(values[slice(*steps)], _bin_size(steps[1] - steps[0], MOST_BINS), reduce)
        return self._kept[reduce]


def _bin_size(count: int, most: int) -> int:
    return -(-count // max(most, 1))


def _pooled(values: Values, size: int, reduce: Reduce) -> Values:
    """Reduce each `size` rows to one, and what is left to the last; NaN makes its bin NaN."""
    if size == 1:
        return values
    count, left = divmod(len(values), size)
    # As one more axis: numpy reduces it ten times as fast as bins given by their edges.
    groups = [values[: count * size].reshape(count, size, values.shape[1]), *([values[None, -left:]] if left else [])]
    with np.errstate(invalid="ignore", over="ignore"):
        return np.concatenate([reduce(group, axis=1) for group in groups])


def draw(curves: Curves, view: QRectF, size: QSize, ratio: float, theme: Theme, overview: Overview) -> QPixmap:
    """Draw the part of the curves inside `view` (plot coordinates) as a pixmap of `size` logical pixels."""
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    if view.isEmpty() or size.isEmpty() or not curves.units:
        return pixmap
    to_pixels = QTransform.fromScale(size.width() / view.width(), -size.height() / view.height())
    to_pixels = QTransform.fromTranslate(-view.left(), -view.bottom()) * to_pixels
    painter = QPainter(pixmap)
    if curves.heat:
        _draw_heat(painter, curves, overview, _visible(curves, view), pixmap.width(), to_pixels, theme)
    else:
        _draw_lines(painter, curves, overview, _visible(curves, view), size.width(), to_pixels, theme)
    painter.end()
    return pixmap


def line_pens(curves: Curves, theme: Theme, *, crowded: bool = False) -> dict[int, QPen]:
    """Return the pen of each shown unit; the chosen one is the widest, but where steps crowd all are thin."""
    colours = shades(theme.quantities[curves.quantity], curves.values.shape[1])
    usual = 2.0 if len(curves.units) <= 8 else 1.2
    chosen = 3.2
    if crowded:
        usual, chosen = 0.8, 1.2
    pens = {}
    for unit in curves.units:
        pen = QPen(colours[unit], chosen if unit == curves.chosen else usual)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pens[unit] = pen
    return pens


def _draw_lines(
    painter: QPainter, curves: Curves, overview: Overview, steps: tuple[int, int], width: int, to_pixels: QTransform,
    theme: Theme,
) -> None:  # fmt: skip
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pens = line_pens(curves, theme, crowded=steps[1] - steps[0] > width / 2)
    order = sorted(curves.units, key=lambda unit: unit == curves.chosen)  # the chosen one last, on top
    if curves.ghost is not None:
        _draw_ghost(painter, curves.ghost, curves, steps, width, to_pixels, theme)
    t, part = _thinned(curves.values, overview, steps, order, 2 * width)
    for column, unit in enumerate(order):
        path = pg.arrayToQPath(t, part[:, column], connect="finite")
        painter.setPen(pens[unit])
        painter.drawPath(to_pixels.map(path))


def _draw_ghost(
    painter: QPainter, ghost: Values, curves: Curves, steps: tuple[int, int], width: int, to_pixels: QTransform,
    theme: Theme,
) -> None:  # fmt: skip
    """Draw the other run's lines, thin and dashed, below those of this one; of many units only the chosen one's."""
    units = list(curves.units) if len(curves.units) <= _MOST_GHOSTS else [u for u in curves.units if u == curves.chosen]
    t, part = _thinned(ghost, Overview(), steps, units, 2 * width)
    pen = QPen(QColor(theme.ghost), 1.4)
    pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    for column in range(len(units)):
        painter.drawPath(to_pixels.map(pg.arrayToQPath(t, part[:, column], connect="finite")))


def _thinned(
    values: Values, overview: Overview, steps: tuple[int, int], units: list[int], most: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return t and values, (n,) and (n, units); where there are too many to see, each bin's lowest and highest."""
    low, high = (overview.bins(values, steps, reduce)[:, units] for reduce in (np.min, np.max))
    again = _bin_size(len(low), most)
    size = again * _bin_size(steps[1] - steps[0], MOST_BINS)
    if size == 1:
        return np.arange(*steps, dtype=np.float64), low.astype(np.float64)
    low, high = _pooled(low, again, np.min), _pooled(high, again, np.max)
    ends = np.stack([low, high], axis=1).reshape(2 * len(low), -1).astype(np.float64)
    return np.repeat(np.arange(*steps, size, dtype=np.float64), 2), ends


def _draw_heat(
    painter: QPainter, curves: Curves, overview: Overview, steps: tuple[int, int], columns: int, to_pixels: QTransform,
    theme: Theme,
) -> None:  # fmt: skip
    part = overview.bins(curves.values, steps, np.mean)[:, list(curves.units)]
    again = _bin_size(len(part), columns)  # no more columns than pixels, or Qt would leave some of them out
    part = _pooled(part, again, np.mean)
    size, rows = again * _bin_size(steps[1] - steps[0], MOST_BINS), len(curves.units)
    # A cell of the map is one step wide, around its t; the last bin may reach beyond the last step.
    painter.setClipRect(to_pixels.mapRect(QRectF(steps[0] - 0.5, 0, steps[1] - steps[0], rows)))
    target = to_pixels.mapRect(QRectF(steps[0] - 0.5, 0, size * len(part), rows))
    table = quantity_colours(theme, curves.quantity, signed=curves.low < 0)
    painter.drawImage(target, coloured(part.T, curves.low, curves.high, table))


def _visible(curves: Curves, view: QRectF) -> tuple[int, int]:
    """Return the steps inside the view and one more on each side, as a half-open range."""
    steps = curves.present
    start = min(max(int(view.left()) - 1, 0), steps - 1)
    return start, max(start + 1, min(int(view.right()) + 3, steps))
