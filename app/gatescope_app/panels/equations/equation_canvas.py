"""The sheet that equations are painted on, and where they are pointed at."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QScrollArea, QToolTip, QWidget

from gatescope_app.look.theme import Theme
from gatescope_app.panels.equations.equation_layout import Area, EquationBlock, EquationLayout, lay_out, leads_on
from gatescope_app.panels.equations.strokes import StrokePen, paint
from gatescope_app.panels.equations.typesetting import Typesetter

_LARGER = 1.45  # than the window's type: the letters of the font are small for its size
_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class EquationCanvas(QWidget):
    """Paints equations and tells what is pointed at and chosen in them.

    Signals
    -------
    pointed(str or None)
        The mouse or the keyboard is at what stands for this; see `Session.point_at`.
    chosen(Area)
        A click, or Enter: on a term, or on a symbol.
    stopped(Area)
        The keyboard went there.
    """

    pointed = Signal(object)
    chosen = Signal(object)
    stopped = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.typesetter = Typesetter(self)
        self.typesetter.arrived.connect(self._lay_out)
        self._theme = theme
        self._blocks: list[EquationBlock] = []
        self._notes: list[str] = []
        self.message = ""
        self.describe: Callable[[Area], str] = _text_of  # what is said of a place
        self._layout = EquationLayout()
        self._notes_height, self._room = 0, 0
        self._pointed: str | None = None  # by any view
        self._open: frozenset[str] = frozenset()
        self._current = 0  # the stop that the keyboard is at
        self._pen: StrokePen | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAutoFillBackground(False)

    # what is shown

    @property
    def areas(self) -> list[Area]:
        """What can be pointed at."""
        return self._layout.areas

    @property
    def blanks(self) -> list[QRectF]:
        """Where a number is still to come."""
        return self._layout.blanks

    @property
    def stops(self) -> list[Area]:
        """Where the keyboard stops."""
        return [area for area in self._layout.areas if area.stop]

    @property
    def current(self) -> Area | None:
        """Where the keyboard is."""
        stops = self.stops
        return stops[min(self._current, len(stops) - 1)] if stops else None

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme, and its size of type."""
        self._theme, self._pen = theme, None
        self._lay_out()

    def show_blocks(self, blocks: Sequence[EquationBlock], notes: Sequence[str], opened: frozenset[str]) -> None:
        """Show equations, with notes below; `opened` are the keys of the terms that are written out."""
        self._blocks, self._notes, self._open, self.message = list(blocks), list(notes), opened, ""
        self._lay_out()

    def show_message(self, message: str) -> None:
        """Say why there is no equation."""
        self._blocks, self._notes, self.message = [], [], message
        self._lay_out()

    def set_room(self, width: int) -> None:
        """Break lines where there is so much room."""
        if width != self._room:
            self._room = width
            self._lay_out()

    def highlight(self, pointed: str | None) -> None:
        """Mark whatever stands for what a view points at."""
        if pointed != self._pointed:
            self._pointed = pointed
            self.update()

    def _lay_out(self) -> None:
        if not self.isVisible():  # nothing is typeset for a panel that nobody looks at
            return
        pen = self._pen_now()
        self._layout = lay_out(self._blocks, pen, self._theme, float(self._room))
        text = "\n".join(self._notes)
        room = self._notes_rect(10_000)
        self._notes_height = self.fontMetrics().boundingRect(room.toRect(), _WRAP, text).height() if text else 0
        needed = QSize(round(self._layout.width), round(self._layout.height) + self._notes_height + self._margin)
        if needed != self.minimumSize():
            self.setMinimumSize(needed)
        self.update()

    def _pen_now(self) -> StrokePen:
        size, scale = round(_LARGER * self.fontInfo().pixelSize()), self.devicePixelRatioF()
        if self._pen is None or (self._pen.font.size, self._pen.scale) != (size, scale):
            self._pen = StrokePen(self.typesetter, size, scale)
        return self._pen

    @property
    def _margin(self) -> int:
        return self.fontMetrics().height() // 2

    def _notes_rect(self, height: float) -> QRectF:
        return QRectF(self._margin, self._layout.height, self._room - 2 * self._margin, height)

    def showEvent(self, event: QShowEvent) -> None:
        """Lay out what was to be shown meanwhile."""
        super().showEvent(event)
        self._lay_out()

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(self._theme.base))
        if self.message:
            self._paint_message(painter)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_marks(painter)
        paint(painter, self._layout.runs, self._pen_now().font)
        self._paint_lines(painter)
        if self._notes:
            painter.setFont(self.font())
            painter.setPen(QColor(self._theme.faint))
            painter.drawText(self._notes_rect(self._notes_height), _WRAP, "\n".join(self._notes))

    def _paint_message(self, painter: QPainter) -> None:
        painter.setPen(QColor(self._theme.faint))
        area = self.rect().adjusted(self._margin, self._margin, -self._margin, -self._margin)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.message)

    def _paint_marks(self, painter: QPainter) -> None:
        """Paint what lies behind the writing: what is pointed at, and where a number is to come."""
        painter.setPen(Qt.PenStyle.NoPen)
        radius = 0.15 * self._pen_now().em
        for area in self._layout.areas:
            if self._pointed is not None and area.symbol is not None and area.symbol.refers_to == self._pointed:
                painter.setBrush(_faded(self._colour_of(area), 56))
                painter.drawRoundedRect(area.rect.adjusted(-2, 0, 2, 0), radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.faint), 1, Qt.PenStyle.DotLine))
        for blank in self._layout.blanks:
            painter.drawRoundedRect(blank, radius, radius)

    def _paint_lines(self, painter: QPainter) -> None:
        """Paint the lines under terms that can be written out, beside those that are, and around the keyboard's."""
        for area in self._layout.areas:
            if area.level == 1 and area.stop and area.piece.products is not None and not area.is_left:
                opened, place = area.piece.key in self._open, self._whole(area)
                style = Qt.PenStyle.SolidLine if opened else Qt.PenStyle.DotLine
                painter.setPen(QPen(QColor(self._theme.accent if opened else self._theme.faint), 1.5, style))
                painter.drawLine(place.bottomLeft(), place.bottomRight())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.accent))
        painter.drawRects(self._layout.rules)
        current = self.current
        if current is not None and self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._theme.accent), 1.5))
            painter.drawRoundedRect(self._whole(current).adjusted(-3, -1, 3, 2), 3, 3)

    def _whole(self, area: Area) -> QRectF:
        """Return the place of all symbols of a piece."""
        rect = QRectF(area.rect)
        for other in self._layout.areas:
            if other.piece is area.piece and other.level == area.level and other.rect.top() == area.rect.top():
                rect = rect.united(other.rect)
        return rect

    def _colour_of(self, area: Area) -> str:
        quantity = area.symbol.quantity if area.symbol is not None else None
        return self._theme.quantities[quantity] if quantity is not None else self._theme.accent

    # mouse and keyboard

    def area_at(self, place: QPointF) -> Area | None:
        """Return what lies at a place."""
        return next((area for area in self._layout.areas if area.rect.contains(place)), None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        area = self.area_at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if leads_on(area) else Qt.CursorShape.ArrowCursor)
        self.pointed.emit(None if area is None or area.symbol is None else area.symbol.refers_to)

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(None)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        area = self.area_at(event.position())
        if area is None or event.button() != Qt.MouseButton.LeftButton:
            return
        stops = self.stops
        self._current = next((n for n, stop in enumerate(stops) if stop.piece is area.piece), self._current)
        self.update()
        self.chosen.emit(area)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down go from symbol to symbol; Enter and Space choose one."""
        current = self.current
        if current is not None and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._go(1 if event.key() == Qt.Key.Key_Down else -1)
        elif current is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(current)
        else:
            super().keyPressEvent(event)

    def _go(self, by: int) -> None:
        count = len(self.stops)
        self._current = (min(self._current, count - 1) + by) % count
        self._point_at_current()
        self.stopped.emit(self.current)

    def _point_at_current(self) -> None:
        current = self.current
        self.pointed.emit(current.symbol.refers_to if current is not None and current.symbol is not None else None)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Point at what the keyboard is at."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._point_at_current()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Point at nothing."""
        super().focusOutEvent(event)
        self.pointed.emit(None)

    def event(self, event: QEvent) -> bool:
        """Say of what lies under the mouse what it is."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            area = self.area_at(QPointF(event.pos()))
            text = "" if area is None else self.describe(area)
            if area is not None and text:
                QToolTip.showText(event.globalPos(), text, self, area.rect.toRect())
            else:
                QToolTip.hideText()
            return True
        return super().event(event)


class EquationScrollArea(QScrollArea):
    """Scrolls a sheet that is larger than the panel; what can be is broken to its width."""

    def __init__(self, canvas: EquationCanvas) -> None:
        super().__init__()
        self._canvas = canvas
        self.setWidget(canvas)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its canvas has it

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break lines elsewhere."""
        super().resizeEvent(event)
        self._canvas.set_room(self.viewport().width())


def _text_of(area: Area) -> str:
    return area.piece.text


def _faded(colour: str, alpha: int) -> QColor:
    result = QColor(colour)
    result.setAlpha(alpha)
    return result
