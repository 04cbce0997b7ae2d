"""Choose one of the things that a file holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gatescope.messages.message import GatescopeError, Message
from gatescope_app.look.language import format_message
from gatescope_app.look.theme import Theme
from gatescope_app.state.worker import Worker
from gatescope_app.widgets.problem_label import ProblemLabel

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class Rows(QAbstractTableModel):
    """A row of texts for each thing; a text is made when it is looked at, for a recording may hold a million."""

    def __init__(self, titles: Sequence[str], texts: Callable[[Any], Sequence[str]], parent: QWidget) -> None:
        super().__init__(parent)
        self._titles, self._texts = titles, texts
        self.things: Sequence[Any] = ()

    def set_things(self, things: Sequence[Any]) -> None:
        """List others."""
        self.beginResetModel()
        self.things = things
        self.endResetModel()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """One for each thing."""
        return 0 if parent.isValid() else len(self.things)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """One for each title."""
        return 0 if parent.isValid() else len(self._titles)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._texts(self.things[index.row()])[index.column()]
        return None

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the title of a column."""
        if way == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None


class ChooseDialog(QDialog):
    """Reads a file off the GUI thread and lists what is in it.

    A dialog of one kind of file implements `read`, `things_of`, `titles`, `texts`, `is_called` and `choose`.
    """

    def __init__(self, theme: Theme, parent: QWidget | None, worker: Worker) -> None:
        super().__init__(parent)
        self.worker = worker
        self.path = ""
        self.file = QLabel()
        self.file.setTextFormat(Qt.TextFormat.PlainText)
        self.file.setWordWrap(True)
        self.rows = Rows(self.titles(), self.texts, self)
        self.table = QTableView()
        self.details = QPlainTextEdit()
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.details.setReadOnly(True)
        self.problem, self.note = ProblemLabel(theme), ProblemLabel(theme)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setEnabled(False)
        self._set_up_table()
        self._lay_out()
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.finished.connect(lambda _: self.worker.cancel())

    def titles(self) -> Sequence[str]:
        """Return the titles of the table's columns."""
        raise NotImplementedError

    def texts(self, thing: Any) -> Sequence[str]:
        """Return what the table says of one thing, a text for each column."""
        raise NotImplementedError

    def choose(self, thing: Any) -> None:
        """Show one thing, and allow to take it where it can be used."""
        raise NotImplementedError

    def extra(self) -> QWidget | None:
        """Return what else is asked for, between the list and the details."""
        return None

    def _set_up_table(self) -> None:
        self.table.setModel(self.rows)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)  # Tab leads on to the next field
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.table.doubleClicked.connect(lambda _: self.ok.click())

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.addWidget(self.file)
        layout.addWidget(self.table, 2)
        extra = self.extra()
        if extra is not None:
            layout.addWidget(extra)
        layout.addWidget(self.details, 1)
        for widget in (self.note, self.problem, self.buttons):
            layout.addWidget(widget)
        self.resize(760, 560)

    # reading

    def open_file(self, path: str, inside: str | None = None) -> None:
        """Read a file; `inside` is what to choose in it at first."""
        self.path = path
        self.file.setText(self.tr("Reading {path}…").format(path=path))
        done = partial(self._on_read, inside)
        self.worker.start(lambda _progress: self.read(path), done, self._on_error)

    def read(self, path: str) -> Any:
        """Return what a file holds; this runs off the GUI thread."""
        raise NotImplementedError

    def things_of(self, result: Any) -> Sequence[Any]:
        """Return what there is to choose from in what was read."""
        raise NotImplementedError

    def is_called(self, thing: Any, inside: str) -> bool:
        """Return whether that is what the command line means behind `::`."""
        raise NotImplementedError

    def _on_read(self, inside: str | None, result: Any) -> None:
        self.file.setText(self.path)
        things = self.things_of(result)
        self.rows.set_things(things)
        self.table.resizeColumnsToContents()
        wanted = (row for row, thing in enumerate(things) if inside is not None and self.is_called(thing, inside))
        row = next(wanted, None)
        if row is None and inside is not None:
            text = self.tr("{path} has no {name}; choose from what there is.").format(path=self.path, name=inside)
            self.file.setText(text)
        self.table.selectRow(row or 0)
        self.table.setFocus()

    def _on_error(self, error: Exception) -> None:
        self.file.clear()
        if not isinstance(error, GatescopeError):
            raise error
        self.refuse(error.message)

    def refuse(self, message: Message) -> None:
        """Say why nothing can be taken now."""
        self.problem.show_problem(format_message(message))
        self.ok.setEnabled(False)

    def _on_row(self, row: QModelIndex) -> None:
        if row.isValid():
            self.problem.clear()
            self.choose(self.rows.things[row.row()])
