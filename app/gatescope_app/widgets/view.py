"""What all panels share: what they are made with, and that they follow the session and wait while hidden."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from gatescope_app.look.theme import Theme
from gatescope_app.state.debugger import Debugger
from gatescope_app.state.editor import Editor
from gatescope_app.state.session import Session, State


@dataclass(frozen=True)
class PanelParts:
    """What every panel is made with, and acts on."""

    session: Session
    theme: Theme
    debugger: Debugger
    editor: Editor


class View(QWidget):
    """A panel over the session.

    A panel implements `apply` and `retranslate`, which its constructor calls once all is there, and extends `set_theme`
    where it paints with the theme's colours.
    """

    def __init__(self, parts: PanelParts) -> None:
        super().__init__()
        self.session = parts.session
        self.theme = parts.theme
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
