"""The panels in their docks, around the plots."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QAction, QFont, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from gatescope_app.look.theme import Theme
from gatescope_app.widgets.view import PanelParts, View
from gatescope_app.window.help_window import show_help
from gatescope_app.window.panel_dock import PanelDock
from gatescope_app.window.panel_table import CENTRE, PANELS

if TYPE_CHECKING:  # imports pyqtgraph, which takes as long as everything else in the first paint
    from gatescope_app.panels.gates.gates_view import GatesView

_ON_ITS_WAY = 300
"""Milliseconds after which a panel that Qt moves out of sight has arrived."""


class Panels:
    """Puts the panels into a window; those that would delay the first paint follow with `complete`."""

    gates: GatesView

    def __init__(self, window: QMainWindow, parts: PanelParts, banner: QWidget) -> None:
        self._window, self._parts = window, parts
        self.completed = False
        self._centre = QVBoxLayout()
        self._centre.setContentsMargins(0, 0, 0, 0)
        self._centre.addWidget(banner)
        self._centre.addStretch(1)
        centre = QWidget()
        centre.setLayout(self._centre)
        window.setCentralWidget(centre)
        self.views = {panel.name: panel.make(parts) for panel in PANELS if panel.early}
        self._behind: set[str] = set()  # the panels that others lie in front of
        self.docks = {panel.name: self._make_dock(panel.name) for panel in PANELS}
        self.actions = {panel.name: self._make_action(panel.name, panel.key) for panel in PANELS}

    def _make_dock(self, name: str) -> PanelDock:
        dock = PanelDock(self._window)
        dock.setObjectName(name)
        dock.help_asked.connect(lambda: show_help(self._window, name))
        dock.setWidget(self.views.get(name) or QWidget())
        dock.visibilityChanged.connect(lambda in_front: self._on_visibility(name, in_front=in_front))
        # Qt says nothing of a dock that was behind another one and is a window of its own now.
        dock.topLevelChanged.connect(lambda floats: self._on_floating(name, floats=floats))
        return dock

    def _make_action(self, name: str, key: str) -> QAction:
        """Return what shows and hides a panel; Qt's own would hide one that lies behind another, and show it there."""
        dock = self.docks[name]
        action = QAction(self._window)
        action.setCheckable(True)
        if key:
            action.setShortcut(QKeySequence(f"Ctrl+Alt+{key}"))
        action.triggered.connect(lambda _checked: self._toggle(name))
        dock.windowTitleChanged.connect(action.setText)
        dock.toggleViewAction().toggled.connect(action.setChecked)
        return action

    def _toggle(self, name: str) -> None:
        if self.docks[name].isHidden() or name in self._behind:
            self.docks[name].show()
            self.docks[name].raise_()
        else:
            self.docks[name].close()
        self.actions[name].setChecked(not self.docks[name].isHidden())

    def _on_visibility(self, name: str, *, in_front: bool) -> None:
        if in_front:
            self._behind.discard(name)
        else:
            self._behind.add(name)
            QTimer.singleShot(_ON_ITS_WAY, self.docks[name], lambda: self._look_again(name))
        if name in self.views:
            self.views[name].set_in_front(in_front)

    def _look_again(self, name: str) -> None:
        """Notice that a panel is in sight: of one that comes back while it still moves away Qt does not say so."""
        if name in self._behind and not self.docks[name].visibleRegion().isEmpty():
            self._on_visibility(name, in_front=True)

    def _on_floating(self, name: str, *, floats: bool) -> None:
        if floats:
            self._on_visibility(name, in_front=True)

    def complete(self, theme: Theme) -> None:
        """Add the plots, and the panels that would delay the first paint."""
        parts = replace(self._parts, theme=theme)
        self.gates = cast("GatesView", CENTRE.make(parts))
        self._centre.takeAt(1)  # the empty space that stood for it
        self._centre.addWidget(self.gates, 1)
        self.gates.set_theme(theme)
        for panel in PANELS:
            if not panel.early:
                self._put(panel.name, panel.make(parts))
        self.completed = True

    def _put(self, name: str, view: View) -> None:
        """Put a panel into its dock."""
        placeholder = self.docks[name].widget()
        self.views[name] = view
        view.set_in_front(name not in self._behind)
        self.docks[name].setWidget(view)
        placeholder.deleteLater()
        view.set_theme(view.theme)

    def bring_up(self, name: str) -> None:
        """Bring a panel to the front; the focus stays where it is."""
        self.docks[name].show()
        self.docks[name].raise_()

    def show(self, name: str) -> None:
        """Bring a panel to the front, with the focus in it."""
        self.bring_up(name)
        self.views[name].entry.setFocus()

    def is_behind(self, widget: QWidget | None) -> bool:
        """Whether a control is in a panel that another lies in front of."""
        return widget is not None and any(self.docks[name].isAncestorOf(widget) for name in self._behind)

    def holding(self, widget: QWidget | None) -> str:
        """Return the name of the panel that a control is in; the plots', where it is in none of the docks."""
        docks = self.docks.items()
        return next((name for name, dock in docks if widget and dock.isAncestorOf(widget)), CENTRE.name)

    def retranslate(self) -> None:
        """Set the titles again; the views follow a change of language by themselves."""
        for panel in PANELS:
            self.docks[panel.name].retranslate(QCoreApplication.translate("MainWindow", panel.title))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours and the size of type of another theme."""
        font = QFont(QApplication.font())
        font.setStyleHint(QFont.StyleHint.SansSerif)  # a dock with just the application's font has a title in Qt's own
        for dock in self.docks.values():
            dock.setFont(font)
        for view in (*self.views.values(), *([self.gates] if self.completed else [])):
            view.set_theme(theme)
