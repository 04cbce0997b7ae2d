"""Editors in the rows of tables that stay open over what is wrong."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QStyledItemDelegate, QWidget

from gatescope.messages.message import GatescopeError, Message

_Index = QModelIndex | QPersistentModelIndex
_Key = Qt.Key
_Hint = QAbstractItemDelegate.EndEditHint
_ELSEWHERE = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)  # one will be back
_TAKES = {
    _Key.Key_Return: _Hint.NoHint, _Key.Key_Enter: _Hint.NoHint,
    _Key.Key_Tab: _Hint.EditNextItem, _Key.Key_Backtab: _Hint.EditPreviousItem,
}  # fmt: skip


class CheckedEditor(Protocol):
    """What such an editor can do; it is a widget."""

    def problem(self) -> Message | None:
        """Return what is wrong with its text, None where it is right."""

    def show_problem(self) -> None:
        """Say now what is wrong."""

    def refuse(self, error: GatescopeError) -> None:
        """Say why its text was not taken, until it is changed."""


class StayingDelegate(QStyledItemDelegate):
    """Enter takes what is right and stays over what is wrong, Esc leaves what was there.

    Whoever goes elsewhere has what is right taken, and what is wrong forgotten. The model stays as it is: `take` has
    the change made.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor: CheckedEditor | None = None
        self._widget: QWidget | None = None  # the same editor
        self._field: QWidget | None = None  # what has the focus: the editor, or a part of it
        self._place = QPersistentModelIndex()

    def take(self, editor: CheckedEditor, index: _Index) -> None:
        """Have the change made; may raise GatescopeError."""
        raise NotImplementedError

    def begin(self, editor: CheckedEditor, index: _Index) -> None:
        """Look after an editor that has just been made."""
        assert isinstance(editor, QWidget)
        self._editor, self._widget, self._place = editor, editor, QPersistentModelIndex(index)
        self._field = editor.focusProxy() or editor
        if self._field is not editor:  # of which the table has this see the events
            self._field.installEventFilter(self)

    def destroyEditor(self, editor: QWidget, index: _Index) -> None:
        """Forget an editor that the table closed."""
        if editor is self._widget:
            self._editor = self._widget = self._field = None
        super().destroyEditor(editor, index)

    def setEditorData(self, _editor: QWidget, _index: _Index) -> None:
        """Leave what is typed: the table may change meanwhile."""

    def setModelData(self, _editor: QWidget, _model: QAbstractItemModel, _index: _Index) -> None:
        """Leave the model: who is told of the change changes it."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys that end an editor, and notice when the focus leaves it."""
        if self._editor is None:
            return False
        if watched is self._field and isinstance(event, QFocusEvent):
            if event.lostFocus() and event.reason() not in _ELSEWHERE:
                self._leave()
            return False
        if watched is not self._widget:
            return False
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._on_key(_Key(event.key())):
            return True
        return super().eventFilter(watched, event)

    def _on_key(self, key: Qt.Key) -> bool:
        """Tell whether a key was one that ends an editor."""
        if key == _Key.Key_Escape:
            self._close()
        elif key in _TAKES:
            self._enter(_TAKES[key])
        return key == _Key.Key_Escape or key in _TAKES

    def _enter(self, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Have the change made, or say what is wrong."""
        editor = self._editor
        assert editor is not None
        if editor.problem() is not None:
            editor.show_problem()
            return
        try:
            self.take(editor, self._place)
        except GatescopeError as error:
            editor.refuse(error)
        else:
            self._close(hint)

    def _leave(self) -> None:
        """Take what is right, forget what is not."""
        if self._place.isValid() and self._editor is not None and self._editor.problem() is None:
            self._enter(_Hint.NoHint)
        self._close()

    def _close(self, hint: QAbstractItemDelegate.EndEditHint = _Hint.NoHint) -> None:
        editor, self._editor = self._editor, None
        if editor is not None:
            self.closeEditor.emit(editor, hint)
