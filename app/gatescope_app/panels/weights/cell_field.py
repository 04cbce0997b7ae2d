"""A field over a number of a painted map, to type another: it stays open over what is wrong, and says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import QModelIndex, QRectF, Qt, Signal
from PySide6.QtWidgets import QWidget

from gatescope.edits.edits import WeightEdit
from gatescope_app.look.theme import Theme
from gatescope_app.widgets.cell_line import CellLine
from gatescope_app.widgets.checked_delegate import ENTER, CheckedDelegate, Ends
from gatescope_app.widgets.checked_line import CheckedLine
from gatescope_app.widgets.table_model import Index


class CellField(CheckedDelegate):
    """Follows the keys and the focus as in the tables, without a table: a map has no model.

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

    ends: ClassVar[Ends] = ENTER  # Tab goes to the next widget, and so takes what is right as well
    entered = Signal(object)

    def __init__(self, owner: QWidget, viewport: QWidget) -> None:
        super().__init__(owner)
        self._owner, self._viewport = owner, viewport
        self._read: Callable[[str], WeightEdit] | None = None
        self._before = ""
        self.closeEditor.connect(self._put_away)

    def open(self, text: str, name: str, read: Callable[[str], WeightEdit], theme: Theme) -> None:
        """Start with a text; `read` makes the edit of what is typed, or raises GatescopeError. `place` must follow."""
        self.close()
        self._read, self._before = read, text
        line = CellLine(self._viewport, read, theme)
        line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.setText(text)
        line.setAccessibleName(name)
        line.selectAll()
        line.installEventFilter(self)
        self.begin(line, line, QModelIndex())

    def place(self, cell: QRectF) -> None:
        """Lie over a cell, as large as it takes to show the number in full."""
        line = self.line
        if not isinstance(line, CellLine):
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

    def take(self, line: CheckedLine, _index: Index) -> None:
        """Tell which number was typed, where it is another."""
        if self._read is not None and line.isModified() and line.text() != self._before:
            self.entered.emit(self._read(line.text()))

    def _put_away(self, line: QWidget) -> None:
        had_focus = line.hasFocus()
        line.hide()
        line.deleteLater()
        if had_focus:
            self._owner.setFocus(Qt.FocusReason.OtherFocusReason)
