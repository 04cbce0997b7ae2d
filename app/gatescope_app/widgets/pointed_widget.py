"""What widgets share that are drawn by hand: they tell of the mouse over them, and go through rows with the keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QSizePolicy, QToolTip, QWidget

from gatescope_app.look.tooltips import show_tooltip

_ROWS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class PointedWidget(QWidget):
    """A widget that tells when the mouse comes, and when it goes.

    Signals
    -------
    pointed(bool)
        The mouse came over it, or left it.
    """

    pointed = Signal(bool)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.pointed.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that it is gone, and nothing more of where it was."""
        QToolTip.hideText()
        super().leaveEvent(event)
        self.pointed.emit(False)


class PaintedWidget(PointedWidget):
    """A drawing that takes all the room there is and the keys; a tooltip describes what the mouse is over."""

    usual_lines, fewest_lines = (16, 10), (6, 5)
    """How large it would like to be, and is at least: width and height in lines of type."""

    def __init__(self) -> None:
        super().__init__()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def describe_at(self, position: QPointF) -> str:
        """Return what there is to say of a place."""
        raise NotImplementedError

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        show_tooltip(event.globalPosition().toPoint(), self.describe_at(event.position()), self)

    def changeEvent(self, event: QEvent) -> None:
        """Write what is written in the drawing in another language as well."""
        if event.type() == QEvent.Type.LanguageChange:
            self.update()
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        return self._size_of(*self.usual_lines)

    def minimumSizeHint(self) -> QSize:
        """Take less where there is less."""
        return self._size_of(*self.fewest_lines)

    def _size_of(self, wide: int, high: int) -> QSize:
        return QSize(wide, high) * self.fontMetrics().height()


class PaintedScrollArea(QAbstractScrollArea):
    """A drawing that is larger than its place, and shows whether it has the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()


def rows_to_move(event: QKeyEvent) -> int:
    """Return by how many rows a key goes: Up and Down by one, where no other key is held; all others by none."""
    plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return _ROWS.get(Qt.Key(event.key()), 0) if plain else 0
