"""Gives the keys back to the window as soon as a person is done with typing a text or a number."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QDockWidget,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

from gatescope_app.widgets.checked_line import CheckedLine

_Editor = QLineEdit | QAbstractSpinBox | QTextEdit | QPlainTextEdit
_Standard = QKeySequence.StandardKey
_MOVES = (
    _Standard.MoveToNextChar, _Standard.MoveToPreviousChar, _Standard.MoveToNextWord, _Standard.MoveToPreviousWord,
    _Standard.MoveToStartOfLine, _Standard.MoveToEndOfLine, _Standard.MoveToStartOfDocument,
    _Standard.MoveToEndOfDocument,
)  # fmt: skip
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class EditingFocus(QObject):
    """Watches the field that is being typed into, as long as one is.

    A field takes the arrows, Home, End and Ctrl+Z before the window's shortcuts do, which is right only while something
    is being typed. So the window has them where a field is empty, or has nothing to undo; and the field loses the focus
    with Enter, with a click elsewhere, and when another panel comes in front of it.
    """

    def __init__(self, window: QMainWindow, docks: Mapping[str, QDockWidget]) -> None:
        super().__init__(window)
        self._window, self._docks = window, docks
        self._editor: _Editor | None = None
        for place in (window, *docks.values()):
            place.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # for a click on what takes no focus itself
        QApplication.instance().focusChanged.connect(self._on_focus)  # type: ignore[union-attr]  # there is one
        for dock in docks.values():
            dock.visibilityChanged.connect(lambda in_front, dock=dock: self._on_visibility(dock, in_front=in_front))

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Look at the events of the field that has the focus."""
        if self._editor is not None and isValid(self._editor):
            self._editor.removeEventFilter(self)
        self._editor = None
        if isinstance(new, _Editor) and not new.isReadOnly() and self._is_ours(new):
            self._editor = new
            new.installEventFilter(self)

    def _is_ours(self, widget: QWidget) -> bool:
        """Whether it is in the window or a panel of it, and in no dialog."""
        return any(place.isAncestorOf(widget) for place in (self._window, *self._docks.values()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the field with Enter; let keys pass that mean nothing in it."""
        if isinstance(event, QKeyEvent) and watched is self._editor:
            if event.type() == QEvent.Type.ShortcutOverride and self._means_nothing(event):
                event.ignore()
                return True
            if event.type() == QEvent.Type.KeyPress and event.key() in _ENTER:
                QTimer.singleShot(0, self._on_entered)
        return False

    def _means_nothing(self, event: QKeyEvent) -> bool:
        """Whether a key moves within an empty text, or takes back what was not typed."""
        editor = self._editor
        if editor is None or isinstance(editor, QAbstractSpinBox) or _is_in_a_cell(editor):
            return False
        text = editor.text() if isinstance(editor, QLineEdit) else editor.toPlainText()
        history = editor if isinstance(editor, QLineEdit) else editor.document()
        if event.matches(_Standard.Undo):
            return not history.isUndoAvailable()
        if event.matches(_Standard.Redo):
            return not history.isRedoAvailable()
        return not text and any(event.matches(move) for move in _MOVES)

    def _on_entered(self) -> None:
        """Leave a field whose text or number was taken; one that is wrong or empty may be typed into again."""
        editor = self._editor if self._editor is not None and isValid(self._editor) else None
        if isinstance(editor, QLineEdit):
            wrong = isinstance(editor, CheckedLine) and editor.error is not None
            if editor.text() and not wrong:
                self._leave()
        elif isinstance(editor, QAbstractSpinBox):
            self._leave()

    def _on_visibility(self, dock: QDockWidget, *, in_front: bool) -> None:
        """Leave a field that another panel lies in front of."""
        focus = QApplication.focusWidget()
        there = self._window.isVisible() and not self._window.isMinimized()
        if there and not in_front and focus is not None and dock.isAncestorOf(focus):
            self._leave()

    def _leave(self) -> None:
        self._window.setFocus(Qt.FocusReason.OtherFocusReason)


def _is_in_a_cell(editor: QWidget) -> bool:
    """Whether it was opened in a table or list, to be closed again."""
    viewport = editor.parentWidget()
    return viewport is not None and isinstance(viewport.parentWidget(), QAbstractItemView)
