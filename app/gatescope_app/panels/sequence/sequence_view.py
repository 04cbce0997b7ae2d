"""The sequence as a list of steps: the debugger's source code, with the current step marked."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QHeaderView, QLabel, QTableView, QVBoxLayout

from gatescope.edits.edits import Edit, InputEdit, TokenEdit
from gatescope.messages.message import GatescopeError
from gatescope_app.look.edit_marks import MARK, describe_edits, describe_original, edited_steps
from gatescope_app.look.tokens import escape_markup, format_token
from gatescope_app.panels.sequence.step_margin import CURRENT, SET, MarginTable, StepMarks, margin_tip
from gatescope_app.state.known_values import NOTHING, steps_present
from gatescope_app.state.session import State
from gatescope_app.widgets.cell_editors import TextDelegate, TokenDelegate, format_exactly, number_of
from gatescope_app.widgets.token_rows import token_rows
from gatescope_app.widgets.view import PanelParts, View

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole

_COLUMNS = ("mark", "t", "token", "x")


class StepsModel(QAbstractTableModel):
    """The rows of the list, read from the state when they are painted, so that length costs nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.state: State | None = None
        self.marks = StepMarks()
        self.headers: dict[str, str] = {}
        self._edits: dict[int, list[Edit]] = {}

    def show_state(self, state: State) -> None:
        """Show another state; the rows have to be painted again then."""
        if self.state is None or self.state.setup is not state.setup or self.state.batch != state.batch:
            self._edits = edited_steps(state.setup.edits, state.batch)
        self.state = state

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
        """Return one cell's text, and as a tooltip all its numbers, or what the margin is for."""
        if self.state is None:
            return None
        t, column = index.row(), _COLUMNS[index.column()]
        if role == _Role.DisplayRole:
            return self.text(t, column)
        if role in (_Role.ToolTipRole, _Role.AccessibleTextRole) and column == "mark":
            return margin_tip(self.marks, self.state, t)
        if t >= steps_present(self.state) or column not in ("token", "x"):
            return None
        if role == _Role.EditRole:
            tokens = self.state.setup.sequence.tokens
            return tokens[t] if tokens and column == "token" else " ".join(map(format_exactly, self._numbers(t)))
        return escape_markup(self._tooltip(t, column)) if role == _Role.ToolTipRole else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Let the tokens and numbers of the steps be edited, once there is a run."""
        flags = super().flags(index)
        if self.state is None or self.state.run is None or _COLUMNS[index.column()] not in ("token", "x"):
            return flags
        return flags | Qt.ItemFlag.ItemIsEditable if index.row() < steps_present(self.state) else flags

    def _tooltip(self, t: int, column: str) -> str:
        """Return the step's numbers, what was edited of them, and what it was before."""
        assert self.state is not None
        lines = [_in_full(self._numbers(t))] if column == "x" else []
        lines += [describe_edits(self._edits[t])] if t in self._edits else []
        if t in self._edits and self.state.ghost is not None:
            before = self.state.ghost.setup
            tokens = before.sequence.tokens
            text = _in_full(before.inputs(self.state.batch)[t]) if column == "x" else tokens[t] if tokens else ""
            lines.append(describe_original(self.state, text))
        return "\n".join(lines)

    def _edited(self, t: int, kind: type[Edit]) -> bool:
        return any(isinstance(edit, kind) for edit in self._edits.get(t, ()))

    def _numbers(self, t: int) -> Any:
        assert self.state is not None
        return self.state.setup.inputs(self.state.focus.batch)[t]

    def text(self, t: int, column: str) -> str:
        """Return one cell's text."""
        assert self.state is not None
        if column == "mark":
            return self.marks.at(t) + (CURRENT if t == self.state.cursor.t else "")
        if column == "t":
            return str(t)
        if t >= steps_present(self.state) and column in ("token", "x"):
            return NOTHING
        if column == "token":
            tokens = self.state.setup.sequence.tokens
            mark = f"{MARK} " if self._edited(t, TokenEdit) else ""
            return mark + format_token(tokens[t]) if tokens else ""
        numbers, mark = self._numbers(t), f"{MARK} " if self._edited(t, InputEdit) else ""
        return f"{mark}[" + " ".join(f"{value:.4g}" for value in numbers[:12]) + (" …]" if len(numbers) > 12 else "]")


def _in_full(numbers: Any) -> str:
    return ", ".join(str(float(value)) for value in numbers[:64])


class StepList(MarginTable):
    """The list, with the current step in bold type."""

    bold_selection = True

    def texts(self, column: int, rows: range) -> list[str]:
        """Return one column of some steps; the margin is no text."""
        model = self.model()
        assert isinstance(model, StepsModel)
        return [model.text(t, _COLUMNS[column]) for t in rows] if column else []

    def mark(self, row: int) -> str:
        """Return the marks of a step."""
        model = self.model()
        assert isinstance(model, StepsModel)
        return model.text(row, "mark")

    def edit(self, index: _Index, *how: Any) -> Any:
        """Edit the token, else the numbers, where F2 is pressed beside them."""
        if how and how[0] == QTableView.EditTrigger.EditKeyPressed:
            places = [index.sibling(index.row(), _COLUMNS.index(name)) for name in ("token", "x")]
            shown = [place for place in places if not self.isColumnHidden(place.column())]
            index = index if index.column() in [place.column() for place in shown] else shown[0]
        return super().edit(index, *how)


