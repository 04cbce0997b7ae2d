"""Choose one of the things that a file holds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QTableView,
    QWidget,
)

from gatescope.messages.message import GatescopeError, Message
from gatescope_app.dialogs.ok_cancel_dialog import OkCancelDialog
from gatescope_app.look.file_names import format_path
from gatescope_app.look.language import format_message
from gatescope_app.look.theme import Theme
from gatescope_app.state.worker import Worker
from gatescope_app.widgets.box_layouts import fill_column
from gatescope_app.widgets.problem_label import ProblemLabel
from gatescope_app.widgets.table_copy import TableCopier
from gatescope_app.widgets.table_model import Column, TableModel

_MEASURED = 100  # rows that the widths of columns are made for: all of them take long to be measured


class ChooseDialog(OkCancelDialog):
    """Reads a file off the GUI thread and lists what is in it.

    A dialog of one kind of file implements `read`, `things_of`, `titles`, `texts`, `is_called` and `choose`.
    """

    def __init__(self, theme: Theme, parent: QWidget | None, worker: Worker) -> None:
        super().__init__(parent)
        self.worker = worker
        self.path = ""
        self.file = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.model = TableModel([self._column(number, title) for number, title in enumerate(self.titles())])
        self.table = QTableView()
        self.details = QPlainTextEdit(readOnly=True)
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.problem, self.note = ProblemLabel(theme), ProblemLabel(theme)
        self.ok.setEnabled(False)
        self._set_up_table()
        self._lay_out()
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

    def _column(self, number: int, title: str) -> Column[Any]:
        def text(thing: Any) -> str:
            return self.texts(thing)[number]

        return Column(text, title, tooltip=text)

    def _set_up_table(self) -> None:
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)  # Tab leads on to the next field
        self.copier = TableCopier(self.table)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.horizontalHeader().setResizeContentsPrecision(_MEASURED)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.table.doubleClicked.connect(lambda _: self.ok.click())

    def _lay_out(self) -> None:
        extra = self.extra()
        between = () if extra is None else (extra,)
        fill_column(
            self, self.file, (self.table, 2), *between, (self.details, 1), self.note, self.problem, self.buttons
        )
        self.resize(760, 560)

    # reading

    def open_file(self, path: str, inside: str | None = None) -> None:
        """Read a file; `inside` is what to choose in it at first."""
        self.path = path
        self.file.setText(self.tr("Reading {path}…").format(path=format_path(path)))
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
        self.file.setText(format_path(self.path))
        things = self.things_of(result)
        self.model.reset_rows(things)
        self.table.resizeColumnsToContents()
        wanted = (row for row, thing in enumerate(things) if inside is not None and self.is_called(thing, inside))
        row = next(wanted, None)
        if row is None and inside is not None:
            missing = self.tr("{path} has no {name}; choose from what there is.")
            self.file.setText(missing.format(path=format_path(self.path), name=format_path(inside)))
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
            self.choose(self.model.rows[row.row()])
