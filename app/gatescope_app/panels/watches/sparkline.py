"""A small picture of values over time, revealed as far as they are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from gatescope_app.look.colour_maps import quantity_colours
from gatescope_app.look.reduction import bin_size, binned
from gatescope_app.look.theme import Theme
from gatescope_app.look.unit_colours import unit_shades
from gatescope_app.widgets.heat_picture import draw_heat
from gatescope_app.widgets.ready_picture import ReadyPicture

Array = NDArray[Any]
Numbers = NDArray[np.float64]

MOST_LINES = 8
"""Vectors over more units are heat strips."""

_MOST_BINS = 1024  # more than a sparkline has columns
_MOST_ROWS = 32  # of a heat strip; more would be less than a pixel each
_MARGIN = 4  # pixels, for the dots
_TRUE = 0.9  # where bars end


@dataclass(frozen=True, eq=False)
class Spark:
    """What a sparkline shows: a summary of many steps, small enough to be kept for each of many expressions.

    Parameters
    ----------
    form : {"lines", "bars", "heat"}
        Of numbers, of truths, and of vectors over many units.
    steps : int
        T.
    size : int
        How many steps each bin stands for; the last one may stand for fewer.
    values : ndarray
        (bins, lines), or (bins, rows) of a strip; of lines (bins, 2, lines): the lowest and highest in the bin.
    low, high : float
        The range of the values.
    """

    form: Literal["lines", "bars", "heat"]
    steps: int
    size: int
    values: Numbers
    low: float
    high: float

    @classmethod
    def of(cls, values: Array) -> Spark | None:
        """Summarize values at all steps, (T,) or (T, units); None for texts.

        The range is that of all steps, known or not: the picture stays the same while it is revealed.
        """
        if values.dtype.kind not in "bf":
            return None
        steps, size = len(values), bin_size(len(values), _MOST_BINS)
        lines = values.reshape(steps, -1)
        if values.ndim == 2 and (values.dtype == bool or values.shape[1] > MOST_LINES):
            means = binned(lines, size, np.mean).astype(np.float64)
            rows = binned(means.T, bin_size(lines.shape[1], _MOST_ROWS), np.mean).T
            low, high = _range(rows)
            largest = max(abs(low), abs(high))
            return cls("heat", steps, size, rows, -largest if low < 0 else 0.0, largest or 1.0)
        if values.dtype == bool:
            return cls("bars", steps, size, binned(lines, size, np.any).astype(np.float64), 0.0, 1.0)
        ends = np.stack([binned(lines, size, end) for end in (np.fmin.reduce, np.fmax.reduce)], axis=1)
        return cls("lines", steps, size, ends.astype(np.float64), *_apart(*_range(ends)))


def _range(values: Numbers) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)


def _apart(low: float, high: float) -> tuple[float, float]:
    """Put a constant into the middle."""
    return (low, high) if high > low else (low - 1.0, high + 1.0)


class Sparkline:
    """Draws a `Spark`: once into a picture, of which each step shows as much as is known by then."""

    def __init__(self, spark: Spark, quantity: str) -> None:
        self.spark = spark
        self._quantity = quantity  # gives the colour
        self._picture = ReadyPicture()

    def step_at(self, area: QRect, x: float) -> int:
        """Return the step that is shown at a place."""
        return int(np.clip((x - area.left()) * self.spark.steps / max(area.width(), 1), 0, self.spark.steps - 1))

    def paint(self, painter: QPainter, area: QRect, theme: Theme, t: int, known: range, now: Array | None) -> None:
        """Draw what is known.

        Parameters
        ----------
        painter, area, theme
            With what, where and in which colours.
        t : int
            The step of the cursor.
        known : range
            The steps to show.
        now : ndarray, optional
            (lines,): the values at the cursor; None where they are not known.
        """
        draw = {"lines": self._draw_lines, "bars": self._draw_bars, "heat": self._draw_heat}[self.spark.form]
        place = QRect(0, 0, area.width(), area.height())
        ratio = painter.device().devicePixelRatioF()
        self._picture.prepare(area.size(), ratio, theme, lambda painter: draw(painter, place, theme))
        beyond = 0.0 if self.spark.form == "lines" else 0.5  # a bar is a step wide, a line ends at its step
        if known:
            left = area.left() if known.start == 0 else self._x(known.start - beyond, area)
            right = area.right() + 1 if known.stop == self.spark.steps else self._x(known.stop - 1 + beyond, area)
            seen = QRectF(left, area.top(), right - left, area.height())
            self._picture.reveal(painter, QPointF(area.topLeft()), seen)
        self._draw_cursor(painter, area, theme, t, now)

    def _x(self, t: float, area: QRect) -> float:
        return area.left() + (t + 0.5) * area.width() / self.spark.steps

    def _y(self, value: float, height: int) -> float:
        share = (value - self.spark.low) / (self.spark.high - self.spark.low)
        return _MARGIN + (1 - share) * (height - 2 * _MARGIN)

    def _draw_cursor(self, painter: QPainter, area: QRect, theme: Theme, t: int, now: Array | None) -> None:
        x = self._x(t, area)
        painter.setPen(QPen(QColor(theme.grid if self.spark.form == "lines" else theme.faint), 1.0))
        painter.drawLine(QLineF(x, area.top() + 1, x, area.bottom()))
        if now is None or self.spark.form == "heat":
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = 3.2 if len(now) == 1 else 2.0
        for value, colour in zip(now.tolist(), unit_shades(theme, self._quantity, len(now)), strict=True):
            if np.isfinite(value):
                place = value * _TRUE if self.spark.form == "bars" else value
                painter.setBrush(colour)
                painter.drawEllipse(QPointF(x, area.top() + self._y(place, area.height())), radius, radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    # the picture

    def _draw_lines(self, painter: QPainter, area: QRect, theme: Theme) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        zero, scale = self._y(0.0, area.height()), self._y(1.0, area.height()) - self._y(0.0, area.height())
        to_pixels = QTransform(area.width() / self.spark.steps, 0, 0, scale, self._x(0, area), zero)
        bins, ends, lines = self.spark.values.shape
        middles = np.arange(bins) * self.spark.size + (self.spark.size - 1) / 2
        points = np.where(np.isfinite(self.spark.values), self.spark.values, np.nan).reshape(bins * ends, lines)
        crowded = bins > area.width() / 2
        for line, colour in enumerate(unit_shades(theme, self._quantity, lines)):
            pen = QPen(colour, 0.8 if crowded else 1.6 if lines == 1 else 1.1)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            path = pg.arrayToQPath(np.repeat(middles, ends), points[:, line], connect="finite")
            painter.drawPath(to_pixels.map(path))

    def _draw_bars(self, painter: QPainter, area: QRect, theme: Theme) -> None:
        colour = QColor(theme.quantities[self._quantity])
        bottom, top = (round(self._y(value, area.height())) for value in (0.0, _TRUE))
        painter.fillRect(QRect(0, bottom, area.width(), 1), colour)
        colour.setAlphaF(0.55)
        width = area.width() * self.spark.size / self.spark.steps
        for start, stop in _stretches(np.flatnonzero(self.spark.values[:, 0])):
            left, right = round(start * width), round(stop * width)
            painter.fillRect(QRect(left, top, max(right - left, 1), bottom - top), colour)

    def _draw_heat(self, painter: QPainter, area: QRect, theme: Theme) -> None:
        spark, colours = self.spark, quantity_colours(theme, self._quantity, signed=self.spark.low < 0)
        place = QRectF(area.adjusted(0, 2, 0, -2))
        width = spark.steps / spark.size
        draw_heat(painter, place, spark.values, width, low=spark.low, high=spark.high, colours=colours)


def _stretches(indices: NDArray[np.intp]) -> list[tuple[int, int]]:
    """Return where runs of consecutive indices begin, and end before."""
    if not len(indices):
        return []
    breaks = np.flatnonzero(np.diff(indices) > 1)
    starts, stops = np.concatenate([[0], breaks + 1]), np.concatenate([breaks, [len(indices) - 1]])
    return [(int(indices[a]), int(indices[b]) + 1) for a, b in zip(starts, stops, strict=True)]
