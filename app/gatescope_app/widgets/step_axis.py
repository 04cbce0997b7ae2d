"""The axis of t, shared by all plots over time."""

from __future__ import annotations

from math import ceil, floor
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gatescope_app.look.ticks import counts_between
from gatescope_app.look.tokens import format_token
from gatescope_app.widgets.ready_picture import ReadyPicture
from gatescope_app.widgets.step_labels import row_names

_APART = 8.0  # pixels between two labels
_BESIDE = 12.0  # pixels between the names of the rows and the plot
_ROOM, _BEYOND = 240.0, 40.0  # pixels to the left, for the names of the rows, and to the right
_WIDEST = 6.0  # lines of type that a token may be wide; a wider one is cut


class StepAxis(pg.AxisItem):
    """The axis of t, with whole numbers and the tokens under them, and at the left what either row is."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self._picture = ReadyPicture()
        self.tokens: tuple[str, ...] | None = None
        self._steps: int | None = None
        self._labels: object = None  # what they are made of
        self._widest = 0.0  # token, in pixels

    def set_steps(self, steps: int | None, tokens: tuple[str, ...] | None) -> None:
        """Label so many steps, and the tokens that they were fed, where there are some."""
        labels = (steps, tokens, row_names(tokens))
        if labels != self._labels:
            self.tokens, self._steps, self._labels = tokens, steps, labels
            self._measure()

    def set_type(self, font: QFont) -> None:
        """Take another size of type."""
        self.setStyle(tickFont=font)
        self._measure()

    def _measure(self) -> None:
        metrics = self._metrics
        widths = (metrics.horizontalAdvance(format_token(token)) for token in set(self.tokens or ()))
        self._widest = min(max(widths, default=0.0), _WIDEST * metrics.height())
        self.picture = None  # pyqtgraph keeps the old labels otherwise
        self.update()

    @property
    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self.style["tickFont"] or self.font())

    def row_names(self) -> list[str]:
        """Return what the rows of labels are."""
        return row_names(self.tokens)

    @property
    def type_height(self) -> float:
        """How high a line of type is."""
        return self._metrics.height()

    @property
    def names_width(self) -> float:
        """How much room the names of the rows need at the left."""
        return max(self._metrics.horizontalAdvance(name) for name in self.row_names()) + _BESIDE

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Return ticks at whole steps only: at both ends and as close as their labels allow."""
        first, last = max(ceil(low), 0), floor(high)
        if self._steps is not None:
            last = min(last, self._steps - 1)
        if last < first:
            return []
        room = max(self._metrics.horizontalAdvance("0" * len(str(last))), self._widest) + _APART
        least = room * (high - low) / max(size, 1.0)
        # The last label is moved to the left as far as it would stand out of the plot.
        steps = counts_between(first, last, least, 1.5 * least - (high - last))
        return [(1.0, [float(t) for t in steps])]

    def tickStrings(self, values: list[float], _scale: float, _spacing: float) -> list[str]:
        """Return each step's number, and its token."""
        return [self._label(int(t)) for t in values]

    def _label(self, t: int) -> str:
        if self.tokens is None:
            return str(t)
        token = format_token(self.tokens[t]) if t < len(self.tokens) else ""
        return f"{t}\n{self._metrics.elidedText(token, Qt.TextElideMode.ElideRight, self._widest + 1)}"

    # painting

    def boundingRect(self) -> QRectF:
        """Take the room beside the axis as well: labels are moved there, or from there."""
        area: QRectF = super().boundingRect()
        return area.adjusted(-_ROOM, 0, _BEYOND, 0)

    def paint(self, p: QPainter, opt: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Show the labels; a step of the cursor repaints what lies above them, and need not write them again."""
        area = self.boundingRect()
        if self.picture is None:  # pyqtgraph has forgotten them
            self._picture.forget()

        def draw(painter: QPainter) -> None:
            painter.translate(-area.topLeft())
            pg.AxisItem.paint(self, painter, opt, widget)

        size = QSize(ceil(area.width()), ceil(area.height()))
        self._picture.prepare(size, p.device().devicePixelRatioF(), area.getRect(), draw)
        self._picture.reveal(p, area.topLeft(), area)

    def generateDrawSpecs(self, p: QPainter) -> Any:
        """Keep the labels at both ends inside the plot."""
        specs = super().generateDrawSpecs(p)
        if specs is not None:
            right = self.size().width()
            for rect, _, _ in specs[2]:
                rect.moveRight(min(rect.right(), right))
        return specs

    def drawPicture(self, p: QPainter, axisSpec: Any, tickSpecs: Any, textSpecs: Any) -> None:
        """Write what the rows are beside the first labels."""
        super().drawPicture(p, axisSpec, tickSpecs, textSpecs)
        if textSpecs:
            top = textSpecs[0][0].top()
            place = QRectF(-_ROOM, top, _ROOM - _BESIDE, 4 * self._metrics.height())
            p.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, "\n".join(self.row_names()))
