"""The sequence as a list of steps: the debugger's source code, with the current step marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtGui import QFontMetrics, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QTableView

from gatescope.edits.edits import Edit, InputEdit, TokenEdit
from gatescope.messages.message import GatescopeError
from gatescope_app.look.edit_marks import MARK, describe_edits, describe_original, edited_steps
from gatescope_app.look.fonts import in_bold
from gatescope_app.look.tokens import escape_markup, format_token
from gatescope_app.panels.sequence.step_margin import CURRENT, SET, MarginTable, StepMarks, margin_tip
from gatescope_app.state.known_values import NOTHING, steps_present
from gatescope_app.state.runs import Setup
from gatescope_app.state.session_state import State
from gatescope_app.widgets.box_layouts import fill_column
from gatescope_app.widgets.cell_editors import TextDelegate, TokenDelegate, parse_number
from gatescope_app.widgets.context_menu import ContextMenu
from gatescope_app.widgets.long_table_header import LongTableHeader
from gatescope_app.widgets.number_texts import NumberWidths, fit_numbers, format_exactly
from gatescope_app.widgets.table_model import Cells, Column, CopiedTable, Index, Role, TableModel
from gatescope_app.widgets.token_rows import token_rows
from gatescope_app.widgets.view import PanelParts, View

_TOKEN, _X = 2, 3  # columns; before them are the margin and t
_MOST_SHOWN = 64  # numbers of a step, as many as the widest panel has room for
_FEWEST_SHOWN = 3  # numbers; where there is room for fewer, they have fewer digits
_MOST_IN_TIP = 512
_IN_LINE = 10  # numbers of a tooltip


class StepsModel(TableModel[int]):
    """The rows of the list, read from the state when they are painted, so that length costs nothing."""

    def __init__(self, state: State) -> None:
        super().__init__(
            (
                Column(self.mark, tooltip=self._margin_tip, copied=False),
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
        """Say all numbers of a step to who reads the list in another way than by looking at it."""
        return self.fit_x(t, 0, lambda _: 0)

    def fit_x(self, t: int, room: int, measure: Callable[[str], int]) -> str:
        """Return the first numbers of a step, as many as there is room for, and how many there are in all."""
        if not self._is_present(t):
            return NOTHING
        numbers, mark = self._numbers(t), self._edit_mark(t, InputEdit)
        room -= measure(mark)
        most = min(_MOST_SHOWN, max(room, 0) // measure("0 ") + 1) if room else _MOST_SHOWN
        for digits in (4, 2):
            texts = [f"{value:.{digits}g}" for value in numbers[:most].tolist()]
            text = fit_numbers(texts, len(numbers), room, measure)
            if "…" not in text or text.count(" ") > _FEWEST_SHOWN:
                break
        return mark + text

    def _x_to_edit(self, t: int) -> str:
        return " ".join(self._exactly(self._numbers(t)))

    def _exactly(self, numbers: Any) -> list[str]:
        dtype = self.state.setup.spec.dtype
        return [format_exactly(number, dtype) for number in numbers.tolist()]

    def _x_tip(self, t: int) -> str | None:
        if not self._is_present(t):
            return None
        ghost = self.state.ghost
        before = "" if ghost is None else self._in_full(ghost.setup.inputs(self.state.batch)[t])
        return escape_markup("\n".join([self._in_full(self._numbers(t)), *self._describe_edits(t, before)]))

    def _in_full(self, numbers: Any) -> str:
        """Return numbers with all their digits; of many, ten in a line, with the column of the first one."""
        texts = self._exactly(numbers[:_MOST_IN_TIP])
        if len(texts) <= _IN_LINE:
            return ", ".join(texts)
        starts = range(0, len(texts), _IN_LINE)
        lines = [f"[{start}]  " + "  ".join(texts[start : start + _IN_LINE]) for start in starts]
        return "\n".join([*lines, *(["…"] if len(numbers) > _MOST_IN_TIP else [])])

    def copied_table(self, rows: Sequence[int], columns: Sequence[int]) -> CopiedTable:
        """Return the tokens, as they are, and the numbers, a column for each; of steps that there are not, nothing."""
        setup, steps = self.state.setup, steps_present(self.state)
        numbers, tokens, dtype = setup.inputs(self.state.batch), setup.sequence.tokens, setup.spec.dtype

        def cells(t: int) -> Cells:
            if t >= steps:
                return [str(t), *[""] * (len(titles) - 1)]
            token = [] if tokens is None else [tokens[t]]
            return [str(t), *token, *(format_exactly(number, dtype) for number in numbers[t].tolist())]

        token_title = [] if tokens is None else [self.columns[_TOKEN].header]
        titles = ["t", *token_title, *(f"x[{column}]" for column in range(numbers.shape[1]))]
        return CopiedTable(titles, rows, cells, is_frozen=True)

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


class StepList(MarginTable):
    """The list, with the current step in bold type."""

    bold_selection = True

    def __init__(self, model: StepsModel) -> None:
        super().__init__(model, model.mark)
        self._steps = model
        self.setHorizontalHeader(LongTableHeader(Qt.Orientation.Horizontal, self))
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self.verticalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(150)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the current step in sight, as in a layout that leaves less room; one that was out of sight stays so."""
        current = self.currentIndex()
        was_in_sight = 0 <= self.rowViewportPosition(current.row()) < event.oldSize().height()
        super().resizeEvent(event)
        if was_in_sight:
            self.scrollTo(current)

    def texts(self, column: int, rows: range) -> Sequence[str]:
        """Return one column of some steps; the margin is no text, and no number of x is cut."""
        if column == _X:
            room = self.room_of(_X)[1]
            measure = NumberWidths(QFontMetrics(in_bold(self.font())).horizontalAdvance)
            return [self._steps.fit_x(t, room, measure) for t in rows]
        return super().texts(column, rows) if column else ()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Leave the session at its step where a menu is asked for; what is copied by it is the row below the mouse."""
        index = self.indexAt(event.position().toPoint())
        if event.button() != Qt.MouseButton.RightButton:
            super().mousePressEvent(event)
        elif index.isValid() and not self.selectionModel().isSelected(index):
            rows = QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().select(index, QItemSelectionModel.SelectionFlag.ClearAndSelect | rows)

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
        last = "0" * max(2, len(str(setup.steps - 1)))
        for column, widest in enumerate((SET + CURRENT, last, self.model.columns[_TOKEN].header)):
            self.table.setColumnWidth(column, self.fontMetrics().horizontalAdvance(widest) + 14)
        self.caption.setText(self._describe_sizes(setup))
        self.caption.setToolTip(self._describe_layout(setup))

    def _describe_sizes(self, setup: Setup) -> str:
        sizes = {"steps": setup.steps, "width": setup.sequence.width, "batch": setup.batch_size}
        if setup.sequence.tokens is not None and setup.batched:
            text = self.tr("{steps} tokens of {width} numbers, batch of {batch}")
        elif setup.sequence.tokens is not None:
            text = self.tr("{steps} tokens of {width} numbers, no batch")
        elif setup.batched:
            text = self.tr("{steps} steps of {width} numbers, batch of {batch}")
        else:
            text = self.tr("{steps} steps of {width} numbers, no batch")
        return text.format(**sizes)

    def _describe_layout(self, setup: Setup) -> str:
        """Say how the array is read, and where that is changed."""
        axes = ("(B, T, K)" if setup.spec.batch_first else "(T, B, K)") if setup.batched else "(T, K)"
        text = self.tr("x is {axes} = {shape}. Sequence (Ctrl+E) reads a batch the other way, and the weights stay.")
        return text.format(axes=axes, shape=setup.sequence.values.shape)

    def _follow(self, t: int) -> None:
        if self.table.currentIndex().row() == t:  # perhaps with others, which are to be copied
            return
        index = self.model.index(t, max(self.table.currentIndex().column(), 0))
        if not self.table.viewport().rect().contains(self.table.visualRect(index)):
            # By half a page at a time: scrolling with every step would paint the whole list each time.
            self.table.scrollTo(index, QTableView.ScrollHint.PositionAtCenter)
        self.table.go_to(index)

    def _on_current(self, current: QModelIndex) -> None:
        if current.isValid() and current.row() != self.session.state.cursor.t:  # else it only follows the session
            self.session.run_to(current.row())

    # the menu

    def fill_menu(self, menu: ContextMenu) -> None:
        """Offer what can be done with a step, which need not be the current one."""
        index = menu.index_in(self.table)
        if index.isValid():
            self._offer_step(menu, index.row())
        menu.addSeparator()
        menu.offer_commands("sequence")

    def _offer_step(self, menu: ContextMenu, t: int) -> None:
        is_here = t == self.session.state.cursor.t
        menu.offer(self.tr("Go to t = {t}").format(t=t), lambda: self.session.run_to(t), enabled=not is_here)
        menu.offer_like("toggle_breakpoint", lambda: self.debugger.toggle(t), keys="F9" if is_here else "")
        for column, text in ((_TOKEN, self.tr("Edit token…")), (_X, self.tr("Edit numbers…"))):
            index = self.model.index(t, column)
            if not self.table.isColumnHidden(column) and index.flags() & Qt.ItemFlag.ItemIsEditable:
                menu.offer_editing(text, self.table, index)

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
            if one != format_exactly(before, state.setup.spec.dtype)
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
