"""What all panels share: what they are made with, and that they follow the session and wait while hidden."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent
from PySide6.QtGui import QAction, QContextMenuEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from gatescope_app.look.theme import Theme
from gatescope_app.state.debugger import Debugger
from gatescope_app.state.editor import Editor
from gatescope_app.state.known_values import steps_present
from gatescope_app.state.session import Session
from gatescope_app.state.session_state import State
from gatescope_app.widgets.context_menu import ContextMenu


@dataclass(frozen=True)
class Surroundings:
    """What the window around a panel offers; a panel alone has none.

    Parameters
    ----------
    commands : mapping of str to QAction
        The window's actions, by their names.
    bring_up : callable
        Shows another panel, by its name, and leaves the focus where it is.
    ask_breakpoint : callable
        Asks for a new breakpoint, beginning with a condition.
    """

    commands: Mapping[str, QAction]
    bring_up: Callable[[str], object]
    ask_breakpoint: Callable[[str], object]


@dataclass(frozen=True)
class PanelParts:
    """What every panel is made with, and acts on."""

    session: Session
    theme: Theme
    debugger: Debugger
    editor: Editor
    surroundings: Surroundings | None = None


class View(QWidget):
    """A panel over the session.

    A panel implements `apply` and `retranslate`, which its constructor calls once all is there, and extends `set_theme`
    where it paints with the theme's colours.
    """

    def __init__(self, parts: PanelParts) -> None:
        super().__init__()
        self.session = parts.session
        self.theme = parts.theme
        self.debugger, self._surroundings = parts.debugger, parts.surroundings
        self._shown: State | None = None  # what `apply` showed last
        self._in_front = True
        self._catching_up = False
        self.entry: QWidget = self  # what the keys go to when the panel is asked for
        self.session.changed.connect(self._on_change)

    def apply(self, old: State | None, new: State) -> None:
        """Show `new`; `old` is what is shown now, None for nothing yet."""
        raise NotImplementedError

    def retranslate(self) -> None:
        """Set all texts again, in the current language."""
        raise NotImplementedError

    def fill_menu(self, menu: ContextMenu) -> None:
        """Offer what can be done with what lies where a menu was asked for; a panel with a table has copying anyway."""

    def forget(self) -> None:
        """Let go of the run that is shown, which is gone while this is hidden; the next `apply` starts from nothing."""

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme, and its size of type."""
        self.theme = theme
        self.refresh()

    def refresh(self) -> None:
        """Show everything again from the start; behind another panel, when it comes to the front."""
        self._shown = None
        if self._in_front:
            self._catch_up()

    def set_in_front(self, in_front: bool) -> None:
        """Wait while behind another panel, which is not the same as hidden to Qt; catch up when in front again."""
        self._in_front = in_front
        if not in_front:
            self.session.point_at(None)  # the mouse leaves it without an event
        elif self.isVisible():
            self._catch_up()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while hidden."""
        super().showEvent(event)
        if self._in_front:
            self._catch_up()

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            self.refresh()
        super().changeEvent(event)

    # the menu of a right click

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show what can be done with what lies there, where a child of the panel has no menu of its own."""
        menu = ContextMenu(self, event, {} if self._surroundings is None else self._surroundings.commands)
        menu.refused.connect(self.session.refused)
        self.fill_menu(menu)
        menu.offer_copying(self)
        if menu.isEmpty():
            menu.deleteLater()
            super().contextMenuEvent(event)
        else:
            menu.open_there()

    def offer_quantity(self, menu: ContextMenu, name: str, unit: int, t: int | None = None) -> None:
        """Offer what can be done anywhere with a quantity, or pre-activation, of a unit of the cell looked at.

        The number is that of step `t`, where it is computed by now; without one that of the current step.
        """
        state = self.session.state
        values, t = state.values(name), state.cursor.t if t is None else t
        if values is None or unit >= values.shape[1]:  # h of a projection has fewer units
            return
        expression, is_computed = f"{name}[{unit}]", t in state.known(name) and t < steps_present(state)
        limit = float(values[t, unit]) if is_computed else 0.0
        if is_computed:
            menu.offer_number(expression, values[t, unit])
        if self._surroundings is not None:
            ask = self._surroundings.ask_breakpoint
            menu.offer(
                self.tr("Break where {expression} …").format(expression=expression),
                lambda: ask(f"{expression} > {limit:.4g}"),
            )
            menu.offer(self.tr("Watch {expression}").format(expression=expression), lambda: self._watch(expression))

    def _watch(self, expression: str) -> None:
        """Watch an expression, and show that."""
        if expression not in self.session.state.watches:
            self.debugger.watch(expression)
        if self._surroundings is not None:
            self._surroundings.bring_up("watches")

    def _on_change(self, _old: State, new: State) -> None:
        if self.isVisible() and self._in_front:
            self._catch_up()
        elif self._shown is not None and self._shown.run is not new.run:
            self._shown = None
            self.forget()

    def _catch_up(self) -> None:
        """Show the present; what changes while that is done, as the mouse comes to be over something else, follows."""
        if self._catching_up:
            return
        self._catching_up = True
        try:
            while self._shown is not self.session.state:
                old, self._shown = self._shown, self.session.state
                self.apply(old, self._shown)
        finally:
            self._catching_up = False
