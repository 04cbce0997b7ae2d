"""Draw a quantity over time into a picture: lines, or a heat map. Drawn once, then shown as far as was stepped."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from gatescope_app.look.colour_maps import quantity_colours
from gatescope_app.look.line_clipping import clipped_path
from gatescope_app.look.reduction import MOST_BINS, Overview, Values, bin_size, binned
from gatescope_app.look.theme import Theme
from gatescope_app.look.unit_colours import selected_shade, unit_shades
from gatescope_app.widgets.heat_picture import draw_heat

_MOST_GHOSTS = 8
_CLEARANCE = 1.2  # pixels of background on both sides of the chosen unit's line
_BEYOND = 4.0  # pixels: a line is cut where its pen can no longer be seen


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


def draw_curves(painter: QPainter, curves: Curves, view: QRectF, size: QSize, theme: Theme, overview: Overview) -> None:
    """Draw the part of the curves inside `view` (plot coordinates) in a place of `size` pixels."""
    if view.isEmpty() or size.isEmpty() or not curves.units:
        return
    to_pixels = QTransform.fromScale(size.width() / view.width(), -size.height() / view.height())
    to_pixels = QTransform.fromTranslate(-view.left(), -view.bottom()) * to_pixels
    steps = _visible(curves, view)
    if curves.heat:
        _draw_heat(painter, curves, overview, steps, to_pixels, theme)
    else:
        _draw_lines(painter, curves, overview, steps, size, to_pixels, theme)


def line_pens(curves: Curves, theme: Theme, *, crowded: bool = False) -> dict[int, QPen]:
    """Return the pens of the shown units in the order of drawing: the chosen one is the strongest, on top, and widest.

    Where steps crowd, all are thin.
    """
    count = curves.values.shape[1]
    shades = unit_shades(theme, curves.quantity, count)
    usual, chosen = (0.8, 1.2) if crowded else (1.6 if len(curves.units) <= 8 else 1.2, 3.2)
    order = sorted(curves.units, key=lambda unit: unit == curves.chosen)
    pens = {unit: QPen(shades[unit], usual) for unit in order}
    if curves.chosen in pens:
        strongest = selected_shade(theme, curves.quantity) if count > 1 else shades[0]
        pens[curves.chosen] = QPen(strongest, chosen)
    for pen in pens.values():
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pens


def _draw_lines(
    painter: QPainter, curves: Curves, overview: Overview, steps: tuple[int, int], size: QSize, to_pixels: QTransform,
    theme: Theme,
) -> None:  # fmt: skip
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    width = size.width()
    crowded = steps[1] - steps[0] > width / 2
    pens = line_pens(curves, theme, crowded=crowded)
    if curves.ghost is not None:
        _draw_ghost(painter, curves.ghost, curves, steps, size, to_pixels, theme)
    t, part = _thinned(curves.values, overview, steps, list(pens), 2 * width)
    for column, (unit, pen) in enumerate(pens.items()):
        path = to_pixels.map(pg.arrayToQPath(t, part[:, column], connect="finite"))
        if unit == curves.chosen and len(pens) > 1 and not crowded:
            painter.setPen(QPen(QColor(theme.base), pen.widthF() + 2 * _CLEARANCE))  # keeps the others off it
            painter.drawPath(path)
        painter.setPen(pen)
        painter.drawPath(path)


def _draw_ghost(
    painter: QPainter, ghost: Values, curves: Curves, steps: tuple[int, int], size: QSize, to_pixels: QTransform,
    theme: Theme,
) -> None:  # fmt: skip
    """Draw the other run's lines, thin and dashed, below those of this one; of many units only the chosen one's."""
    units = list(curves.units) if len(curves.units) <= _MOST_GHOSTS else [u for u in curves.units if u == curves.chosen]
    t, part = _thinned(ghost, Overview(), steps, units, 2 * size.width())
    pen = QPen(QColor(theme.ghost), 1.4)
    pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    picture = QRectF(QPointF(), QSizeF(size)).adjusted(-_BEYOND, -_BEYOND, _BEYOND, _BEYOND)
    x, y = to_pixels.m11() * t + to_pixels.dx(), to_pixels.m22() * part + to_pixels.dy()
    for column in range(len(units)):
        painter.drawPath(clipped_path(x, y[:, column], picture))


def _thinned(
    values: Values, overview: Overview, steps: tuple[int, int], units: list[int], most: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return t and values, (n,) and (n, units); where there are too many to see, each bin's lowest and highest."""
    low, high = (overview.bins(values, steps, reduce)[:, units] for reduce in (np.min, np.max))
    again = bin_size(len(low), most)
    size = again * bin_size(steps[1] - steps[0], MOST_BINS)
    if size == 1:
        return np.arange(*steps, dtype=np.float64), low.astype(np.float64)
    low, high = binned(low, again, np.min), binned(high, again, np.max)
    ends = np.stack([low, high], axis=1).reshape(2 * len(low), -1).astype(np.float64)
    return np.repeat(np.arange(*steps, size, dtype=np.float64), 2), ends


def _draw_heat(
    painter: QPainter, curves: Curves, overview: Overview, steps: tuple[int, int], to_pixels: QTransform, theme: Theme,
) -> None:  # fmt: skip
    bins = overview.bins(curves.values, steps, np.mean)[:, list(curves.units)]
    count = steps[1] - steps[0]
    # A cell of the map is one step wide, around its t.
    area = to_pixels.mapRect(QRectF(steps[0] - 0.5, 0, count, len(curves.units)))
    colours = quantity_colours(theme, curves.quantity, signed=curves.low < 0)
    width = count / bin_size(count, MOST_BINS)
    draw_heat(painter, area, bins, width, low=curves.low, high=curves.high, colours=colours)


def _visible(curves: Curves, view: QRectF) -> tuple[int, int]:
    """Return the steps inside the view and one more on each side, as a half-open range."""
    steps = curves.present
    start = min(max(int(view.left()) - 1, 0), steps - 1)
    return start, max(start + 1, min(int(view.right()) + 3, steps))
