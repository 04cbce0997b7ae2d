"""Models of tables: rows of one kind with columns that are declared once, and plain arrays of numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

Row = TypeVar("Row")
Cells = Sequence[str]
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
_NOWHERE = QModelIndex()


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column of a table.

    Parameters
    ----------
    text : callable
        Returns what the column says of a row.
    header : str
        Its title.
    tooltip : callable or None
        Returns the tooltip of a row; None for the table's own.
    align : Qt.AlignmentFlag
        To which side the texts are set.
    edit_text : callable or None
        Returns what the editor of a cell begins with; None where that is the text.
    editable : callable
        Returns whether the cell of a row can be edited.
    copied : bool
        Whether it is a part of what is copied of a row: all its digits, as they begin to be edited.
    """

    text: Callable[[Row], str]
    header: str = ""
    tooltip: Callable[[Row], str | None] | None = None
    align: Qt.AlignmentFlag = LEFT
    edit_text: Callable[[Row], str] | None = None
    editable: Callable[[Row], bool] = lambda _: False
    copied: bool = True


@dataclass(frozen=True, eq=False)
class CopiedTable:
    """What is copied of a table.

    Parameters
    ----------
    titles : sequence of str
        Of the columns.
    rows : sequence of int
        Their numbers.
    cells : callable
        Returns the texts of a row.
    is_frozen : bool
        Whether these stay as they are, so that they can be read off the GUI thread.
    """

    titles: Cells
    rows: Sequence[int]
    cells: Callable[[int], Cells]
    is_frozen: bool = False

    @property
    def size(self) -> int:
        """How many cells it has."""
        return len(self.rows) * len(self.titles)


class _GridModel(QAbstractTableModel):
    """Counts its rows from 0 in the vertical header, as steps and tensors do."""

    def repaint_all(self) -> None:
        """Have all cells painted again."""
        if self.rowCount() and self.columnCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    def headerData(self, section: int, _orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        return str(section) if role == Role.DisplayRole else None

    def copied_table(self, rows: Sequence[int], columns: Sequence[int]) -> CopiedTable:
        """Return what is copied of some rows and columns."""
        raise NotImplementedError


class TableModel(_GridModel, Generic[Row]):
    """Shows rows of one kind; a text is made when it is looked at, so `rows` may be a long lazy sequence."""

    def __init__(self, columns: Sequence[Column[Row]]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self.rows: Sequence[Row] = ()
        self.is_frozen = False
        """Whether what is said of a row depends on nothing but the row, which stays as it is."""
        self.rows_title = ""
        """What the numbers in the vertical header count, where what is copied begins with them."""

    def set_headers(self, *headers: str) -> None:
        """Set the titles of the columns, in another language."""
        self.columns = tuple(replace(one, header=header) for one, header in zip(self.columns, headers, strict=True))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(headers) - 1)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows; of as many as before, the selected and edited ones stay where they are."""
        if len(rows) == len(self.rows):
            self.rows = rows
            self.repaint_all()
        else:
            self.reset_rows(rows)

    def reset_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows, and forget what was selected or edited."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def texts(self, column: int, rows: range) -> list[str]:
        """Return what a column says of some rows."""
        text = self.columns[column].text
        return [text(row) for row in self.rows[rows.start : rows.stop]]

    def copied_table(self, rows: Sequence[int], columns: Sequence[int]) -> CopiedTable:
        """Return what is copied of some rows and columns, in full."""
        chosen = [self.columns[column] for column in columns if self.columns[column].copied]
        titles, things = [column.header for column in chosen], self.rows
        if not self.rows_title:
            return CopiedTable(titles, rows, lambda row: _in_full(chosen, things[row]), self.is_frozen)
        return CopiedTable(
            [self.rows_title, *titles], rows, lambda row: [str(row), *_in_full(chosen, things[row])], self.is_frozen
        )

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return super().headerData(section, orientation, role)
        shown = role == Role.DisplayRole and 0 <= section < len(self.columns)
        return self.columns[section].header if shown else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        editable = index.isValid() and self.columns[index.column()].editable(self.rows[index.row()])
        return super().flags(index) | (Qt.ItemFlag.ItemIsEditable if editable else Qt.ItemFlag.NoItemFlags)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], self.columns[index.column()]
        if role == Role.DisplayRole:
            return column.text(row)
        if role == Role.ToolTipRole and column.tooltip is not None:
            return column.tooltip(row)
        if role == Role.EditRole:
            return (column.edit_text or column.text)(row)
        return column.align | Qt.AlignmentFlag.AlignVCenter if role == Role.TextAlignmentRole else None


def _in_full(columns: Sequence[Column[Row]], thing: Row) -> Cells:
    return [(column.edit_text or column.text)(thing) for column in columns]


class ArrayModel(_GridModel):
    """Shows an array of numbers, (rows, columns), each to be edited; a model of this kind says how one is written."""

    def __init__(self, numbers: Any) -> None:
        super().__init__()
        self.numbers = numbers

    name = ""
    """What the array is called in the titles of copied columns, as in `x[0]`."""

    def text(self, number: Any) -> str:
        """Return a number as it is shown."""
        raise NotImplementedError

    def exact_text(self, number: Any) -> str:
        """Return a number with all its digits."""
        raise NotImplementedError

    def copied_table(self, rows: Sequence[int], columns: Sequence[int]) -> CopiedTable:
        """Return what is copied of some rows and columns, with all digits."""
        numbers = self.numbers.copy()  # another one may be typed meanwhile
        return CopiedTable(
            [f"{self.name}[{column}]" for column in columns], rows,
            lambda row: [self.exact_text(numbers[row, column]) for column in columns], is_frozen=True,
        )  # fmt: skip

    def reset_numbers(self, numbers: Any) -> None:
        """Show another array, and forget what was selected or edited."""
        self.beginResetModel()
        self.numbers = numbers
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.numbers)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self.numbers.shape[1]

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | (Qt.ItemFlag.ItemIsEditable if index.isValid() else Qt.ItemFlag.NoItemFlags)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if role == Role.TextAlignmentRole:
            return RIGHT | Qt.AlignmentFlag.AlignVCenter
        shown = role == Role.DisplayRole and index.isValid()
        return self.text(self.numbers[index.row(), index.column()]) if shown else None
