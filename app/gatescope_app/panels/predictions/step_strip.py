"""The answers over the steps, as people write them: the input, below it the prediction, below it the target."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from gatescope.analysis.class_names import ClassNames, Targets
from gatescope_app.look.fonts import in_bold
from gatescope_app.look.language import join_texts
from gatescope_app.look.theme import Theme
from gatescope_app.look.tokens import format_token
from gatescope_app.panels.predictions.signs import RIGHT, WRONG
from gatescope_app.state.known_values import NOTHING
from gatescope_app.widgets.pointed_widget import PaintedWidget

_Align = Qt.AlignmentFlag
_PADDING = 10
_WIDEST = 8  # characters of a label
_MEASURED = 500  # texts
_BY = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


@dataclass(frozen=True, eq=False)
class Strip:
    """What there is to show.

    Parameters
    ----------
    steps : int
        How many the batch element has.
    tokens : tuple of str or None
        What each step was fed.
    names : ClassNames
        The classes.
    answer : callable
        Returns the predicted class of a step; None where it is not computed yet or there is none.
    known : range
        The steps that are predicted by now.
    targets : tuple or None
        The right class of each step.
    """

    steps: int
    tokens: tuple[str, ...] | None
    names: ClassNames
    answer: Callable[[int], int | None]
    known: range
    targets: Targets | None

    def predicted(self, t: int) -> int | None:
        """Return the class that is predicted; None before its time."""
        return self.answer(t) if t in self.known else None

    def target(self, t: int) -> int | None:
        """Return the class that is right, where somebody told."""
        return None if self.targets is None else self.targets[t]

    def mark(self, t: int) -> str:
        """Return whether the prediction is right; nothing where that is open."""
        predicted, target = self.predicted(t), self.target(t)
        if predicted is None or target is None:
            return ""
        return RIGHT if predicted == target else WRONG


class StepStrip(PaintedWidget):
    """A column for each step; a click goes there, and so do Left and Right.

    Signals
    -------
    picked(int)
        Go to this step.
    """

    picked = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._strip: Strip | None = None
        self._t = self._first = 0
        self._titles: dict[str, str] = {}
        self._heading = self._column = 1  # widths
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # what is shown

    def set_titles(self, titles: dict[str, str]) -> None:
        """Call the rows `t`, `token`, `predicted` and `target` so."""
        self._titles = titles

    def show_strip(self, strip: Strip, t: int) -> None:
        """Show other things altogether."""
        rows = self.rows()
        self._strip = strip
        self._t = t
        self._measure()
        self._scroll_to(t)
        if self.rows() != rows:
            self.updateGeometry()
        self.update()

    def move_to(self, t: int, known: range) -> None:
        """Show the same at another step, by which others are known."""
        strip, before = self._strip, self._t
        if strip is None:
            return
        self._strip, self._t = replace(strip, known=known), t
        if self._scroll_to(t):
            self.update()
            return
        for step in {before, t, *_differing(strip.known, known, self.window_shown)}:
            self.update(self.place_of(step))

    def rows(self) -> list[str]:
        """Return which rows there are."""
        strip = self._strip
        there = {"token": strip is not None and strip.tokens, "target": strip is not None and strip.targets}
        return [name for name in ("t", "token", "predicted", "target") if there.get(name, True)]

    def _measure(self) -> None:
        metrics, strip = self.fontMetrics(), self._strip
        assert strip is not None
        bold = QFontMetrics(in_bold(self.font()))
        self._heading = 2 * _PADDING + max(map(metrics.horizontalAdvance, self._titles.values()), default=0)
        labels = _width(strip.names.labels or (str(strip.names.count - 1),), bold)
        fed = max(bold.horizontalAdvance(str(strip.steps - 1)), _width(strip.tokens or (), bold))
        self._column = _PADDING + max(labels + bold.horizontalAdvance(f" {WRONG}"), fed)

    def _scroll_to(self, t: int) -> bool:
        """Bring a step into sight, by half the width at a time; return whether that moved anything."""
        strip, count = self._strip, self._count()
        assert strip is not None
        last = max(0, strip.steps - count)
        first = self._first if self._first <= t < self._first + count else t - count // 2
        first = max(0, min(first, last))
        moved, self._first = first != self._first, first
        return moved

    def _count(self) -> int:
        return max(1, (self.width() - self._heading) // self._column)

    @property
    def window_shown(self) -> range:
        """The steps that have a place."""
        steps = 0 if self._strip is None else self._strip.steps
        return range(self._first, min(self._first + self._count(), steps))

    def place_of(self, t: int) -> QRect:
        """Return where the column of a step is."""
        return QRect(self._heading + (t - self._first) * self._column, 0, self._column, self.height())

    def _step_at(self, x: float) -> int | None:
        t = self._first + int((x - self._heading) // self._column)
        return t if x >= self._heading and t in self.window_shown else None

    def describe_step(self, t: int) -> str:
        """Say what a column shows, in words."""
        strip = self._strip
        if strip is None:
            return ""
        texts = [f"t = {t}"]
        for name in self.rows()[1:]:
            texts.append(f"{self._titles[name]} {self.text(name, t)}")
        return join_texts(texts)

    # the mouse and the keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        t = self._step_at(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and t is not None:
            self.picked.emit(t)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the step beside."""
        by = _BY.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.picked.emit(self._t + by)

    def describe_at(self, position: QPointF) -> str:
        """Say what is pointed at; beside the steps what the keys do."""
        t = self._step_at(position.x())
        return self.toolTip() if t is None else self.describe_step(t)

    # size and painting

    def sizeHint(self) -> QSize:
        return QSize(240, len(self.rows()) * self._line + 4)

    def minimumSizeHint(self) -> QSize:
        """Keep all lines."""
        return QSize(80, self.sizeHint().height())

    @property
    def _line(self) -> int:
        return self.fontMetrics().height() + 2

    def resizeEvent(self, event: Any) -> None:
        """Keep the step in sight."""
        super().resizeEvent(event)
        if self._strip is not None:
            self._scroll_to(self._t)

    def changeEvent(self, event: QEvent) -> None:
        """Take another size of type."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._strip is not None:
            self._measure()
            self._scroll_to(self._t)
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the titles, and the columns that need it."""
        if self._strip is None:
            return
        painter = QPainter(self)
        fonts = self.font(), in_bold(self.font())
        painter.fillRect(event.rect(), QColor(self.theme.base))
        if event.rect().left() < self._heading:
            painter.setPen(QColor(self.theme.faint))
            for number, name in enumerate(self.rows()):
                place = QRect(_PADDING, 2 + number * self._line, self._heading - _PADDING, self._line)
                painter.drawText(place, _Align.AlignLeft | _Align.AlignVCenter, self._titles.get(name, ""))
        for t in self.window_shown:
            area = self.place_of(t)
            if event.region().intersects(area):
                painter.setFont(fonts[t == self._t])
                self._draw_column(painter, t, area)

    def _draw_column(self, painter: QPainter, t: int, area: QRect) -> None:
        if t == self._t:
            painter.fillRect(area, QColor(self.theme.raised))
            painter.setPen(QColor(self.theme.accent if self.hasFocus() else self.theme.faint))
            painter.drawRect(area.adjusted(0, 0, -1, -1))
        for number, name in enumerate(self.rows()):
            place = QRect(area.left(), 2 + number * self._line, area.width(), self._line)
            painter.setPen(QColor(self._colour(name, t)))
            painter.drawText(place, _Align.AlignCenter, self.text(name, t))

    def text(self, name: str, t: int) -> str:
        """Return what a row says of a step."""
        strip = self._strip
        assert strip is not None
        if name == "t":
            return str(t)
        if name == "token":
            return _short(strip.tokens[t]) if strip.tokens else ""
        number = strip.predicted(t) if name == "predicted" else strip.target(t)
        label = NOTHING if number is None else _short(strip.names[number])
        return f"{label} {strip.mark(t)}".rstrip() if name == "predicted" else label

    def _colour(self, name: str, t: int) -> str:
        strip, theme = self._strip, self.theme
        assert strip is not None
        if name == "predicted":
            return {RIGHT: theme.matches, WRONG: theme.differs}.get(strip.mark(t), theme.text)
        return theme.faint if name == "t" else theme.text


def _differing(one: range, other: range, window: range) -> Iterable[int]:
    """Return the steps in sight that only one of two ranges has."""
    return (t for t in window if (t in one) != (t in other))


def _width(texts: Iterable[str], metrics: QFontMetrics) -> int:
    """Return the room that the widest of some texts takes; of very many only the longest are measured."""
    longest = sorted(set(map(_short, set(texts))), key=len)[-_MEASURED:]
    return max(map(metrics.horizontalAdvance, longest), default=0)


def _short(text: str) -> str:
    text = format_token(text)
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"
