"""What if: the edits of the run, their branches, and what they change."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from itertools import takewhile

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
)

from gatescope.edits.edits import Edit, Hold, InputEdit, TokenEdit
from gatescope.messages.message import Message
from gatescope.traces.order import Cursor
from gatescope_app.dialogs.edit_dialog import ask_what_if
from gatescope_app.dialogs.name_dialog import ask_new_branch, ask_new_name
from gatescope_app.look.language import format_message, format_named, format_remark
from gatescope_app.look.theme import Theme
from gatescope_app.state.session_state import State
from gatescope_app.widgets.box_layouts import fill_column
from gatescope_app.widgets.context_menu import ContextMenu
from gatescope_app.widgets.icon_buttons import IconButtons
from gatescope_app.widgets.paragraph import Paragraph
from gatescope_app.widgets.table_copy import TableCopier
from gatescope_app.widgets.view import PanelParts, View

_ICONS = {
    "new": "mdi6.source-branch-plus", "rename": "mdi6.pencil-outline", "drop": "mdi6.trash-can-outline",
    "undo": "mdi6.undo", "redo": "mdi6.redo", "remove": "mdi6.minus",
    "reset": "mdi6.restore",
}  # fmt: skip
_LINES = 4  # of the list
_SHOWN = ("revision", "run", "effect", "undo_stack")  # of the state


class EditList(QListWidget):
    """The edits of a branch, in words; Del takes the selected ones away."""

    def __init__(self, remove: Callable[[int], None]) -> None:
        super().__init__()
        self._remove = remove
        self.setWordWrap(True)
        self.setSpacing(1)
        self.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.copier = TableCopier(self)

    def sizeHint(self) -> QSize:
        """Ask for little; the panel gives it what room there is."""
        return QSize(super().sizeHint().width(), _LINES * self.fontMetrics().lineSpacing())

    def minimumSizeHint(self) -> QSize:
        """Show two edits at least."""
        return QSize(1, 2 * self.fontMetrics().lineSpacing() + 4)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.currentRow() >= 0:
            self.remove_selected()
        else:
            super().keyPressEvent(event)

    def remove_selected(self) -> None:
        """Have the selected ones taken away, the last one first."""
        for row in sorted((index.row() for index in self.selectedIndexes()), reverse=True):
            self._remove(row)


class EditsView(View):
    """The panel of what-if edits."""

    def __init__(self, parts: PanelParts) -> None:
        super().__init__(parts)
        self.editor = parts.editor
        self.branch, self.against = QComboBox(), QComboBox()
        self.branch_label, self.against_label = QLabel(), QLabel()
        self.buttons = IconButtons(_ICONS)
        self.what_if = QPushButton()
        self._listed: tuple[Edit, ...] = ()
        self.list, self.effect = EditList(self._remove), Paragraph()
        self.hint = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignTop, margin=6)
        self._lay_out()
        self._connect()
        self.retranslate()
        self.entry = self.what_if

    def _lay_out(self) -> None:
        top, tools = QGridLayout(), QHBoxLayout()
        for row, (label, box) in enumerate(((self.branch_label, self.branch), (self.against_label, self.against))):
            label.setBuddy(box)
            top.addWidget(label, row, 0)
            top.addWidget(box, row, 1, 1, 1 if box is self.branch else 4)
        for column, name in enumerate(("new", "rename", "drop"), 2):
            top.addWidget(self.buttons[name], 0, column)
        top.setColumnStretch(1, 1)
        for name in ("undo", "redo", "remove", "reset"):
            tools.addWidget(self.buttons[name])
        tools.addStretch(1)
        tools.addWidget(self.what_if)
        fill_column(self, top, tools, (self.list, 1), (self.hint, 1), self.effect, margins=(6, 6, 6, 6))

    def _connect(self) -> None:
        editor = self.editor
        commands = {
            "new": lambda: ask_new_branch(editor, self.theme, self),
            "rename": lambda: ask_new_name(editor, self.theme, self),
            "drop": lambda: editor.drop(editor.history.current),
            "undo": self.session.undo, "redo": self.session.redo, "reset": editor.reset,
            "remove": self.list.remove_selected,
        }  # fmt: skip
        for name, command in commands.items():
            self.buttons[name].clicked.connect(lambda _checked, command=command: command())
        self.what_if.clicked.connect(lambda: ask_what_if(self.session, editor, self.theme, self.window()))
        self.branch.activated.connect(lambda _: editor.switch(self.branch.currentData()))
        self.against.activated.connect(lambda _: editor.hold_against(self.against.currentData()))
        self.list.itemActivated.connect(lambda item: self._go(self.list.row(item)))
        self.effect.label.linkActivated.connect(lambda _: self._go_to_parting())

    # looks

    def retranslate(self) -> None:
        self.branch_label.setText(self.tr("Branch"))
        self.against_label.setText(self.tr("Held against"))
        self.branch.setToolTip(self.tr("A version of the edits"))
        self.against.setToolTip(self.tr("What is drawn as dashed lines, and what the edits are compared with"))
        for box, label in ((self.branch, self.branch_label), (self.against, self.against_label)):
            box.setAccessibleName(label.text())
        self.what_if.setText(self.tr("What if…"))
        self.what_if.setToolTip(
            self.tr("Change an input, a state, a weight, or hold a quantity ({keys})").format(keys=_keys("Ctrl+W"))
        )
        self.list.setAccessibleName(self.tr("Edits of this branch"))
        self.list.setToolTip(self.tr("Enter or a double click goes to where an edit acts, Del takes it away"))
        self.hint.setText(
            self.tr(
                "Nothing is changed in this run. Double click a number in the Inspector, on its step or among its "
                "weights, or an input in the Sequence list, and type another one; or press {keys}."
            ).format(keys=_keys("Ctrl+W"))
        )
        self.effect.label.setAccessibleName(self.tr("What the edits change"))
        self._name_buttons(self.session.state)

    def _name_buttons(self, state: State) -> None:
        stack = state.undo_stack
        self.buttons.set_texts({
            "new": self.tr("Go on in a new branch ({keys})").format(keys=_keys("Ctrl+Shift+B")),
            "rename": self.tr("Rename this branch"), "drop": self.tr("Drop this branch"),
            "undo": _describe_button(self.tr("Undo"), stack.undo_label, "Ctrl+Z"),
            "redo": _describe_button(self.tr("Redo"), stack.redo_label, "Ctrl+Shift+Z"),
            "remove": self.tr("Take the selected edit away ({keys})").format(keys=_keys("Del")),
            "reset": _describe_button(self.tr("Reset to original"), None, "Ctrl+Shift+R"),
        })  # fmt: skip

    def set_theme(self, theme: Theme) -> None:
        self.buttons.set_theme(theme)
        self.hint.setStyleSheet(f"color: {theme.faint}")
        super().set_theme(theme)

    def fill_menu(self, menu: ContextMenu) -> None:
        """Offer what can be done with the selected edits, and with all of them."""
        row = self.list.currentRow()
        goes = isinstance(self._edit_at(row), Hold | InputEdit | TokenEdit)
        menu.offer(self.tr("Go to where it acts"), lambda: self._go(row), keys="Return", enabled=goes)
        menu.offer(
            self.tr("Take it away"), self.list.remove_selected, keys="Del", enabled=bool(self.list.selectedIndexes())
        )
        menu.addSeparator()
        menu.offer_commands("what_if", "undo", "redo", "reset", "branch")

    # following the session

    def apply(self, old: State | None, new: State) -> None:
        """Show the edits, and what they change."""
        if old is not None and all(getattr(old, name) is getattr(new, name) for name in _SHOWN):
            return
        history = new.history
        self._show_branches(new)
        self._show_edits(history.edits)
        self._show_effect(new)
        self._name_buttons(new)
        enabled = {
            "drop": len(history.branches) > 1, "undo": bool(new.undo_stack.past),
            "redo": bool(new.undo_stack.future),
            "remove": bool(history.edits), "reset": bool(history.edits),
        }  # fmt: skip
        for name, button in self.buttons.items():
            button.setEnabled(new.run is not None and enabled.get(name, True))
        for widget in (self.what_if, self.branch, self.against):
            widget.setEnabled(new.run is not None)

    def _show_branches(self, state: State) -> None:
        history, against = state.history, None if state.revision is None else state.revision.against
        self.branch.clear()
        self.against.clear()
        self.against.addItem(self.tr("the original"), None)
        for name in history.branches:
            self.branch.addItem(name, name)
            if name != history.current or name == against:
                self.against.addItem(self.tr("branch “{name}”").format(name=name), name)
        self.branch.setCurrentIndex(self.branch.findData(history.current))
        self.against.setCurrentIndex(max(self.against.findData(against), 0))

    def _show_edits(self, edits: tuple[Edit, ...]) -> None:
        """List the edits, and select the one that is new; where none is, the place that was selected."""
        before, self._listed = self._listed, edits
        newest = _newest(before, edits)
        row = max(self.list.currentRow(), 0) if newest is None else newest
        self.list.clear()
        self.list.addItems([format_message(edit.label) for edit in edits])
        self.list.setVisible(bool(edits))
        self.hint.setVisible(not edits)
        self.list.setCurrentRow(min(row, len(edits) - 1))
        self.list.scrollTo(self.list.currentIndex())

    def _show_effect(self, state: State) -> None:
        effect = state.effect
        self.effect.setVisible(effect is not None)
        if effect is None:
            return
        first, *others = (escape(format_message(message)) for message in effect.summary)
        link = f"<a href='first' style='color:{self.theme.accent}'>{first}</a>" if effect.first else first
        self.effect.set_text("<br>".join([link, *others]))
        self.effect.setToolTip(self.tr("A click on the first line goes to that step") if effect.first else "")
        self.effect.label.setAccessibleName(" · ".join([first, *others]))

    # what people do

    def _remove(self, row: int) -> None:
        """Take an edit away, unless it is gone already in the run under way."""
        edit, edits = self._edit_at(row), self.editor.history.edits
        if edit is not None and edit in edits:
            self.editor.remove(row if edits[row : row + 1] == (edit,) else edits.index(edit))

    def _edit_at(self, row: int) -> Edit | None:
        """Return the edit that a row of the list shows, which an undo may have taken away meanwhile."""
        return self._listed[row] if 0 <= row < len(self._listed) else None

    def _go(self, row: int) -> None:
        edit = self._edit_at(row)
        if edit not in self.session.state.history.edits:
            return
        if isinstance(edit, Hold):
            direction = next(way for way in self.session.state.setup.spec.directions if way == edit.direction)
            self.session.go(Cursor(edit.start, edit.layer, direction))
            self.session.look_at(unit=edit.units[0] if edit.units else self.session.state.unit)
        elif isinstance(edit, InputEdit | TokenEdit):
            self.session.run_to(edit.t)

    def _go_to_parting(self) -> None:
        first = None if self.session.state.effect is None else self.session.state.effect.first
        if first is not None:
            self.session.go(Cursor(first.t, first.layer, first.direction))
            self.session.look_at(batch=first.batch, unit=first.unit)


def _newest(before: tuple[Edit, ...], after: tuple[Edit, ...]) -> int | None:
    """Return the place of the last edit that was not there before; None where none came to the others."""
    start = _alike(before, after)
    stop = len(after) - _alike(before[start:][::-1], after[start:][::-1])
    return stop - 1 if stop > start else None


def _alike(one: tuple[Edit, ...], other: tuple[Edit, ...]) -> int:
    """Return how many edits are the same, from the first on."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _keys(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def _describe_button(what: str, label: Message | None, keys: str) -> str:
    """Return a tooltip: what a button does, to what, and the keys for it."""
    return format_remark(what if label is None else format_named(what, format_message(label)), _keys(keys))
