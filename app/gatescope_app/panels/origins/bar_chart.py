"""What is left of what each step wrote, as bars over the steps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip

from gatescope_app.panels.origins.bar_layout import BEFORE, BarLayout, Bars
from gatescope_app.panels.origins.bar_painting import BarPainter, BarStyle, across
from gatescope_app.widgets.pointed_widget import PaintedWidget, rows_to_move
from gatescope_app.widgets.step_labels import names_width

_GO = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class BarChart(PaintedWidget):
    """A bar for each step: solid what is left, in outline what was written; the state before at the beginning.

    Up and Down select the next larger and the next smaller bar, Enter goes to it, and so does a click.

    Signals
    -------
    picked(int)
        Go to a step, by its number in the order of the run.
    selection_moved(int)
        Another bar was selected with the keys.
    """

    picked = Signal(int)
    selection_moved = Signal(int)
    usual_lines, fewest_lines = (28, 12), (10, 6)

    def __init__(self, style: BarStyle) -> None:
        super().__init__()
        self._style = style
        self._bars: Bars | None = None
        self._window = range(0)
        self._whole = False
        self._layout: BarLayout | None = None
        self._describe: Callable[[int], str] = str
        self.selected: int | None = None

    # what is shown

    def set_style(self, style: BarStyle) -> None:
        """Take other colours and names."""
        if style != self._style:
            self._style = style
            self.update()

    def set_bars(self, bars: Bars | None, describe: Callable[[int], str]) -> None:
        """Show other bars; what each of them says is asked for when it is pointed at."""
        self._bars, self._describe = bars, describe
        if bars is None or (self.selected is not None and self.selected >= len(bars.shares)):
            self.selected = None
        self._fit()

    def show_whole(self, whole: bool) -> None:
        """Show all steps, or only those that most of the sum comes from."""
        self._whole = whole
        self._fit()

    def _fit(self) -> None:
        if self._bars is not None:
            self._window = range(self._bars.count) if self._whole else self._bars.of_interest()
        self._layout = None
        self.select(self.selected)

    @property
    def window_shown(self) -> range:
        """The numbers of the steps that have a place."""
        return self._window

    def bar_layout(self) -> BarLayout | None:
        """Return where the bars lie; None where there are none."""
        plot = self.plot()
        if self._bars is None or plot.width() <= 0 or plot.height() <= 0:
            return None
        if self._layout is None or self._layout.width != plot.width():
            self._layout = BarLayout(self._bars, self._window, plot.width())
        return self._layout

    def plot(self) -> QRectF:
        """Return the place of the bars, without the axes."""
        metrics = self.fontMetrics()
        tokens = self._style.tokens
        left = max(metrics.horizontalAdvance("-0.005") + 8, names_width(QFontMetricsF(self.font()), tokens))
        lines = 2 if tokens else 1
        return QRectF(left, 3, self.width() - left - 4, self.height() - 7 - lines * metrics.height())

    def place_of(self, number: int) -> QPointF:
        """Return the middle of a step's place."""
        layout, plot = self.bar_layout(), self.plot()
        assert layout is not None
        return QPointF(float(across(plot, layout.centre(number), reverse=layout.bars.reverse)), plot.center().y())

    def _number_at(self, position: QPointF) -> int | None:
        layout, plot = self.bar_layout(), self.plot()
        if layout is None or not plot.contains(position):
            return None
        x = position.x()
        return layout.number_at(plot.right() - x if layout.bars.reverse else x - plot.left())

    # the mouse and the keys

    def describe_at(self, position: QPointF) -> str:
        """Say what is pointed at."""
        number = self._number_at(position)
        return "" if number is None else self._describe(number)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the step that is clicked; of what comes before, to its largest."""
        number = self._number_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or number is None or self._bars is None:
            return
        if number != BEFORE:
            self._go(number)
        elif self._window.start > 0:
            self._go(int(np.abs(self._bars.shares[: self._window.start]).argmax()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Select a bar with Up and Down, and go there with Enter."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        if rows_to_move(event):
            self._select_next(rows_to_move(event))
        elif plain and key in _GO and self.selected is not None:
            self._go(self.selected)
        else:
            super().keyPressEvent(event)

    def _select_next(self, by: int) -> None:
        layout = self.bar_layout()
        if layout is None:
            return
        ranked = layout.by_size().tolist()
        place = min(max(ranked.index(self.selected) + by, 0), len(ranked) - 1) if self.selected in ranked else 0
        self.select(ranked[place])
        self.selection_moved.emit(ranked[place])

    def select(self, number: int | None) -> None:
        """Mark a bar and write in the chart what it says."""
        self.selected = number
        self.setAccessibleDescription("" if number is None else self._describe(number))
        self.update()

    def _go(self, number: int) -> None:
        QToolTip.hideText()
        self.picked.emit(number)

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the chart; without bars its empty place."""
        painter, plot, layout = QPainter(self), self.plot(), self.bar_layout()
        painter.fillRect(plot, QColor(self._style.theme.base))
        if layout is not None:
            text = "" if self.selected is None else self._describe(self.selected)
            BarPainter(painter, plot, layout, self._style).draw(self.selected, text)
        painter.setPen(QColor(self._style.theme.accent if self.hasFocus() else self._style.theme.grid))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(plot)
