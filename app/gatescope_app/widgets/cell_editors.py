"""Editors inside the cells of tables: a number or several as text, and the choice of a token."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import isfinite

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRect, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QComboBox,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gatescope.edits.edits import Edit
from gatescope.messages.message import GatescopeError
from gatescope_app.look.theme import Theme
from gatescope_app.widgets.cell_line import CellLine
from gatescope_app.widgets.checked_delegate import CheckedDelegate
from gatescope_app.widgets.checked_line import CheckedLine
from gatescope_app.widgets.number_delegate import fit_cell
from gatescope_app.widgets.table_model import LEFT, Index

_LONGEST = 40  # characters of what was typed that a message repeats


def parse_number(name: str, text: str) -> float:
    """Read what was typed as a finite number.

    Raises
    ------
    GatescopeError
        `edit_not_number`, with the name of what it was typed for.
    """
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise GatescopeError("edit_not_number", name=name, value=repr(text.strip()[:_LONGEST]))
    return number


class TextDelegate(CheckedDelegate):
    """Edits a cell's `EditRole` as text; what is wrong with it stands below it.

    The cell changes once the run that follows is complete.

    Parameters
    ----------
    table : QAbstractItemView
        Where the cells are.
    read : callable
        Given a cell's index and what was typed there; returns the edits that it asks for, or raises GatescopeError.
    theme : Theme
        The colours.
    align : Qt.AlignmentFlag
        To which side the text is set.

    Signals
    -------
    entered(tuple of Edit)
        Something else was typed.
    """

    entered = Signal(object)

    def __init__(
        self,
        table: QAbstractItemView,
        read: Callable[[Index, str], tuple[Edit, ...]],
        theme: Theme,
        align: Qt.AlignmentFlag = LEFT,
    ) -> None:
        super().__init__(table)
        self.theme = theme
        self._read, self._align = read, align

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        place = QPersistentModelIndex(index)
        line = CellLine(parent, lambda text: self._read(place, text), self.theme)
        line.setAlignment(self._align | Qt.AlignmentFlag.AlignVCenter)
        line.setAccessibleName(self.tr("New value"))
        self.begin(line, line, index)
        return line

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Round a number that there is no room for; the editor has all digits."""
        super().initStyleOption(option, index)
        fit_cell(option)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show what the cell holds, as long as nothing was typed: a run may end meanwhile."""
        assert isinstance(editor, CellLine)
        if editor.isModified():
            return
        all_selected = editor.selectedText() == editor.text()
        editor.setText(index.data(Qt.ItemDataRole.EditRole))
        if all_selected:  # or what is typed next would be added to the number instead of replacing it
            editor.selectAll()

    def setModelData(self, editor: QWidget, _model: QAbstractItemModel, index: Index) -> None:
        """Tell what was typed, where the table goes to another cell."""
        assert isinstance(editor, CellLine)
        if editor.error is None:
            self.take(editor, index)

    def take(self, line: CheckedLine, index: Index) -> None:
        """Tell what was typed, where it is something else."""
        if index.isValid() and line.isModified() and line.text() != index.data(Qt.ItemDataRole.EditRole):
            edits = self._read(index, line.text())
            line.setModified(False)
            self.entered.emit(edits)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Make room for the number in full, where its cell is narrower."""
        assert isinstance(editor, CellLine)
        text = str(index.data(Qt.ItemDataRole.EditRole))
        width = editor.fontMetrics().horizontalAdvance(text) + 20
        _place(editor, option, width)
        editor.place_note()


class TokenDelegate(QStyledItemDelegate):
    """Edits a cell by a choice of tokens.

    Signals
    -------
    entered(QModelIndex, str)
        Another one was chosen.
    """

    entered = Signal(QModelIndex, str)

    def __init__(self, parent: QAbstractItemView, choices: Callable[[], Iterable[tuple[str, str]]]) -> None:
        super().__init__(parent)
        self._choices = choices  # what is shown, and the token itself

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index) -> QWidget:
        box = QComboBox(parent)
        for shown, token in self._choices():
            box.addItem(shown, token)
        box.setAccessibleName(self.tr("New token"))
        box.activated.connect(lambda _: self._finish(box))
        QTimer.singleShot(0, box, box.showPopup)
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Choose the cell's token."""
        assert isinstance(editor, QComboBox)
        editor.setCurrentIndex(editor.findData(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, _model: QAbstractItemModel, index: Index) -> None:
        """Tell which token was chosen, where it is another."""
        assert isinstance(editor, QComboBox)
        token = editor.currentData()
        if token is not None and token != index.data(Qt.ItemDataRole.EditRole):
            self.entered.emit(index, token)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        """Make room for the arrow."""
        _place(editor, option, editor.sizeHint().width())

    def _finish(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box, QAbstractItemDelegate.EndEditHint.NoHint)


def stop_editing(table: QAbstractItemView) -> None:
    """Close the editor of the current cell, if there is one; what was typed is forgotten."""
    index = table.currentIndex()
    editor = table.indexWidget(index)
    if editor is not None:
        delegate = table.itemDelegateForIndex(index)
        delegate.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.RevertModelCache)


def _place(editor: QWidget, option: QStyleOptionViewItem, width: int) -> None:
    """Put an editor over its cell; where it needs more room, to the right, and else to the left."""
    cell, viewport = option.rect, editor.parentWidget()
    room = cell.right() + 1 if viewport is None else viewport.width()
    width = max(cell.width(), min(width, room))
    editor.setGeometry(QRect(max(0, min(cell.left(), room - width)), cell.top(), width, cell.height()))
