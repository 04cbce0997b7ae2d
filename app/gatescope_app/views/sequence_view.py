"""The sequence as a list of steps: the debugger's source code, with the current step marked."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QHeaderView, QLabel, QTableView, QVBoxLayout

from gatescope_app.presence import NOTHING, steps_present
from gatescope_app.session import Session, State
from gatescope_app.theme import Theme
from gatescope_app.tokens import visible
from gatescope_app.view import View
from gatescope_app.widgets.plain_table import PlainTable

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole

_COLUMNS = ("mark", "t", "token", "x")


class StepsModel(QAbstractTableModel):
    """The rows of the list, read from the state when they are painted, so that length costs nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.state: State | None = None
        self.headers: dict[str, str] = {}

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        """Return T."""
        return 0 if self.state is None or parent.isValid() else self.state.setup.steps

    def columnCount(self, _parent: _Index = QModelIndex()) -> int:
        """Return the number of columns."""
        return len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:
        """Return a column's title."""
        if orientation == Qt.Orientation.Horizontal and role == _Role.DisplayRole:
            return self.headers.get(_COLUMNS[section], "")
        return None

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        """Return one cell's text, and all its numbers as a tooltip."""
        if self.state is None:
            return None
        t, column = index.row(), _COLUMNS[index.column()]
        if role == _Role.DisplayRole:
            return self.text(t, column)
        if role == _Role.ToolTipRole and column == "x" and t < steps_present(self.state):
            return ", ".join(str(float(value)) for value in self._numbers(t)[:64])
        return None

    def _numbers(self, t: int) -> Any:
        assert self.state is not None
        return self.state.setup.inputs(self.state.focus.batch)[t]

    def text(self, t: int, column: str) -> str:
        """Return one cell's text."""
        assert self.state is not None
        if column == "mark":
            return "➤" if t == self.state.cursor.t else ""
        if column == "t":
            return str(t)
        if t >= steps_present(self.state) and column in ("token", "x"):
            return NOTHING
        if column == "token":
            tokens = self.state.setup.sequence.tokens
            return visible(tokens[t]) if tokens else ""
        numbers = self._numbers(t)
        return "[" + " ".join(f"{value:.4g}" for value in numbers[:12]) + (" …]" if len(numbers) > 12 else "]")


class StepList(PlainTable):
    """The list, with the current step in bold type."""

    bold_selection = True

    def texts(self, column: int, rows: range) -> list[str]:
        """Return one column of some steps."""
        model = self.model()
        assert isinstance(model, StepsModel)
        return [model.text(t, _COLUMNS[column]) for t in rows]


class SequenceView(View):
    """The list of steps; a click or the keyboard goes to a step."""

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__(session, theme)
        self.caption = QLabel()
        self.caption.setWordWrap(True)
        self.model = StepsModel()
        self.table = StepList()
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.setTabKeyNavigation(False)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.setMinimumWidth(150)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self.caption)
        layout.addWidget(self.table)
        self.retranslate()

    def retranslate(self) -> None:
        """Set all texts again."""
        self.model.headers = {"t": "t", "token": self.tr("token"), "x": "x"}
        self.table.setAccessibleName(self.tr("Steps of the sequence"))
        self.table.setToolTip(self.tr("Click a step to go there (Up and Down while the list has the focus)"))

    def apply(self, old: State | None, new: State) -> None:
        """Rebuild for another sequence or batch element, else move the mark."""
        self.model.state = new
        if old is None or old.setup is not new.setup or old.focus.batch != new.focus.batch:
            self._rebuild(new)
        self._follow(new.cursor.t)

    def _rebuild(self, state: State) -> None:
        setup = state.setup
        self.model.beginResetModel()
        self.model.endResetModel()
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 10)
        self.table.setColumnHidden(_COLUMNS.index("token"), setup.sequence.tokens is None)
        for column, widest in enumerate(("➤", "00000", self.model.headers["token"])):
            self.table.setColumnWidth(column, self.fontMetrics().horizontalAdvance(widest) + 14)
        self.caption.setText(
            self.tr("{steps} steps of {width} numbers, batch of {batch}").format(
                steps=setup.steps, width=setup.sequence.width, batch=setup.batch_size
            )
            if setup.batched
            else self.tr("{steps} steps of {width} numbers").format(steps=setup.steps, width=setup.sequence.width)
        )

    def _follow(self, t: int) -> None:
        index = self.model.index(t, 0)
        if not self.table.viewport().rect().contains(self.table.visualRect(index)):
            # By half a page at a time: scrolling with every step would paint the whole list each time.
            self.table.scrollTo(index, QTableView.ScrollHint.PositionAtCenter)
        # The table tells of this move as of a click; the session is there already, so nothing more comes of it.
        self.table.setCurrentIndex(index)

    def _on_current(self, current: QModelIndex) -> None:
        if current.isValid():
            self.session.run_to(current.row())
