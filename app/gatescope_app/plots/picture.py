"""Draw a quantity over time into a picture: lines, or a heat map. Drawn once, then shown as far as was stepped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap, QTransform

from gatescope_app.theme import Theme, shades

Values = NDArray[np.floating[Any]]


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
    """

    values: Values
    units: tuple[int, ...]
    chosen: int
    quantity: str
    low: float
    high: float
    heat: bool

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


def draw(curves: Curves, view: QRectF, size: QSize, ratio: float, theme: Theme) -> QPixmap:
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
        _draw_heat(painter, curves, view, size.width(), to_pixels, theme)
    else:
        _draw_lines(painter, curves, view, size.width(), to_pixels, theme)
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
    painter: QPainter, curves: Curves, view: QRectF, width: int, to_pixels: QTransform, theme: Theme
) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    start, stop = _visible(curves, view)
    pens = line_pens(curves, theme, crowded=stop - start > width / 2)
    order = sorted(curves.units, key=lambda unit: unit == curves.chosen)  # the chosen one last, on top
    t, part = _thinned(curves.values[start:stop][:, order], start, 2 * width)
    for column, unit in enumerate(order):
        path = pg.arrayToQPath(t, part[:, column], connect="finite")
        painter.setPen(pens[unit])
        painter.drawPath(to_pixels.map(path))


def _thinned(values: Values, start: int, most: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return t and values, (n,) and (n, units); where there are too many to see, each bin's lowest and highest."""
    steps = len(values)
    t = np.arange(start, start + steps, dtype=np.float64)
    if steps <= 2 * most:
        return t, values.astype(np.float64)
    edges = np.linspace(0, steps, most + 1).astype(np.intp)[:-1]
    ends = np.empty((2 * most, values.shape[1]))
    ends[::2] = np.minimum.reduceat(values, edges, axis=0)
    ends[1::2] = np.maximum.reduceat(values, edges, axis=0)
    return np.repeat(t[edges], 2), ends


def _draw_heat(
    painter: QPainter, curves: Curves, view: QRectF, width: int, to_pixels: QTransform, theme: Theme
) -> None:
    start, stop = _visible(curves, view)
    part = curves.values[start:stop, list(curves.units)]
    most = 2 * width
    if len(part) > most:  # more steps than can be seen: the mean of those that share a column
        edges = np.linspace(0, len(part), most + 1).astype(np.intp)[:-1]
        counts = np.diff(np.append(edges, len(part)))
        part = np.add.reduceat(part, edges, axis=0) / counts[:, None]
    # A cell of the map is one step wide, around its t.
    target = to_pixels.mapRect(QRectF(start - 0.5, 0, stop - start, len(curves.units)))
    painter.drawImage(target, heat_image(part.T, curves, theme))


def heat_image(rows: Values, curves: Curves, theme: Theme) -> QImage:
    """Colour numbers, (rows, columns): from the background up to the quantity's colour, or down to the other."""
    table = _colour_table(theme, curves.quantity, signed=curves.low < 0)
    with np.errstate(invalid="ignore"):
        scaled = np.clip((rows - curves.low) / (curves.high - curves.low), 0, 1) * (len(table) - 2)
    index = np.where(np.isnan(scaled), len(table) - 1, np.nan_to_num(scaled)).astype(np.intp)
    pixels = np.ascontiguousarray(table[index])  # (rows, columns) uint32
    height, columns = pixels.shape
    return QImage(pixels.data, columns, height, 4 * columns, QImage.Format.Format_RGB32).copy()


def _colour_table(theme: Theme, quantity: str, *, signed: bool) -> NDArray[np.uint32]:
    """Return 256 colours, and one more for NaN."""
    background, high, low = (QColor(c) for c in (theme.base, theme.quantities[quantity], theme.negative))
    table = [_mixed(low, background, k / 127) for k in range(128)] if signed else []
    steps = 256 - len(table)
    table += [_mixed(background, high, k / (steps - 1)) for k in range(steps)]
    return np.array([*table, QColor(theme.disabled).rgb()], dtype=np.uint32)


def _mixed(start: QColor, end: QColor, share: float) -> int:
    parts = zip(start.getRgb()[:3], end.getRgb()[:3], strict=True)  # type: ignore[index]  # PySide types it as object
    return int(QColor(*(round(a + (b - a) * share) for a, b in parts)).rgb())


def _visible(curves: Curves, view: QRectF) -> tuple[int, int]:
    """Return the steps inside the view and one more on each side, as a half-open range."""
    steps = len(curves.values)
    start = min(max(int(view.left()) - 1, 0), steps - 1)
    return start, max(start + 1, min(int(view.right()) + 3, steps))
