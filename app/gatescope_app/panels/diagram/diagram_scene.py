"""What the cell and the network share as scenes: a state that is shown, keys, and what the mouse is over."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGraphicsScene, QGraphicsSceneMouseEvent, QToolTip

from gatescope_app.look.theme import Theme
from gatescope_app.state.session import State


class DiagramScene(QGraphicsScene):
    """A drawing of a state. Its items are only looked at; the scene has the mouse and the keys.

    Signals
    -------
    pointed(str or None)
        What the mouse is over, as `Session.point_at` takes it.
    """

    pointed = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._state: State | None = None
        self._mouse: tuple[QPointF, QPoint] | None = None  # where it is, in the drawing and on the screen

    def apply(self, old: State | None, new: State) -> None:
        """Show another state; `old` is what is shown now, None for nothing that could be kept."""
        raise NotImplementedError

    def forget(self) -> None:
        """Let go of the run that is shown."""
        self._state = None

    @property
    def description(self) -> str:
        """What is shown, for those who do not see it."""
        raise NotImplementedError

    def pointed_at(self, place: QPointF) -> str | None:
        """Return what a place stands for, as `Session.point_at` takes it."""
        raise NotImplementedError

    def mouseMoveEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        self._mouse = (event.scenePos(), event.screenPos())
        self.pointed.emit(self.pointed_at(event.scenePos()))
        super().mouseMoveEvent(event)

    def event(self, event: QEvent) -> bool:
        """Say that nothing is pointed at when the mouse leaves."""
        if event.type() == QEvent.Type.Leave:
            self._mouse = None
            QToolTip.hideText()
            self.pointed.emit(None)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key without modifiers stands for here; the window has the others."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and self._state is not None and self.press(Qt.Key(event.key()), self._state):
            event.accept()
        else:
            super().keyPressEvent(event)

    def press(self, key: Qt.Key, state: State) -> bool:
        """Do what a key stands for, and return whether it stands for something."""
        raise NotImplementedError
