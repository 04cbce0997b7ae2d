"""Where am I: the place of the cursor, from the sequence down to the phase, as a debugger shows its call stack."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from gatescope.messages.message import Message
from gatescope.traces.order import COMPLETE, Cursor
from gatescope_app.look.language import engine_text, format_message
from gatescope_app.look.tokens import format_step, format_token
from gatescope_app.state.session_state import State
from gatescope_app.widgets.box_layouts import fill_column
from gatescope_app.widgets.context_menu import ContextMenu
from gatescope_app.widgets.table_copy import TableCopier
from gatescope_app.widgets.view import PanelParts, View

_INDENT = "      "


@dataclass(frozen=True)
class PlaceRow:
    """One line: how deep it lies, what it says, where a click leads, and how it relates to the cursor."""

    depth: int
    text: str
    target: Cursor
    here: bool
    computed: bool
    quantity: str | None = None


class WhereView(View):
    """A line each for the sequence, the step, layers, directions and phases; a click goes there."""

    def __init__(self, parts: PanelParts) -> None:
        super().__init__(parts)
        self.list = QListWidget()
        self.list.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.copier = TableCopier(self.list)
        self.list.itemClicked.connect(self._go)
        self.list.itemActivated.connect(self._go)
        self.rows: list[PlaceRow] = []  # what the lines say
        fill_column(self, self.list, margins=(4, 4, 4, 4))
        self.retranslate()

    def retranslate(self) -> None:
        self.list.setAccessibleName(self.tr("Where am I"))
        self.list.setToolTip(self.tr("Click a line to go there (Up and Down, then Enter)"))

    def apply(self, old: State | None, new: State) -> None:
        """Show the lines; only those that differ are changed."""
        if old is not None and old.setup is new.setup and old.cursor == new.cursor:
            return
        before, self.rows = self.rows, self._rows_of(new)
        while self.list.count() > len(self.rows):
            self.list.takeItem(self.list.count() - 1)
        for index, row in enumerate(self.rows):
            if index >= self.list.count():
                self.list.addItem(QListWidgetItem())
            elif old is not None and index < len(before) and row == before[index]:
                continue
            self._paint(self.list.item(index), row)
        self.list.setCurrentRow(max(index for index, row in enumerate(self.rows) if row.here))

    def _paint(self, item: QListWidgetItem, row: PlaceRow) -> None:
        item.setText(_INDENT * row.depth + ("➤ " if row.here else "    ") + row.text)
        font = self.font()
        font.setBold(row.here)
        item.setFont(font)
        colour = self.theme.quantities[row.quantity] if row.quantity else self.theme.text
        item.setForeground(QColor(colour if row.computed else self.theme.disabled))

    def _go(self, item: QListWidgetItem) -> None:
        self.session.go(self.rows[self.list.row(item)].target)

    def fill_menu(self, menu: ContextMenu) -> None:
        """Offer to go to a line, and the moves of the window."""
        index = menu.index_in(self.list)
        if index.isValid():
            target = self.rows[index.row()].target
            menu.offer(self.tr("Go there"), lambda: self.session.go(target), keys="Return")
        menu.offer_commands("step", "step_back", "step_into", "step_out")

    # what the lines say

    def _rows_of(self, state: State) -> list[PlaceRow]:
        setup, cursor, tokens = state.setup, state.cursor, state.setup.sequence.tokens
        one, several = self.tr("sequence of 1 step"), self.tr("sequence of {steps} steps")
        steps = one if setup.steps == 1 else several.format(steps=setup.steps)
        text = f"“{format_token(''.join(tokens[:40]))}” · {steps}" if tokens else steps
        return [
            PlaceRow(0, text, state.order.whole(cursor)[0], here=True, computed=True),
            PlaceRow(1, format_step(cursor.t, tokens), replace(cursor, phase=COMPLETE), here=True, computed=True),
            *self._cell_rows(state),
        ]

    def _cell_rows(self, state: State) -> list[PlaceRow]:
        spec, cursor = state.setup.spec, state.cursor
        rows = []
        for layer in range(0 if spec.is_cell else spec.num_layers):
            target = Cursor(cursor.t, layer, spec.directions[0])
            here = layer == cursor.layer
            rows.append(
                PlaceRow(2, self.tr("layer {layer}").format(layer=layer), target, here, _computed(state, target))
            )
            for direction in spec.directions:
                target = Cursor(cursor.t, layer, direction)
                there = here and direction == cursor.direction
                if there or spec.bidirectional:
                    rows.append(
                        PlaceRow(3, format_message(Message(direction)), target, there, _computed(state, target))
                    )
                rows += self._phase_rows(state) if there else []
        return rows or self._phase_rows(state)

    def _phase_rows(self, state: State) -> list[PlaceRow]:
        cell, cursor = state.setup.spec.cell, state.cursor
        texts = {"input": self.tr("input x_t"), "preactivations": self.tr("pre-activations z")}
        texts |= {one.name: f"{one.symbol}_t  {engine_text(one.title)}" for one in cell.quantities}
        done = cell.phases.index(cursor.phase)
        return [
            PlaceRow(
                4, texts[phase], replace(cursor, phase=phase), here=index == done, computed=index <= done,
                quantity=phase if phase in cell.names else None,
            )
            for index, phase in enumerate(cell.phases)
        ]  # fmt: skip


def _computed(state: State, place: Cursor) -> bool:
    """Whether anything of a cell is computed at its step."""
    return state.order.number(place) <= state.order.number(state.cursor)
