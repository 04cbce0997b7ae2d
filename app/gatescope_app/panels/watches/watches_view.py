"""Watches: expressions that are followed, with their value now, the one before, and all of them over t."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING

from gatescope.messages.message import GatescopeError, Message
from gatescope_app.look.language import format_message
from gatescope_app.look.theme import Theme
from gatescope_app.panels.watches.current_value import WatchedExpression, watch
from gatescope_app.panels.watches.expression_delegate import ExpressionDelegate
from gatescope_app.panels.watches.watch_table import EXPRESSION, WatchModel, WatchRow, WatchTable
from gatescope_app.state.session_state import State
from gatescope_app.state.worker import Worker
from gatescope_app.widgets.box_layouts import fill_column
from gatescope_app.widgets.context_menu import ContextMenu
from gatescope_app.widgets.elided_label import ElidedLabel
from gatescope_app.widgets.expression_edit import ExpressionEdit
from gatescope_app.widgets.icon_buttons import IconButtons
from gatescope_app.widgets.view import PanelParts, View

if TYPE_CHECKING:
    from gatescope_app.state.runs import Run
    from gatescope_app.state.session_state import Focus

_AT_ONCE = 1_000_000  # numbers of a cell that are evaluated in a moment; more are evaluated off the GUI thread
_MOST_KEPT = 256  # summaries of a run, each of a few kilobytes
_ICONS = {"change": "mdi6.pencil-outline", "remove": "mdi6.minus", "remove_all": "mdi6.delete-sweep-outline"}

_Key = tuple[int, str, int, str]


class WatchesView(View):
    """Lists the watched expressions; what is typed below is checked at once and added with Enter."""

    def __init__(self, parts: PanelParts) -> None:
        super().__init__(parts)
        self.worker = Worker(self)
        self._run: Run | None = None
        self._known: OrderedDict[_Key, WatchedExpression | Message | None] = OrderedDict()  # of that run
        self.summary = ElidedLabel()
        self.buttons = IconButtons(_ICONS)
        self.model = WatchModel(self.session.state)
        self.table = WatchTable(self.model, self.theme)
        self.delegate = ExpressionDelegate(lambda: parts.debugger.names, self._change, self.theme)
        self.table.setItemDelegate(self.delegate)
        self.field = ExpressionEdit("expression", parts.debugger.names, self.theme)
        self.entry = self.field
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        fill_column(
            self, self.buttons.beside(self.summary), (self.table, 1), self.field, margins=(4, 4, 4, 4), spacing=4
        )

    def _connect(self) -> None:
        self.field.entered.connect(self._add)
        self.table.removal_asked.connect(self._remove)
        self.table.step_chosen.connect(self.session.run_to)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._enable_buttons())
        self.model.modelReset.connect(self._enable_buttons)
        self.buttons["change"].clicked.connect(self._edit)
        self.buttons["remove"].clicked.connect(self._remove)
        self.buttons["remove_all"].clicked.connect(
            lambda: self.debugger.unwatch(range(len(self.session.state.watches)))
        )

    # looks

    def retranslate(self) -> None:
        tips = {
            "change": (self.tr("Change watch"), self.tr("Change the selected expression (F2)")),
            "remove": (self.tr("Remove watch"), self.tr("Remove the selected expression (Del)")),
            "remove_all": (self.tr("Remove all watches"), self.tr("Remove all expressions")),
        }
        self.buttons.set_texts(tips)
        self.model.set_headers(self.tr("expression"), self.tr("now"), self.tr("before"), self.tr("over t"))
        self.table.setAccessibleName(self.tr("Watches"))
        self.table.placeholder = self.tr("No watches. Type an expression below to follow its value from step to step.")
        self.field.line.setAccessibleName(self.tr("Expression to watch"))
        self.field.set_hint(self.tr("Enter adds it. Ctrl+Space lists what can be used."))
        self.field.line.setToolTip(self.tr("What to watch in the cell looked at (Ctrl+Shift+W leads here)"))
        self._enable_buttons()

    def set_theme(self, theme: Theme) -> None:
        self.buttons.set_theme(theme)
        self.delegate.theme = theme
        self.table.set_theme(theme)
        self.field.set_theme(theme)
        super().set_theme(theme)

    def fill_menu(self, menu: ContextMenu) -> None:
        """Offer what can be done with the selected watches."""
        menu.offer_buttons(self.buttons, change="F2", remove="Del", remove_all="")
        menu.addSeparator()
        menu.offer_commands("new_watch")

    # following the session

    def apply(self, old: State | None, new: State) -> None:
        """Show the values of the new step; they are evaluated once for each cell of a run."""
        if old is None or old.setup is not new.setup:
            self._offer(new)
        if new.run is not self._run:
            self.worker.cancel()
            self._run = new.run
            self._known.clear()
        if old is None or _shown_of(old) != _shown_of(new):
            self._evaluate(new)
            self._show(new)

    def _offer(self, state: State) -> None:
        """Let the names of another network be used."""
        self.field.set_names(self.debugger.names)
        example = f"{state.setup.spec.cell.names[0]}[0]"
        self.field.line.setPlaceholderText(self.tr("Watch, such as {example} or mean(h)").format(example=example))

    def _show(self, state: State) -> None:
        rows = tuple(WatchRow(text, self._known.get(_key(state.focus, text))) for text in state.watches)
        other = rows != self.model.rows
        self.model.show(state, rows)
        if other:
            self.table.fit_columns()
        self.summary.setText(self._cell(state))

    def _cell(self, state: State) -> str:
        """Say whose values these are, where the network has several cells."""
        focus, spec = state.focus, state.setup.spec
        parts = [self.tr("layer {layer}").format(layer=focus.layer)] if spec.num_layers > 1 else []
        parts += [format_message(Message(focus.direction))] if spec.bidirectional else []
        parts += [self.tr("batch element {batch}").format(batch=focus.batch)] if state.setup.batch_size > 1 else []
        return " · ".join(parts)

    def _enable_buttons(self) -> None:
        selected = self.table.currentIndex().isValid()
        self.buttons.set_enabled(change=selected, remove=selected, remove_all=bool(self.model.rows))

    # evaluating

    def _evaluate(self, state: State) -> None:
        """Evaluate what is not known yet: at once, or one after the other off the GUI thread."""
        missing = [text for text in state.watches if _key(state.focus, text) not in self._known]
        if state.run is None or not missing or self.worker.busy:
            return
        numbers = state.setup.steps * state.setup.spec.hidden_size * state.setup.batch_size
        jobs = {text: partial(watch, text, state.run, state.focus) for text in missing}
        if numbers <= _AT_ONCE:
            for text, job in jobs.items():
                self._keep(_key(state.focus, text), job())
        else:
            key = _key(state.focus, missing[0])
            self.worker.start(
                lambda _progress: jobs[key[-1]](),
                lambda watched: self._on_watched(key, watched),
                lambda error: self._on_error(key, error),
            )

    def _keep(self, key: _Key, watched: WatchedExpression | Message | None) -> None:
        self._known[key] = watched
        while len(self._known) > max(_MOST_KEPT, len(self.session.state.watches)):
            self._known.popitem(last=False)

    def _on_watched(self, key: _Key, watched: WatchedExpression | Message | None) -> None:
        self._keep(key, watched)
        if self._shown is not None:  # not what came while hidden, which may be another run
            self._evaluate(self._shown)
            self._show(self._shown)

    def _on_error(self, key: _Key, error: Exception) -> None:
        self._on_watched(key, None)  # or it would be tried again
        self.session.failed.emit(error)

    # changing

    def _add(self, text: str) -> None:
        try:
            self.debugger.watch(text)
        except GatescopeError as error:
            self.field.line.refuse(error)
        else:
            self.field.line.setText("")  # `clear` could be undone, and Ctrl+Z is to undo the adding
            self.table.selectRow(len(self.session.state.watches) - 1)

    def _edit(self) -> None:
        self.table.setFocus()
        if self.table.state() != self.table.State.EditingState:  # its editor is open, and another window had the focus
            self.table.edit(self.model.index(self.table.currentIndex().row(), EXPRESSION))

    def _change(self, row: int, text: str) -> None:
        if text != self.session.state.watches[row]:
            self.debugger.change_watch(row, text)

    def _remove(self) -> None:
        """Take the selected ones away, and select the one that takes their place."""
        rows = self.table.chosen_rows
        if rows:
            self.debugger.unwatch(rows)
            self.table.selectRow(min(rows[0], len(self.session.state.watches) - 1))


def _key(focus: Focus, text: str) -> _Key:
    return focus.layer, focus.direction, focus.batch, text


def _shown_of(state: State) -> tuple[object, ...]:
    """Return what the table depends on."""
    return state.run, state.cursor, state.batch, state.watches
