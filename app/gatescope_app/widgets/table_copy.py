"""Copying from tables and lists for spreadsheets: what is selected, with titles and all digits, parted by tabs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import StringIO

from PySide6.QtCore import QCoreApplication, QEvent, QItemSelectionModel, QItemSelectionRange, QObject, QPoint, QRect
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QTableView, QToolTip, QWidget

from gatescope.messages.message import Progress
from gatescope_app.state.worker import Worker
from gatescope_app.widgets.table_model import ArrayModel, Cells, CopiedTable, TableModel

_Key = QKeySequence.StandardKey

_AT_ONCE = 20_000  # cells that are written in a moment; more are written off the GUI thread
_MOST_CHANGING = 200_000  # where they cannot be, since the next step changes them
_MOST = 5_000_000  # cells; some 60 megabytes of text, at which spreadsheets have long given up
_PART = 1_000  # rows between two reports of progress
_SHOWN_MS = 4_000


class ClipboardWriter(QObject):
    """Puts tables into the clipboard.

    Parameters
    ----------
    widget : QWidget
        What shows them, and what is said about them.
    """

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self.worker: Worker | None = None  # made for the first table that is large

    def write(self, table: CopiedTable) -> None:
        """Copy a table; the text of a large one is written off the GUI thread."""
        if table.size > (_MOST if table.is_frozen else _MOST_CHANGING):
            self._tell(_describe_excess(table))
        elif table.size > _AT_ONCE and table.is_frozen:
            self._write_aside(table)
        else:
            _take(write_table(table))

    def _write_aside(self, table: CopiedTable) -> None:
        if self.worker is None:
            self.worker = Worker(self)
        self._tell(self.tr("Copying {count} rows…").format(count=f"{len(table.rows):,}"))
        self.worker.start(lambda progress: write_table(table, progress), self._on_written, _raise)

    def _on_written(self, text: str) -> None:
        _take(text)
        self._tell(self.tr("Copied."))

    def _tell(self, text: str) -> None:
        """Say something beside the table."""
        place = self._widget.mapToGlobal(QPoint(20, self._widget.height() // 2))
        QToolTip.showText(place, text, self._widget, QRect(), _SHOWN_MS)


class TableCopier(ClipboardWriter):
    """Takes Ctrl+C and Ctrl+A of a table or list.

    Parameters
    ----------
    view : QAbstractItemView
        Its model is a `TableModel`, an `ArrayModel`, or one of Qt's, of which the texts are copied.
    """

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        view.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take the keys before the view, which would copy the current cell as it is shown, and before the window."""
        if not isinstance(event, QKeyEvent):
            return False
        copies, selects = event.matches(_Key.Copy), event.matches(_Key.SelectAll)
        if not copies and not selects:
            return False
        if event.type() == QEvent.Type.KeyPress:
            self.copy() if copies else self.select_all()
        event.accept()
        return True

    def select_all(self) -> None:
        """Select everything."""
        self._view.selectAll()

    @property
    def can_copy(self) -> bool:
        """Whether anything is selected."""
        selection = self._view.selectionModel()
        return selection.hasSelection() or selection.currentIndex().isValid()

    def copy(self) -> None:
        """Copy what is selected."""
        table = selected_table(self._view)
        if table is not None:
            self.write(table)


def _take(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def _raise(error: Exception) -> None:
    raise error


def _describe_excess(table: CopiedTable) -> str:
    text = QCoreApplication.translate(
        "ClipboardWriter",
        "These are {count} cells, of which at most {most} can be copied at once. Select fewer rows; "
        "File > Export CSV writes a whole run.",
    )
    most = _MOST if table.is_frozen else _MOST_CHANGING
    return text.format(count=f"{table.size:,}", most=f"{most:,}")


# what is selected


def selected_table(view: QAbstractItemView) -> CopiedTable | None:
    """Return what is selected in a view, or else its current cell or row; None where there is neither."""
    selection = view.selectionModel()
    current, parts = selection.currentIndex(), selection.selection().toList()
    if not parts and not current.isValid():
        return None
    parts = parts or [QItemSelectionRange(current)]
    ranges = [(range(one.top(), one.bottom() + 1), range(one.left(), one.right() + 1)) for one in parts]
    whole_rows = view.selectionBehavior() == QAbstractItemView.SelectionBehavior.SelectRows
    there = range(view.model().columnCount()) if whole_rows else _union(part for _, part in ranges)
    columns = [column for column in there if not _is_hidden(view, column)]
    table = _table_of(view, _union(part for part, _ in ranges), columns)
    return table if len(ranges) == 1 or whole_rows else _with_gaps(table, columns, selection)


def _union(parts: Iterable[range]) -> Sequence[int]:
    """Return the numbers that are in any of the ranges, ascending; a table may have millions of rows."""
    several = list(parts)
    return several[0] if len(set(several)) == 1 else sorted(set().union(*several))


def _is_hidden(view: QAbstractItemView, column: int) -> bool:
    return isinstance(view, QTableView) and view.isColumnHidden(column)


def _table_of(view: QAbstractItemView, rows: Sequence[int], columns: Sequence[int]) -> CopiedTable:
    model = view.model()
    if isinstance(model, TableModel | ArrayModel):
        return model.copied_table(rows, columns)
    return CopiedTable([""] * len(columns), rows, lambda row: [str(model.index(row, one).data()) for one in columns])


def _with_gaps(table: CopiedTable, columns: Sequence[int], selection: QItemSelectionModel) -> CopiedTable:
    """Leave those cells empty that lie between the selected ones."""
    model = selection.model()

    def cells(row: int) -> Cells:
        texts = zip(columns, table.cells(row), strict=True)
        return [text if selection.isSelected(model.index(row, column)) else "" for column, text in texts]

    return CopiedTable(table.titles, table.rows, cells)


# as text


def write_table(table: CopiedTable, progress: Progress | None = None) -> str:
    """Return a table as spreadsheets take it: cells parted by tabs, a line for each row, the titles first.

    Titles are left out where there are none, and of a single cell.
    """
    text = StringIO()
    if any(table.titles) and table.size > 1:
        text.write(_line(table.titles))
    for done, row in enumerate(table.rows):
        if progress is not None and done % _PART == 0:
            progress(done / len(table.rows))
        text.write(_line(table.cells(row)))
    return text.getvalue().removesuffix("\n")


def _line(cells: Cells) -> str:
    return "\t".join(map(_quoted, cells)) + "\n"


def _quoted(cell: str) -> str:
    """Return a cell in quotation marks where a spreadsheet would take it apart without."""
    if cell.startswith('"') or any(mark in cell for mark in "\t\n\r"):
        doubled = cell.replace('"', '""')
        return f'"{doubled}"'
    return cell
