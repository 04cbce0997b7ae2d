"""Editing an expression in its row of a table."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from gatescope.debugging.expressions.names import Names
from gatescope_app.look.theme import Theme
from gatescope_app.widgets.checked_delegate import CheckedDelegate
from gatescope_app.widgets.checked_line import CheckedLine
from gatescope_app.widgets.expression_edit import ExpressionEdit
from gatescope_app.widgets.table_model import Index


class ExpressionDelegate(CheckedDelegate):
    """A field over the row; what is wrong stands below it.

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

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = ExpressionEdit("expression", self._names(), self.theme)
        editor.setParent(parent)
        editor.setAutoFillBackground(True)
        editor.setBackgroundRole(QPalette.ColorRole.Window)  # or what is wrong would not be red
        editor.line.setAccessibleName(self.tr("Expression"))
        editor.set_hint(self.tr("Enter takes it, Esc leaves it as it was"))
        editor.line.setText(str(index.data()))
        editor.line.selectAll()
        self.begin(editor, editor.line, index)
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        """Take the whole width, and of the rows below those that the line for what is wrong needs."""
        viewport, row = editor.parentWidget(), option.rect.height()
        height = row * -(-editor.sizeHint().height() // row)
        room = option.rect if viewport is None else viewport.rect()
        top = max(0, min(option.rect.top(), room.bottom() + 1 - height))
        editor.setGeometry(QRect(0, top, room.width(), height))

    def take(self, line: CheckedLine, index: Index) -> None:
        """Have the expression changed."""
        if index.isValid():
            self._change(index.row(), line.text().strip())
