"""The menu of a right click or the Menu key: what can be done with what lies there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QMenu, QWidget

from gatescope.messages.message import GatescopeError
from gatescope_app.widgets.number_texts import format_exactly
from gatescope_app.widgets.table_copy import TableCopier

Command = Callable[[], object]


class ContextMenu(QMenu):
    """Opens once, where it was asked for.

    What it offers keeps the things that it acts on, not their places: while it is open, a run may end or an undo take
    them away.

    Parameters
    ----------
    parent : QWidget
        The panel.
    event : QContextMenuEvent
        What asked for it.
    commands : mapping of str to QAction
        The actions of the window, by their names; those that there are not, as in a panel alone, are not offered.

    Signals
    -------
    refused(Message)
        What was chosen cannot be done.
    """

    refused = Signal(object)

    def __init__(self, parent: QWidget, event: QContextMenuEvent, commands: Mapping[str, QAction]) -> None:
        super().__init__(parent)
        self._place, self._commands = event.globalPos(), commands
        self.by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setToolTipsVisible(True)

    def open_there(self) -> None:
        """Show it."""
        self.popup(self._place)

    # where it was asked for

    def place_in(self, widget: QWidget) -> QPoint:
        """Return where it was asked for, in a widget's own pixels."""
        return widget.mapFromGlobal(self._place)

    def is_over(self, widget: QWidget) -> bool:
        """Whether it was asked for on a widget."""
        return widget.isVisible() and widget.rect().contains(self.place_in(widget))

    def index_in(self, view: QAbstractItemView) -> QModelIndex:
        """Return for which cell or row of a table it was asked for; by the Menu key, for the current one."""
        if not self.is_over(view):
            return QModelIndex()
        return view.currentIndex() if self.by_key else view.indexAt(self.place_in(view.viewport()))

    # what it offers

    def offer(self, text: str, do: Command, *, keys: str = "", enabled: bool = True) -> QAction:
        """Offer something; `keys` are those that the panel takes for it."""
        action = self.addAction(f"{text}\t{_native(keys)}" if keys else text)
        action.setEnabled(enabled)
        action.triggered.connect(lambda _checked: self._do(do))
        return action

    def offer_choice(self, text: str, do: Command, *, checked: bool, keys: str = "") -> None:
        """Offer something that is on or off."""
        action = self.offer(text, do, keys=keys)
        action.setCheckable(True)
        action.setChecked(checked)

    def offer_editing(
        self, text: str, table: QAbstractItemView, index: QModelIndex, *, keys: str = "", enabled: bool = True
    ) -> None:
        """Offer to edit a cell, unless it is gone by then: a run may end while the menu is open."""
        place = QPersistentModelIndex(index)

        def edit() -> None:
            is_open = table.state() == QAbstractItemView.State.EditingState  # as while another window had the focus
            if place.isValid() and place.flags() & Qt.ItemFlag.ItemIsEditable and not is_open:
                table.edit(place)

        self.offer(text, edit, keys=keys, enabled=enabled)

    def offer_commands(self, *names: str) -> None:
        """Offer actions of the window as they are: with their texts, keys and icons, and grey where they are grey."""
        self.addActions([self._commands[name] for name in names if name in self._commands])

    def offer_like(self, name: str, do: Command, keys: str = "") -> None:
        """Offer what an action of the window does, but with what lies here."""
        if name in self._commands:
            command = self._commands[name]
            self.offer(command.text(), do, keys=keys).setIcon(command.icon())

    def offer_buttons(self, buttons: Mapping[str, QAbstractButton], **keys: str) -> None:
        """Offer what small buttons of the panel do, each with its keys where it has some."""
        for name, key in keys.items():
            button = buttons[name]
            if button.isCheckable():
                self.offer_choice(button.accessibleName(), button.click, checked=button.isChecked(), keys=key)
            else:
                action = self.offer(button.accessibleName(), button.click, keys=key, enabled=button.isEnabled())
                action.setIcon(button.icon())

    def offer_number(self, name: str, number: object) -> None:
        """Offer to copy a number, which is shown with all its digits."""
        text = format_exactly(number)
        self.offer(
            self.tr("Copy {name} = {number}").format(name=name, number=text),
            lambda: QGuiApplication.clipboard().setText(text),
        )

    def offer_copying(self, panel: QWidget) -> None:
        """Offer to copy from the table that it was asked for in, where it was one."""
        widget = panel.childAt(self.place_in(panel))
        while widget is not None and widget is not panel:
            copier = widget.findChild(TableCopier, options=Qt.FindChildOption.FindDirectChildrenOnly)
            if isinstance(copier, TableCopier):
                self.addSeparator()
                self.offer(self.tr("Copy"), copier.copy, keys="Ctrl+C", enabled=copier.can_copy)
                self.offer(self.tr("Select all"), copier.select_all, keys="Ctrl+A")
            widget = widget.parentWidget()

    def _do(self, do: Command) -> None:
        try:
            do()
        except GatescopeError as error:
            self.refused.emit(error.message)


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
