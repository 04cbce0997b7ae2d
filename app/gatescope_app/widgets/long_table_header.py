"""The header of a table that may have very many rows or columns."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, Qt
from PySide6.QtWidgets import QHeaderView, QStyleOptionHeader, QWidget


class LongTableHeader(QHeaderView):
    """Numbers its sections, and does not show which of them are selected.

    Qt's own asks the model about each cell of every row and column in sight to learn that. After Ctrl+A in a table of a
    million rows this takes minutes, in which the window stands still.
    """

    def __init__(self, orientation: Qt.Orientation, parent: QWidget) -> None:
        super().__init__(orientation, parent)
        self.setSectionsClickable(True)  # a click selects the row or column

    def selectionChanged(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        """Stay as it is: Qt would paint all of it again with every row that is gone to."""

    def initStyleOptionForIndex(self, option: QStyleOptionHeader, section: int) -> None:
        """Say what is to be painted of one section."""
        option.section = section
        option.text = str(self.model().headerData(section, self.orientation()))
        option.textAlignment = self.defaultAlignment()
        option.position = self._position_of(section)

    def _position_of(self, section: int) -> QStyleOptionHeader.SectionPosition:
        position = QStyleOptionHeader.SectionPosition
        if self.count() == 1:
            return position.OnlyOneSection
        place = self.visualIndex(section)
        return position.Beginning if place == 0 else position.End if place == self.count() - 1 else position.Middle
