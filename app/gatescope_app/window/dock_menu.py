"""The menu of a panel's title and of its tab: what can be done with the panel as a whole."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QTabBar
from shiboken6 import getCppPointer

from gatescope_app.window.panels import Panels


class DockMenu(QObject):
    """Opens on the titles of docks, floating or not, and on the tabs of those that share a place.

    Parameters
    ----------
    window : QMainWindow
        Qt makes the bars of tabs as it needs them, children of this.
    panels : Panels
        Whose docks these are.
    all_panels : QMenu
        Shows and hides each of them.
    """

    def __init__(self, window: QMainWindow, panels: Panels, all_panels: QMenu) -> None:
        super().__init__(window)
        self._window, self._panels, self._all_panels = window, panels, all_panels
        for watched in (window, *panels.docks.values()):
            watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what the title of a dock, or a tab, lets pass; inside a panel there is the panel's own menu."""
        if not isinstance(event, QContextMenuEvent):  # to ask for its type takes several times as long
            return False
        names = (name for name, dock in self._panels.docks.items() if dock is watched)
        name = next(names, None) or self._panel_of_tab(event.globalPos())
        if name is None:
            return False
        self.open(name, event.globalPos())
        return True

    def _panel_of_tab(self, place: QPoint) -> str | None:
        """Return whose tab is at a place on the screen."""
        for bar in self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            tab = bar.tabAt(bar.mapFromGlobal(place)) if bar.isVisible() else -1
            if tab >= 0:  # with each of which Qt keeps where its dock lies in memory
                docks = self._panels.docks.items()
                return next((name for name, dock in docks if getCppPointer(dock)[0] == bar.tabData(tab)), None)
        return None

    def open(self, name: str, place: QPoint) -> None:
        """Show the menu of a panel at a place on the screen."""
        dock, menu = self._panels.docks[name], QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        keys = self._panels.actions[name].shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        menu.addAction(self.tr("&Hide this panel") + f"\t{keys}", dock.close)
        if dock.isFloating():
            menu.addAction(self.tr("&Put it back into the window"), lambda: dock.setFloating(False))
        else:
            menu.addAction(self.tr("Make it a &window of its own"), lambda: dock.setFloating(True))
        menu.addAction(dock.help.accessibleName(), dock.help.click)
        menu.addSeparator()
        menu.addMenu(self._all_panels)
        menu.popup(place)