class SequenceView(View):
    """The list of steps; a click or the keyboard goes to a step, a click in the margin sets a breakpoint there."""

    def __init__(self, parts: PanelParts) -> None:
        super().__init__(parts)
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
        self.table.margin_clicked.connect(parts.debugger.toggle)
        self.editor = parts.editor
        self._let_edit()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self.caption)
        layout.addWidget(self.table)
        self.retranslate()

    def _let_edit(self) -> None:
        self.table.setEditTriggers(QTableView.EditTrigger.DoubleClicked | QTableView.EditTrigger.EditKeyPressed)
        tokens = TokenDelegate(self.table, self._token_choices)
        self._numbers = TextDelegate(self.table, self._edits, self.theme)
        for name, delegate in (("token", tokens), ("x", self._numbers)):
            self.table.setItemDelegateForColumn(_COLUMNS.index(name), delegate)
        tokens.entered.connect(self._on_token)
        self._numbers.entered.connect(lambda edits: self.editor.do(*edits))

    def retranslate(self) -> None:
        """Set all texts again."""
        self.model.headers = {"t": "t", "token": self.tr("token"), "x": "x"}
        self.table.setAccessibleName(self.tr("Steps of the sequence"))
        self.table.setToolTip(
            self.tr(
                "Click a step to go there (Up and Down while the list has the focus). Double click its token or its "
                "numbers, or F2, to feed others"
            )
        )

    def apply(self, old: State | None, new: State) -> None:
        """Rebuild for another sequence or batch element, else move the mark."""
        self.model.show_state(new)
        self.table.theme = self._numbers.theme = self.theme
        if self.model.marks.follow(new):
            self.table.update_margin()
        if old is None or old.setup.unedited is not new.setup.unedited or old.focus.batch != new.focus.batch:
            self._rebuild(new)
        elif old.setup is not new.setup:
            self.table.viewport().update()  # not built again: another step may be in the middle of being edited
        self._follow(new.cursor.t)

    def _rebuild(self, state: State) -> None:
        setup = state.setup
        self.model.beginResetModel()
        self.model.endResetModel()
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 10)
        self.table.setColumnHidden(_COLUMNS.index("token"), setup.sequence.tokens is None)
        for column, widest in enumerate((SET + CURRENT, "00000", self.model.headers["token"])):
            self.table.setColumnWidth(column, self.fontMetrics().horizontalAdvance(widest) + 14)
        self.caption.setText(
            self.tr("{steps} steps of {width} numbers, batch of {batch}").format(
                steps=setup.steps, width=setup.sequence.width, batch=setup.batch_size
            )
            if setup.batched
            else self.tr("{steps} steps of {width} numbers").format(steps=setup.steps, width=setup.sequence.width)
        )

    def _follow(self, t: int) -> None:
        index = self.model.index(t, max(self.table.currentIndex().column(), 0))
        if not self.table.viewport().rect().contains(self.table.visualRect(index)):
            # By half a page at a time: scrolling with every step would paint the whole list each time.
            self.table.scrollTo(index, QTableView.ScrollHint.PositionAtCenter)
        self.table.setCurrentIndex(index)

    def _on_current(self, current: QModelIndex) -> None:
        if current.isValid() and current.row() != self.session.state.cursor.t:  # else it only follows the session
            self.session.run_to(current.row())

    # editing

    def _token_choices(self) -> list[tuple[str, str]]:
        state = self.session.state
        return [(format_token(token), token) for token in token_rows(state.setup, state.batch)]

    def _on_token(self, index: QModelIndex, token: str) -> None:
        state = self.session.state
        self.editor.do(TokenEdit(index.row(), token, token_rows(state.setup, state.batch)[token], state.batch))

    def _edits(self, index: _Index, text: str) -> tuple[InputEdit, ...]:
        """Return what feeds those numbers of the step that were typed anew."""
        state, t = self.session.state, index.row()
        now, typed = state.setup.inputs(state.batch)[t], _parts(text)
        if len(typed) != len(now):
            raise GatescopeError("sequence_width", given=len(typed), expected=len(now))
        changed = {
            column: number_of(f"x[{column}]", one)
            for column, (one, before) in enumerate(zip(typed, now, strict=True))
            if one != format_exactly(before)
        }
        edits = [InputEdit(t, column, value, state.batch) for column, value in changed.items() if value != now[column]]
        for edit in edits:
            edit.check(state.setup.shape)
        return tuple(edits)


def _parts(text: str) -> list[str]:
    """Return the numbers of a row as they were typed: `1 0`, `1, 0`, `1; 0`, or in brackets as they are shown."""
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1]
    return re.split(r"[\s,;]+", text.strip()) if text.strip() else []
