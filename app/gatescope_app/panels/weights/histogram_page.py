"""The histograms of a gate's blocks, side by side on one scale."""

from __future__ import annotations

from math import isnan

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gatescope.analysis.histograms import Histogram
from gatescope.messages.number_format import format_number
from gatescope_app.look.theme import Theme

_GAP = 18.0
_Align = Qt.AlignmentFlag


class HistogramPage(QWidget):
    """A histogram for each parameter, with its numbers below it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme, self.message = theme, ""
        self.histograms: tuple[Histogram, ...] = ()
        self._colour, self._bound = theme.text, 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_histograms(self, histograms: tuple[Histogram, ...], colour: str, bound: float, message: str = "") -> None:
        """Show others; `bound` is that of torch's initial numbers, `message` says why there are none."""
        self.histograms, self._colour, self._bound, self.message = histograms, colour, bound, message
        self.setAccessibleName(self.tr("Histograms of the gate's weights"))
        self.setAccessibleDescription("\n".join([message, *(self._describe(each) for each in histograms)]).strip())
        self.setToolTip("" if not histograms else self._legend_in_full())
        self.update()

    def _describe(self, one: Histogram) -> str:
        return " ".join([one.name, *self.lines(one)])

    def lines(self, one: Histogram) -> list[str]:
        """Return what stands below a histogram."""
        count = self.tr("{count} numbers").format(count=f"{one.size:,}")
        if one.odd:
            count += self.tr(", {odd} not finite").format(odd=f"{one.odd:,}")
        return [
            self.tr("mean {mean}   std {std}").format(mean=_format_number(one.mean), std=_format_number(one.deviation)),
            self.tr("min {low}   max {high}").format(low=_format_number(one.low), high=_format_number(one.high)),
            count,
        ]

    def _legend(self) -> str:
        return self.tr("┆ ±1/√H = ±{bound}: PyTorch's initial range").format(bound=format_number(self._bound))

    def _legend_in_full(self) -> str:
        return self.tr(
            "The dashed lines are at ±1/√H = ±{bound}: PyTorch draws every weight and bias evenly from between them;"
            " numbers beyond them are not its first ones"
        ).format(bound=self._bound)

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(40 * line, 10 * line)

    def minimumSizeHint(self) -> QSize:
        """Fit into a low panel."""
        line = self.fontMetrics().height()
        return QSize(12 * line, 6 * line)

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self.histograms:
            painter.setPen(QColor(self.theme.faint))
            painter.drawText(self.rect(), _Align.AlignCenter | Qt.TextFlag.TextWordWrap, self.message)
            return
        line = self.fontMetrics().height()
        width = (self.width() - 12 - _GAP * (len(self.histograms) - 1)) / len(self.histograms)
        for index, one in enumerate(self.histograms):
            area = QRectF(6 + index * (width + _GAP), 2, width, self.height() - line - 4)
            self._draw(painter, one, area, line)
        painter.setPen(QColor(self.theme.faint))
        foot = QRectF(6, self.height() - line - 1, self.width() - 12, line)
        self._text(painter, foot, self._legend(), _Align.AlignLeft)

    def _draw(self, painter: QPainter, one: Histogram, area: QRectF, line: float) -> None:
        lines = self.lines(one)
        title = QRectF(area.left(), area.top(), area.width(), line)
        painter.setPen(QColor(self.theme.text))
        self._text(painter, title, one.name, _Align.AlignLeft)
        below = (len(lines) + 1) * line + 4
        plot = QRectF(area.left(), title.bottom() + 2, area.width(), max(4.0, area.height() - line - 4 - below))
        self._bars(painter, one, plot)
        self._axis(painter, plot, line)
        painter.setPen(QColor(self.theme.text))
        for number, text in enumerate(lines):
            place = QRectF(area.left(), plot.bottom() + 4 + (number + 1) * line, area.width(), line)
            self._text(painter, place, text, _Align.AlignLeft)

    def _bars(self, painter: QPainter, one: Histogram, plot: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colour))
        most = max(1, int(one.counts.max()))
        for count, left, right in zip(one.counts, one.edges[:-1], one.edges[1:], strict=True):
            height = plot.height() * int(count) / most
            x = self._x(plot, float(left))
            wide = max(1.0, self._x(plot, float(right)) - x - (1 if len(one.counts) < plot.width() / 4 else 0))
            if count:
                painter.drawRect(QRectF(x, plot.bottom() - max(height, 1.0), wide, max(height, 1.0)))

    def _axis(self, painter: QPainter, plot: QRectF, line: float) -> None:
        """Draw the line below the bars, zero, the initial range, and what the ends are."""
        painter.setPen(QColor(self.theme.faint))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        zero = self._x(plot, 0.0)
        painter.drawLine(QPointF(zero, plot.top()), QPointF(zero, plot.bottom() + 3))
        painter.setPen(QPen(QColor(self.theme.text), 1, Qt.PenStyle.DashLine))
        for bound in (-self._bound, self._bound):
            x = self._x(plot, bound)
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        painter.setPen(QColor(self.theme.faint))
        foot = QRectF(plot.left(), plot.bottom() + 3, plot.width(), line)
        end = f"{self._end:.3g}"
        self._text(painter, foot, f"−{end}", _Align.AlignLeft)
        self._text(painter, foot, "0", _Align.AlignHCenter)
        self._text(painter, foot, end, _Align.AlignRight)

    @property
    def _end(self) -> float:
        """Where the scale that all share ends."""
        known = (abs(end) for one in self.histograms for end in (one.low, one.high) if not isnan(end))
        return max(self._bound, *known) * 1.04

    def _x(self, plot: QRectF, value: float) -> float:
        return plot.center().x() + plot.width() / 2 * max(-1.0, min(value / self._end, 1.0))

    def _text(self, painter: QPainter, place: QRectF, text: str, align: Qt.AlignmentFlag) -> None:
        fitting = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(place.width()) + 1)
        painter.drawText(place, align | _Align.AlignVCenter, fitting)


def _format_number(number: float) -> str:
    return "–" if isnan(number) else format_number(number)
