"""The breakpoints, and a field to add one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtWidgets import QLabel

from gatescope.debugging.breakpoints import Breakpoint
from gatescope.messages.message import GatescopeError, Message
from gatescope_app.dialogs.breakpoint_dialog import ask_breakpoint
from gatescope_app.look.language import format_message
from gatescope_app.look.theme import Theme
from gatescope_app.panels.breakpoints.breakpoint_list import BreakpointList, BreakpointRow
from gatescope_app.state.session_state import State
from gatescope_app.widgets.box_layouts import fill_column
from gatescope_app.widgets.breakpoint_texts import describe_breakpoint, describe_breakpoint_options, format_hit_count
from gatescope_app.widgets.context_menu import ContextMenu
from gatescope_app.widgets.expression_edit import ExpressionEdit
from gatescope_app.widgets.icon_buttons import IconButtons
from gatescope_app.widgets.view import PanelParts, View

_ICONS = {
    "add": "mdi6.plus", "change": "mdi6.pencil-outline", "next": "mdi6.arrow-right-circle-outline",
    "remove": "mdi6.minus", "remove_all": "mdi6.delete-sweep-outline",
}  # fmt: skip


class BreakpointsView(View):
    """Lists the breakpoints with their hits; what is typed below is checked at once and added with Enter."""

    def __init__(self, parts: PanelParts) -> None:
        super().__init__(parts)
        self.summary = QLabel()
        self.list = BreakpointList(self.theme)
        self.field = ExpressionEdit("condition", parts.debugger.names, self.theme)
        self.buttons = IconButtons(_ICONS)
        self.entry = self.field
        fill_column(
            self, self.buttons.beside(self.summary), (self.list, 1), self.field, margins=(4, 4, 4, 4), spacing=4
        )
        self._connect()
        self.retranslate()

    def _connect(self) -> None:
        self.field.entered.connect(self._add_condition)
        self.list.ticked.connect(self._enable)
        self.list.toggle_asked.connect(self._toggle)
        self.list.removal_asked.connect(self._remove)
        self.list.addition_asked.connect(self._add)
        self.list.change_asked.connect(self._change)
        self.list.next_hit_asked.connect(self._go_to_next_hit)
        self.list.selectionModel().selectionChanged.connect(lambda *_: self._enable_buttons())
        self.list.rows.modelReset.connect(self._enable_buttons)
        commands = {
            "add": self._add, "change": lambda: self._change(*self.list.selected_breakpoints),
            "next": self._go_to_next_hit, "remove": self._remove, "remove_all": self.debugger.remove_all,
        }  # fmt: skip
        for name, command in commands.items():
            self.buttons[name].clicked.connect(lambda _checked, command=command: command())

    # looks

    def retranslate(self) -> None:
        tips = {
            "add": (self.tr("New breakpoint"), self.tr("New breakpoint, with everything that one can be (Ins)")),
            "change": (self.tr("Change breakpoint"), self.tr("Change the selected breakpoint (Enter, F2)")),
            "next": (self.tr("Next hit"), self.tr("Go to the next hit of the selected breakpoint (Ctrl+Enter)")),
            "remove": (self.tr("Remove breakpoints"), self.tr("Remove the selected breakpoints (Del)")),
            "remove_all": (self.tr("Remove all breakpoints"), self.tr("Remove all breakpoints (Ctrl+Shift+F9)")),
        }
        self.buttons.set_texts(tips)
        self.list.setAccessibleName(self.tr("Breakpoints"))
        self.list.placeholder = self.tr(
            "No breakpoints. F9 sets one at the current step; a condition can be typed below."
        )
        self.field.line.setAccessibleName(self.tr("Condition of a new breakpoint"))
        self.field.set_hint(self.tr("Enter adds it. Ctrl+Space lists what can be used."))
        self.field.line.setToolTip(self.tr("Stop wherever this is true (Ctrl+F9 leads here)"))

    def set_theme(self, theme: Theme) -> None:
        self.buttons.set_theme(theme)
        self.list.set_theme(theme)
        self.field.set_theme(theme)
        super().set_theme(theme)

    # following the session

    def apply(self, old: State | None, new: State) -> None:
        """Show the breakpoints again where they or their hits changed; a step changes neither."""
        if old is None or old.setup is not new.setup:
            self.field.set_names(self.debugger.names)
            example = f"{new.setup.spec.cell.names[0]}[0] < 0.1"
            self.field.line.setPlaceholderText(self.tr("Stop where, such as {example}").format(example=example))
        if old is None or old.breakpoints is not new.breakpoints or old.hits is not new.hits:
            self.list.set_rows([_row(one, new) for one in new.breakpoints])
            self.summary.setText(self._summary(new))
            self._enable_buttons()

    def _summary(self, state: State) -> str:
        """Say how often a walk through the run stops."""
        if state.hits is None:
            return ""
        stops = len(state.hits.stops)
        if stops == 0:
            return self.tr("No stop in this run")
        return self.tr("1 stop in this run") if stops == 1 else self.tr("{count} stops in this run").format(
            count=f"{stops:,}"
        )  # fmt: skip

    def _enable_buttons(self) -> None:
        selected, count = len(self.list.selected), self.list.rows.rowCount()
        one = selected == 1
        self.buttons.set_enabled(change=one, next=one, remove=selected > 0, remove_all=count > 0)

    def fill_menu(self, menu: ContextMenu) -> None:
        """Offer what can be done with the selected breakpoints."""
        chosen = self.list.selected_breakpoints
        menu.offer_buttons(self.buttons, change="F2", next="Ctrl+Return")
        if chosen:
            menu.offer_choice(
                self.tr("Enabled"), self._toggle, checked=all(one.enabled for one in chosen), keys="Space"
            )
        menu.addSeparator()
        menu.offer_buttons(self.buttons, add="Ins", remove="Del", remove_all="Ctrl+Shift+F9")

    # changing

    def _add_condition(self, text: str) -> None:
        try:
            self.debugger.add(Breakpoint(text))
        except GatescopeError as error:
            self.field.line.refuse(error)
        else:
            self.field.line.setText("")  # `clear` could be undone, and Ctrl+Z is to undo the adding
            self.list.select(len(self.session.state.breakpoints) - 1)

    def _toggle(self) -> None:
        """Let the selected ones act, or not if all of them do."""
        rows, breakpoints = set(self._places(self.list.selected_breakpoints)), self.session.state.breakpoints
        enabled = not all(breakpoints[row].enabled for row in rows)
        changed = (replace(one, enabled=enabled) if row in rows else one for row, one in enumerate(breakpoints))
        self.debugger.set_all(tuple(changed))

    def _enable(self, one: Breakpoint, enabled: bool) -> None:
        for row in self._places([one]):
            self.debugger.enable(row, enabled=enabled)

    def _remove(self) -> None:
        self.debugger.remove(self._places(self.list.selected_breakpoints))

    def _places(self, ones: Sequence[Breakpoint]) -> list[int]:
        """Return where breakpoints of the list stand now; those that are gone meanwhile stand nowhere."""
        places = enumerate(self.session.state.breakpoints)
        return [row for row, other in places if any(other is one for one in ones)]

    def _add(self) -> None:
        """Ask for a new one, beginning with what is typed."""
        chosen = self._ask(Breakpoint(self.field.text()), new=True)
        if chosen is not None and self._add_chosen(chosen):
            self.field.line.setText("")

    def _add_chosen(self, chosen: Breakpoint) -> bool:
        """Add one, and return whether that could be done."""
        try:
            self.debugger.add(chosen)
        except GatescopeError as error:  # another network's run came while it was asked about
            self.session.refused.emit(error.message)
            return False
        self.list.select(len(self.session.state.breakpoints) - 1)
        return True

    def _change(self, one: Breakpoint) -> None:
        chosen = self._ask(one)
        if chosen is None:
            return
        rows = self._places([one])
        if not rows:  # taken away, or used up by a stop, while it was asked about
            self._add_chosen(chosen)
            return
        try:
            self.debugger.change(rows[0], chosen)
        except GatescopeError as error:  # as above
            self.session.refused.emit(error.message)

    def _ask(self, one: Breakpoint, *, new: bool = False) -> Breakpoint | None:
        setup, names = self.session.state.setup, self.debugger.names
        return ask_breakpoint(one, setup, names, self.theme, self, new=new)

    def _go_to_next_hit(self) -> None:
        """Go to where the selected one is hit next; after the last, to the first."""
        state, places = self.session.state, self._places(self.list.selected_breakpoints)
        if state.hits is None or len(places) != 1 or state.hits.breakpoints is not state.breakpoints:
            return
        numbers, elements = state.hits.of(places[0])
        if not len(numbers):
            return
        at = int(np.searchsorted(numbers, state.order.completed(state.cursor), side="right")) % len(numbers)
        self.session.go(state.order.at(int(numbers[at])))
        if not elements[at][self.session.state.batch]:
            self.session.look_at(batch=int(elements[at].argmax()))


def _row(one: Breakpoint, state: State) -> BreakpointRow:
    """Say what a breakpoint is and how often it is hit."""
    found = None if state.hits is None else state.hits.lookup(one)
    hits = problem = ""
    if isinstance(found, Message):
        problem = format_message(found)
    elif found is not None:
        hits = format_hit_count(len(found.counted(one.nth, one.every).numbers))
    elif state.hits is not None:
        hits = "…"  # they are being looked for
    return BreakpointRow(one, describe_breakpoint(one), describe_breakpoint_options(one), hits, problem, one.enabled)
