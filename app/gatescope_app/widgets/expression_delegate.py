"""Editing an expression in its row of a table."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPalette
from PySide6.QtWidgets import QAbstractItemDelegate, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gatescope.expressions import Names
from gatescope.messages import GatescopeError
from gatescope_app.theme import Theme
from gatescope_app.widgets.expression_edit import ExpressionEdit

_Index = QModelIndex | QPersistentModelIndex
_ELSEWHERE = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)  # one will be back


class ExpressionDelegate(QStyledItemDelegate):
    """A field over the row; what is wrong stands below it. Enter takes what is typed, Esc leaves what was there.

    Parameters
    ----------
    names : callable
        Returns what may be used.
    change : callable
        Told the row and its new expression; may raise GatescopeError.
    theme : Theme
        The colours.
    """

    def __init__(self, names: Callable[[], Names], change: Callable[[int, str], None], theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._names, self._change = names, change
        self._editor: ExpressionEdit | None = None
        self._place = QPersistentModelIndex()

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: _Index) -> QWidget:
        """Return the field."""
        editor = self._editor = ExpressionEdit("expression", self._names(), self.theme)
        self._place = QPersistentModelIndex(index)
        editor.setParent(parent)
        editor.setAutoFillBackground(True)
        editor.setBackgroundRole(QPalette.ColorRole.Window)  # or what is wrong would not be red
        editor.set_accessible_name(self.tr("Expression"))
        editor.set_hint(self.tr("Enter takes it, Esc leaves it as it was"))
        editor.set_text(str(index.data()))
        editor.line.selectAll()
        editor.entered.connect(self._take)
        editor.line.installEventFilter(self)
        return editor

    def setEditorData(self, _editor: QWidget, _index: _Index) -> None:
        """Leave what is typed: the table may change meanwhile."""

    def setModelData(self, _editor: QWidget, _model: QAbstractItemModel, _index: _Index) -> None:
        """Leave the model: who is told of the change changes it."""

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: _Index) -> None:
        """Take the whole width, and of the rows below those that the line for what is wrong needs."""
        viewport, row = editor.parentWidget(), option.rect.height()
        height = row * -(-editor.sizeHint().height() // row)
        room = option.rect if viewport is None else viewport.rect()
        top = max(0, min(option.rect.top(), room.bottom() + 1 - height))
        editor.setGeometry(QRect(0, top, room.width(), height))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Enter and Esc that come from the field, and notice when the focus leaves it."""
        if self._editor is None:
            return False
        if watched is self._editor.line:
            if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() not in _ELSEWHERE:
                self._leave()
            return False
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                return True  # the field has told of it already
            if event.key() == Qt.Key.Key_Escape:
                self._close()
                return True
        return super().eventFilter(watched, event)

    def _take(self, text: str) -> None:
        """Have the expression changed, or say what is wrong with the new one."""
        assert self._editor is not None
        try:
            self._change(self._place.row(), text)
        except GatescopeError as error:
            self._editor.refuse(error)
        else:
            self._close()

    def _leave(self) -> None:
        """Take what is right, forget what is not."""
        editor = self._editor
        if editor is not None and editor.problem() is None and self._place.isValid():
            self._take(editor.text())
        self._close()

    def _close(self) -> None:
        editor, self._editor = self._editor, None
        if editor is not None:
            self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
