"""Editors over the cells of tables and maps that stay open over what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QStyledItemDelegate, QWidget

from gatescope.messages.message import GatescopeError
from gatescope_app.widgets.checked_line import CheckedLine
from gatescope_app.widgets.table_model import Index

_Key = Qt.Key
_Hint = QAbstractItemDelegate.EndEditHint
Ends = Mapping[Qt.Key, QAbstractItemDelegate.EndEditHint]
_ELSEWHERE = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)  # one will be back
ENTER: Ends = {_Key.Key_Return: _Hint.NoHint, _Key.Key_Enter: _Hint.NoHint}


class CheckedDelegate(QStyledItemDelegate):
    """Enter takes what is right and stays over what is wrong, Esc leaves what was there.

    Whoever goes elsewhere has what is right taken, and what is wrong forgotten. The model stays as it is: `take` has
    the change made.
    """

    ends: ClassVar[Ends] = {**ENTER, _Key.Key_Tab: _Hint.EditNextItem, _Key.Key_Backtab: _Hint.EditPreviousItem}
    """The keys that take what was typed, and where to go then."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor: QWidget | None = None
        self.line: CheckedLine | None = None  # the editor itself, or a part of it
        self._place = QPersistentModelIndex()

    def take(self, line: CheckedLine, index: Index) -> None:
        """Have the change made; may raise GatescopeError. The index is none any more where its row is gone."""
        raise NotImplementedError

    def begin(self, editor: QWidget, line: CheckedLine, index: Index) -> None:
        """Look after an editor that has just been made."""
        self._editor, self.line, self._place = editor, line, QPersistentModelIndex(index)
        if line is not editor:  # of which the table has this see the events
            line.installEventFilter(self)

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        """Forget an editor that the table closed."""
        if editor is self._editor:
            self._editor = self.line = None
        super().destroyEditor(editor, index)

    def setEditorData(self, _editor: QWidget, _index: Index) -> None:
        """Leave what is typed: the table may change meanwhile."""

    def setModelData(self, _editor: QWidget, _model: QAbstractItemModel, _index: Index) -> None:
        """Leave the model: who is told of the change changes it."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys that end an editor, and notice when the focus leaves it."""
        if self.line is None:
            return False
        if watched is self.line and isinstance(event, QFocusEvent):
            if event.lostFocus() and event.reason() not in _ELSEWHERE:
                self._leave()
            return False
        if watched is not self._editor or not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == _Key.Key_Escape:
            event.accept()  # it is the window's as well
            return True
        return event.type() == QEvent.Type.KeyPress and self._on_key(_Key(event.key()))

    def _on_key(self, key: Qt.Key) -> bool:
        """Tell whether a key was one that ends an editor."""
        if key == _Key.Key_Escape:
            self.close()
        elif key in self.ends:
            self._enter(self.ends[key])
        return key == _Key.Key_Escape or key in self.ends

    def _enter(self, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Have the change made, or say what is wrong."""
        line = self.line
        assert line is not None
        if line.error is not None:
            line.show_error()
            return
        try:
            self.take(line, self._place)
        except GatescopeError as error:
            line.refuse(error)
        else:
            self.close(hint)

    def _leave(self) -> None:
        """Take what is right, forget what is not."""
        if self.line is not None and self.line.error is None:
            self._enter(_Hint.NoHint)
        self.close()

    def close(self, hint: QAbstractItemDelegate.EndEditHint = _Hint.NoHint) -> None:
        """Forget what was typed."""
        editor, self._editor, self.line = self._editor, None, None
        if editor is not None and self._is_open(editor):
            self.closeEditor.emit(editor, hint)

    def _is_open(self, editor: QWidget) -> bool:
        """Whether its table still has an editor: one over a row that goes loses the focus after it was given up."""
        table = self.parent()
        return not isinstance(table, QAbstractItemView) or table.indexWidget(self._place) is editor
