"""Named layouts of the panels: for a class, for debugging, for comparing; each stays as a person arranged it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QMainWindow, QToolBar, QWidget

from gatescope_app.look.appearance import Appearance
from gatescope_app.state.arrangement import Arrangement, format_arrangement, is_valid, read_arrangement
from gatescope_app.state.settings import settings
from gatescope_app.window.dock_places import DockPlaces, Room
from gatescope_app.window.panel_layouts import LAYOUTS, USUAL, PanelLayout, completed
from gatescope_app.window.panels import Panels

_MOVES = 400  # milliseconds, in which Qt moves a panel that was dropped to its place


class Layouts(QObject):
    """Arranges the panels of a window, and remembers each layout as it was left.

    Every panel keeps its share of the window: when the window or the type changes size, and Qt has given everything
    some length, the lengths are set anew from the description in force. What a person drags changes the description.

    Signals
    -------
    chosen(str)
        A layout is in force.
    changed()
        A person arranged something.
    """

    chosen = Signal(str)
    changed = Signal()

    def __init__(self, window: QMainWindow, panels: Panels, appearance: Appearance) -> None:
        super().__init__(window)
        self._window, self._appearance = window, appearance
        self._places = DockPlaces(window, panels.docks)
        stored = str(settings().value("layout_name", USUAL))
        self._now = LAYOUTS[stored if stored in LAYOUTS else USUAL].arrangement
        self._dragging, self._dragged = False, False  # a line between panels
        self._given: list[Room] = []  # where everything was when the shares were given last
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._settle)
        self._moved = QTimer(self, singleShot=True, interval=_MOVES)
        self._moved.timeout.connect(self._take_note)
        window.setDockNestingEnabled(True)
        window.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        window.installEventFilter(self)
        appearance.theme_changed.connect(lambda _theme: self._later.start())
        for dock in panels.docks.values():
            for signal in (dock.dockLocationChanged, dock.topLevelChanged, dock.visibilityChanged):
                signal.connect(lambda _: self._moved.start())

    @property
    def name(self) -> str:
        """The layout in force."""
        return self._now.layout

    @property
    def now(self) -> PanelLayout:
        """The layout in force, as it is at first."""
        return LAYOUTS[self.name]

    # descriptions

    def describe(self) -> Arrangement:
        """Return where everything is."""
        if not self._window.isVisible():
            return self._now
        found = self._places.read(self.name).with_hidden_of(self._now)
        found = replace(found, toolbar=not self._toolbar.isHidden())
        if self._dragged or found.outline() != self._now.outline():
            return found
        return replace(found, sides=self._now.with_tabs_of(found).sides)

    def apply(self, arrangement: Arrangement) -> None:
        """Put everything where a description has it; one that no window can have changes nothing."""
        if arrangement.layout not in LAYOUTS or not is_valid(arrangement):
            return
        self._now = completed(arrangement)
        self._window.setUpdatesEnabled(False)  # until `_settle`: what is in between is no sight
        self._later.start()
        self._places.put(self._now)
        self._toolbar.setVisible(self._now.toolbar)
        self._dragged = False
        self._appearance.set_larger(self.now.larger)
        self._give_shares()
        self.chosen.emit(self.name)

    # named layouts

    def choose(self, name: str) -> None:
        """Change to a layout, as it was left, and to its size of type; the current one stays as it is now."""
        self.remember()
        self._restore(name)

    def reset(self) -> None:
        """Put all panels of the current layout back where they were at first."""
        settings().remove(_key(self.name))
        self.restore()

    def remember(self) -> None:
        """Keep where everything is, for the next time."""
        settings().setValue("layout_name", self.name)
        settings().setValue(_key(self.name), format_arrangement(self.describe()))

    def restore(self) -> None:
        """Arrange everything as it was left, or as it is at first."""
        self._restore(self.name)

    def _restore(self, name: str) -> None:
        stored = settings().value(_key(name))
        arrangement = None if stored is None else read_arrangement(stored)
        known = arrangement is not None and arrangement.layout == name
        self.apply(arrangement if arrangement is not None and known else LAYOUTS[name].arrangement)

    # keeping the shares

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give the panels their shares of another size; notice when a person moves a line between them."""
        if watched is self._window:
            if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
                self._give_shares()
            elif event.type() == QEvent.Type.LayoutRequest and self._places.rooms() != self._given:
                self._later.start()  # a panel needed more room, or the bars above and below
            elif isinstance(event, QMouseEvent):
                self._on_mouse(event)
        return super().eventFilter(watched, event)

    def _on_mouse(self, event: QMouseEvent) -> None:
        if event.type() == QEvent.Type.MouseButtonPress:
            self._dragging = self._window.isSeparator(event.position().toPoint())
        elif event.type() == QEvent.Type.MouseButtonRelease and self._dragging:
            self._dragging, self._dragged = False, True
            self._moved.start()

    def _give_shares(self) -> None:
        layout = self._window.layout()
        if self._window.isVisible() and not self._dragging and layout is not None:
            if self._dragged:
                self._take_note()
            layout.activate()
            if self._places.read(self.name).outline() == self._now.outline():  # else a person is moving a panel
                self._places.give_shares(self._now)
                layout.activate()
            self._given = self._places.rooms()

    def _settle(self) -> None:
        """Give the shares once more, when everything has taken its type and texts; then show it."""
        self._give_shares()
        self._window.setUpdatesEnabled(True)
        # At once: what was to be painted before all this was dropped meanwhile, and Qt would wait for it for ever.
        self._window.repaint()

    def _take_note(self) -> None:
        """Go by what a person arranged from now on."""
        if self._window.isVisible() and not self._window.isMinimized():
            before, self._now = self._now, self.describe()
            self._dragged = False
            if before != self._now:
                self.changed.emit()

    @property
    def _toolbar(self) -> QWidget:
        toolbar = self._window.findChild(QToolBar, "toolbar")
        assert toolbar is not None
        return toolbar


def _key(name: str) -> str:
    return f"arrangement_{name}"
