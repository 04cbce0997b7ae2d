"""A field over a number of a painted map, to type another: it stays open over what is wrong, and says why."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from gatescope.edits.edits import WeightEdit
from gatescope_app.look.theme import Theme
from gatescope_app.widgets.cell_line import CellLine

_ELSEWHERE = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)  # one will be back
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CellField(QObject):
    """Enter takes what is right and stays over what is wrong, Esc leaves what was there.

    Whoever goes elsewhere has what is right taken, and what is wrong forgotten, as in the tables.

    Parameters
    ----------
    owner : QWidget
        Gets the focus back.
    viewport : QWidget
        Where the field lies.

    Signals
    -------
    entered(WeightEdit)
        Another number was typed.
    """

    entered = Signal(object)

    def __init__(self, owner: QWidget, viewport: QWidget) -> None:
        super().__init__(owner)
        self._owner, self._viewport = owner, viewport
        self._read: Callable[[str], WeightEdit] | None = None
        self._before = ""
        self.line: CellLine | None = None

    def open(self, text: str, name: str, read: Callable[[str], WeightEdit], theme: Theme) -> None:
        """Start with a text; `read` makes the edit of what is typed, or raises GatescopeError. `place` must follow."""
        self.close()
        self._read, self._before = read, text
        self.line = CellLine(self._viewport, read, theme)
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.line.setText(text)
        self.line.setAccessibleName(name)
        self.line.selectAll()
        self.line.installEventFilter(self)

    def place(self, cell: QRectF) -> None:
        """Lie over a cell, as large as it takes to show the number in full."""
        line = self.line
        if line is None:
            return
        wanted = line.fontMetrics().horizontalAdvance(line.text()) + 20
        width, height = max(round(cell.width()), wanted), max(round(cell.height()), line.fontMetrics().height() + 4)
        room = self._viewport.rect()
        left = max(0, min(round(cell.center().x() - width / 2), room.width() - width))
        top = max(0, min(round(cell.center().y() - height / 2), room.height() - height))
        line.setGeometry(left, top, width, height)
        if line.isHidden():
            line.show()
            line.setFocus(Qt.FocusReason.OtherFocusReason)
        line.place_note()

    def close(self) -> None:
        """Forget what was typed."""
        line, self.line = self.line, None
        if line is not None:
            had_focus = line.hasFocus()
            line.removeEventFilter(self)
            line.hide()
            line.deleteLater()
            if had_focus:
                self._owner.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys that end the field, and notice when the focus leaves it."""
        if self.line is None or watched is not self.line:
            return False
        if isinstance(event, QKeyEvent) and event.key() in (*_ENTER, Qt.Key.Key_Escape):
            return self._on_key(event)
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() not in _ELSEWHERE:
            if self.line.error is None:
                self._take()
            self.close()
        return False

    def _on_key(self, event: QKeyEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # Esc is the window's as well
        elif event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.type() == QEvent.Type.KeyPress:
            self._enter()
        return True

    def _enter(self) -> None:
        assert self.line is not None
        if self.line.error is not None:
            self.line.show_error()
            return
        self._take()
        self.close()

    def _take(self) -> None:
        assert self.line is not None
        if self._read is not None and self.line.isModified() and self.line.text() != self._before:
            self.entered.emit(self._read(self.line.text()))
