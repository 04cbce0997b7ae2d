"""How the bars of a chart are drawn, with their axes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gatescope_app.look.theme import Theme
from gatescope_app.panels.origins.bar_layout import BEFORE, BarLayout, Floats
from gatescope_app.widgets.step_labels import StepLabels

_OUTLINED = 3.0  # pixels: in narrower places an outline would hide what it surrounds
_MARGIN = 3.0  # pixels above and below the bars
_PALE, _FAINT = 30, 120  # of 255: how much is seen of the inside and of the line of what was written

_Align = Qt.AlignmentFlag


@dataclass(frozen=True)
class BarStyle:
    """The colours of a chart, and what things in it are called."""

    theme: Theme
    colour: str
    initial_name: str = ""
    tokens: tuple[str, ...] | None = None


class BarPainter:
    """Draws a chart, once.

    Parameters
    ----------
    painter : QPainter
        Of the chart, with the font of the axes.
    plot : QRectF
        The place of the bars; the axes are to the left and below.
    layout : BarLayout
        Where they lie in there.
    style : BarStyle
        Colours and names.
    """

    def __init__(self, painter: QPainter, plot: QRectF, layout: BarLayout, style: BarStyle) -> None:
        self._painter, self._plot, self._layout, self._style = painter, plot, layout, style
        self._metrics, self._theme = painter.fontMetrics(), style.theme
        low, high = layout.reach
        self._scale = (plot.height() - 2 * _MARGIN) / (high - low)
        self._zero = plot.top() + _MARGIN + high * self._scale

    def draw(self, selected: int | None, text: str) -> None:
        """Draw everything; of the selected bar also what it says."""
        self._draw_levels()
        self._draw_steps()
        self._painter.setClipRect(self._plot)
        self._draw_bars()
        if selected is not None:
            self._frame(selected)
            self._write(text)
        self._painter.setClipping(False)

    def _across(self, x: float) -> float:
        """Return where in the chart something is that lies so far from where the run begins."""
        return float(across(self._plot, x, reverse=self._layout.bars.reverse))

    def _pen(self, colour: str, width: float = 1.0) -> None:
        self._painter.setPen(QPen(QColor(colour), width))

    # the axes

    def _draw_levels(self) -> None:
        """Draw the vertical axis: zero, and the ends."""
        plot, height = self._plot, self._metrics.height()
        for value in {0.0, *self._layout.reach}:
            y = self._zero - value * self._scale
            self._pen(self._theme.grid if value else self._theme.faint)
            self._painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            top = min(max(y - height / 2, 0), plot.bottom() - height + 2)
            self._pen(self._theme.text)
            place = QRectF(0, top, plot.left() - 5, height)
            self._painter.drawText(place, _Align.AlignRight | _Align.AlignVCenter, f"{value:g}")

    def _draw_steps(self) -> None:
        """Draw the axis of t, and what the state before the first step that is shown is called."""
        layout, bars, plot = self._layout, self._layout.bars, self._plot
        name = self._style.initial_name if layout.window.start == 0 else "…"
        width = self._metrics.horizontalAdvance(name) + 2
        lead = QRectF(self._across(layout.centre(BEFORE)) - width / 2, plot.bottom() + 2, width, self._metrics.height())
        self._pen(self._theme.text)
        self._painter.drawText(lead, _Align.AlignHCenter | _Align.AlignVCenter, name)
        first, last = sorted(bars.position(number) for number in (layout.window.start, layout.window.stop - 1))

        def centre(t: int) -> float:
            return self._across(layout.centre(bars.position(t)))  # the way back is the same

        labels = StepLabels(self._painter, lead.top(), (plot.left(), plot.right()), centre, layout.slot)
        labels.draw(range(first, last + 1), bars.position(len(bars.shares) - 1), self._style.tokens, taken=lead)

    # the bars

    def _draw_bars(self) -> None:
        """Draw what was written in pale outline, and over it what is left; mark what was set by hand."""
        layout, bars, numbers = self._layout, self._layout.bars, self._layout.numbers
        share, written = bars.before(layout.window.start)
        inside, line = QColor(self._style.colour), QColor(self._style.colour)
        inside.setAlpha(_PALE)
        line.setAlpha(_FAINT)
        self._painter.setBrush(inside)
        self._painter.setPen(line if layout.slot >= _OUTLINED else Qt.PenStyle.NoPen)
        self._painter.drawRects(self._rectangles(np.array([written, *bars.written[numbers]])))
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(self._style.colour))
        self._painter.drawRects(self._rectangles(np.array([share, *bars.shares[numbers]])))
        self._painter.setBrush(QColor(self._theme.text))
        for number in numbers[bars.set_by_hand[numbers]].tolist():
            self._diamond(QPointF(self._across(layout.centre(number)), self._zero))

    def _rectangles(self, values: Floats) -> list[QRectF]:
        """Return the bars of some values; what is infinite goes beyond the end, and NaN is nothing."""
        layout, width, beyond = self._layout, self._layout.bar, 2 * self._plot.height()
        centres = np.array([layout.centre(BEFORE), *layout.centres(layout.numbers)])
        lefts = across(self._plot, centres, reverse=layout.bars.reverse) - width / 2
        heights = np.clip(-values * self._scale, -beyond, beyond)
        return [
            QRectF(left, self._zero + min(height, 0.0), width, abs(height))
            for left, height in zip(lefts.tolist(), heights.tolist(), strict=True)
            if height == height  # noqa: PLR0124 - NaN is not itself
        ]

    def _diamond(self, centre: QPointF) -> None:
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.drawPolygon([centre + QPointF(x, y) for x, y in ((-5, 0), (0, -5), (5, 0), (0, 5))])
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    # the selected bar

    def _frame(self, number: int) -> None:
        layout, plot = self._layout, self._plot
        if number in layout.window:
            width = max(layout.slot, 5.0)
            self._pen(self._theme.accent, 2.0)
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
            left = self._across(layout.centre(number)) - width / 2
            self._painter.drawRect(QRectF(left, plot.top() + 1, width, plot.height() - 2))

    def _write(self, text: str) -> None:
        """Write at the side where the run begins, which is mostly forgotten, and where there are fewer bars."""
        plot, (low, high) = self._plot, self._layout.reach
        text = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, round(plot.width()) - 24)
        place = QRectF(0, 0, self._metrics.horizontalAdvance(text) + 12, self._metrics.height() + 4)
        place.moveTop(plot.bottom() - place.height() - 4 if high < -low else plot.top() + 4)
        place.moveLeft(plot.right() - place.width() - 4 if self._layout.bars.reverse else plot.left() + 4)
        self._pen(self._theme.accent)
        self._painter.setBrush(QColor(self._theme.raised))
        self._painter.drawRect(place)
        self._pen(self._theme.text)
        self._painter.drawText(place, _Align.AlignCenter, text)


def across(plot: QRectF, x: float | Floats, *, reverse: bool) -> Floats:
    """Return the places in a chart of what lies so far from where the run begins; or the other way round."""
    return np.asarray(plot.right() - x if reverse else plot.left() + x)
