"""The sequence as a list of steps: the debugger's source code, with the current step marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QLabel, QTableView

from gatescope.edits.edits import Edit, InputEdit, TokenEdit
from gatescope.messages.message import GatescopeError
from gatescope_app.look.edit_marks import MARK, describe_edits, describe_original, edited_steps
from gatescope_app.look.tokens import escape_markup, format_token
from gatescope_app.panels.sequence.step_margin import CURRENT, SET, MarginTable, StepMarks, margin_tip
from gatescope_app.state.known_values import NOTHING, steps_present
from gatescope_app.state.session import State
from gatescope_app.widgets.box_layouts import fill_column
from gatescope_app.widgets.cell_editors import TextDelegate, TokenDelegate, format_exactly, parse_number
from gatescope_app.widgets.table_model import Column, Index, Role, TableModel
from gatescope_app.widgets.token_rows import token_rows
from gatescope_app.widgets.view import PanelParts, View

_TOKEN, _X = 2, 3  # columns; before them are the margin and t
_MOST_SHOWN = 12  # numbers of a step


class StepsModel(TableModel[int]):
    """The rows of the list, read from the state when they are painted, so that length costs nothing."""

    def __init__(self, state: State) -> None:
        super().__init__(
            (
                Column(self.mark, tooltip=self._margin_tip),
                Column(str),
                Column(self._token, tooltip=self._token_tip, edit_text=self._token_to_edit, editable=self._is_editable),
                Column(self._x, tooltip=self._x_tip, edit_text=self._x_to_edit, editable=self._is_editable),
            )
        )
        self.state = state
        self.marks = StepMarks()
        self._edits = edited_steps(state.setup.edits, state.batch)

    def show_state(self, state: State) -> None:
        """Show another state; the rows have to be painted again then."""
        if self.state.setup is not state.setup or self.state.batch != state.batch:
            self._edits = edited_steps(state.setup.edits, state.batch)
        self.state = state

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Say of the margin to screen readers what its tooltip says."""
        is_margin = role == Role.AccessibleTextRole and index.column() == 0
        return super().data(index, Role.ToolTipRole if is_margin else role)

    # what the columns say

    def mark(self, t: int) -> str:
        """Return the mark of a step, with an arrow where it is the current one."""
        return self.marks.at(t) + (CURRENT if t == self.state.cursor.t else "")

    def _margin_tip(self, t: int) -> str:
        return margin_tip(self.marks, self.state, t)

    def _token(self, t: int) -> str:
        tokens = self.state.setup.sequence.tokens
        if not self._is_present(t):
            return NOTHING
        return self._edit_mark(t, TokenEdit) + format_token(tokens[t]) if tokens else ""

    def _token_to_edit(self, t: int) -> str:
        tokens = self.state.setup.sequence.tokens
        return tokens[t] if tokens else ""

    def _token_tip(self, t: int) -> str | None:
        if not self._is_present(t):
            return None
        before = None if self.state.ghost is None else self.state.ghost.setup.sequence.tokens
        return escape_markup("\n".join(self._describe_edits(t, before[t] if before else "")))

    def _x(self, t: int) -> str:
        if not self._is_present(t):
            return NOTHING
        numbers = self._numbers(t)
        shown = " ".join(f"{value:.4g}" for value in numbers[:_MOST_SHOWN])
        return f"{self._edit_mark(t, InputEdit)}[{shown}{' …' if len(numbers) > _MOST_SHOWN else ''}]"

    def _x_to_edit(self, t: int) -> str:
        return " ".join(map(format_exactly, self._numbers(t)))

    def _x_tip(self, t: int) -> str | None:
        if not self._is_present(t):
            return None
        ghost = self.state.ghost
        before = "" if ghost is None else _in_full(ghost.setup.inputs(self.state.batch)[t])
        return escape_markup("\n".join([_in_full(self._numbers(t)), *self._describe_edits(t, before)]))

    def _is_editable(self, t: int) -> bool:
        return self.state.run is not None and self._is_present(t)

    def _is_present(self, t: int) -> bool:
        """Whether the batch element looked at has this step."""
        return t < steps_present(self.state)

    def _describe_edits(self, t: int, before: str) -> list[str]:
        """Return what was edited of a step, and what it was before."""
        if t not in self._edits:
            return []
        text = describe_edits(self._edits[t])
        return [text] if self.state.ghost is None else [text, describe_original(self.state, before)]

    def _edit_mark(self, t: int, kind: type[Edit]) -> str:
        return f"{MARK} " if any(isinstance(edit, kind) for edit in self._edits.get(t, ())) else ""

    def _numbers(self, t: int) -> Any:
        return self.state.setup.inputs(self.state.focus.batch)[t]


def _in_full(numbers: Any) -> str:
    return ", ".join(str(float(value)) for value in numbers[:64])


class StepList(MarginTable):
    """The list, with the current step in bold type."""

    bold_selection = True

    def __init__(self, model: StepsModel) -> None:
        super().__init__(model, model.mark)
        self.verticalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(150)

    def texts(self, column: int, rows: range) -> Sequence[str]:
        """Return one column of some steps; the margin is no text."""
        return super().texts(column, rows) if column else ()

    def edit(self, index: Index, *how: Any) -> Any:
        """Edit the token, else the numbers, where F2 is pressed beside them."""
        if how and how[0] == QTableView.EditTrigger.EditKeyPressed:
            places = [index.sibling(index.row(), column) for column in (_TOKEN, _X)]
            shown = [place for place in places if not self.isColumnHidden(place.column())]
            index = index if index.column() in [place.column() for place in shown] else shown[0]
        return super().edit(index, *how)


class SequenceView(View):
    """The list of steps; a click or the keyboard goes to a step, a click in the margin sets a breakpoint there."""

    def __init__(self, parts: PanelParts) -> None:
        super().__init__(parts)
        self.caption = QLabel(wordWrap=True)
        self.model = StepsModel(self.session.state)
        self.table = StepList(self.model)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self.table.margin_clicked.connect(parts.debugger.toggle)
        self.editor = parts.editor
        self._let_edit()
        fill_column(self, self.caption, self.table, margins=(4, 4, 4, 4))
        self.retranslate()

    def _let_edit(self) -> None:
        self.table.setEditTriggers(QTableView.EditTrigger.DoubleClicked | QTableView.EditTrigger.EditKeyPressed)
        tokens = TokenDelegate(self.table, self._token_choices)
        self._numbers = TextDelegate(self.table, self._edits, self.theme)
        self.table.setItemDelegateForColumn(_TOKEN, tokens)
        self.table.setItemDelegateForColumn(_X, self._numbers)
        tokens.entered.connect(self._on_token)
        self._numbers.entered.connect(lambda edits: self.editor.do(*edits))

    def retranslate(self) -> None:
        self.model.set_headers("", "t", self.tr("token"), "x")
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
        self.model.reset_rows(range(setup.steps))
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 10)
        self.table.setColumnHidden(_TOKEN, setup.sequence.tokens is None)
        for column, widest in enumerate((SET + CURRENT, "00000", self.model.columns[_TOKEN].header)):
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

    def _edits(self, index: Index, text: str) -> tuple[InputEdit, ...]:
        """Return what feeds those numbers of the step that were typed anew."""
        state, t = self.session.state, index.row()
        now, typed = state.setup.inputs(state.batch)[t], _parts(text)
        if len(typed) != len(now):
            raise GatescopeError("sequence_width", given=len(typed), expected=len(now))
        changed = {
            column: parse_number(f"x[{column}]", one)
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
