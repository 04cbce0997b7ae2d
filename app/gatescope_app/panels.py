"""The panels around the plots, and their docks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar, QVBoxLayout, QWidget

from gatescope_app.session import Session
from gatescope_app.theme import Theme
from gatescope_app.view import View
from gatescope_app.views.inspector_view import InspectorView
from gatescope_app.views.notes_view import NotesView
from gatescope_app.views.sequence_view import SequenceView
from gatescope_app.widgets.banner import Banner

if TYPE_CHECKING:  # imports pyqtgraph, which takes as long as everything else in the first paint
    from gatescope_app.debugger import Debugger
    from gatescope_app.editor import Editor
    from gatescope_app.views.gates_view import GatesView

_LEFT, _RIGHT, _BOTTOM = (
    Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea,
)  # fmt: skip
_AREAS = {
    "sequence": _LEFT, "notes": _LEFT, "where": _LEFT,
    "inspector": _RIGHT, "breakpoints": _RIGHT, "watches": _RIGHT, "log": _RIGHT, "edits": _RIGHT,
    "compare": _BOTTOM, "origins": _BOTTOM,
}  # fmt: skip
_TABBED = (("notes", "where"), ("breakpoints", "watches", "log", "edits"), ("compare", "origins"))
"""Panels that share a place, the first of them on top."""


class Panels:
    """Puts the panels into a window; those with plots follow with `add_plots`."""

    gates: GatesView

    def __init__(self, window: QMainWindow, session: Session, theme: Theme) -> None:
        self._window, self._session = window, session
        self.banner = Banner()
        self._centre = QVBoxLayout()
        self._centre.setContentsMargins(0, 0, 0, 0)
        self._centre.addWidget(self.banner)
        self._centre.addStretch(1)
        centre = QWidget()
        centre.setLayout(self._centre)
        window.setCentralWidget(centre)
        self._sequence = SequenceView(session, theme)
        self.views: dict[str, View] = {
            "sequence": self._sequence,
            "notes": NotesView(session, theme),
            "inspector": InspectorView(session, theme),
        }
        self._behind: set[str] = set()  # the panels that others lie in front of
        self.docks = {name: self._dock(name, area) for name, area in _AREAS.items()}
        window.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self._tab_docks()

    def _dock(self, name: str, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(self._window)
        dock.setObjectName(name)
        dock.setWidget(self.views.get(name) or QWidget())
        self._window.addDockWidget(area, dock)
        dock.visibilityChanged.connect(lambda in_front: self._on_visibility(name, in_front=in_front))
        dock.toggleViewAction().triggered.connect(lambda shown: dock.raise_() if shown else None)  # Qt leaves it behind
        return dock

    def _on_visibility(self, name: str, *, in_front: bool) -> None:
        if in_front:
            self._behind.discard(name)
        else:
            self._behind.add(name)
        if name in self.views:
            self.views[name].set_in_front(in_front)

    def is_behind(self, widget: QWidget | None) -> bool:
        """Whether a control is in a panel that another lies in front of."""
        return widget is not None and any(self.docks[name].isAncestorOf(widget) for name in self._behind)

    def _tab_docks(self) -> None:
        for first, *others in _TABBED:
            for other in others:
                self._window.tabifyDockWidget(self.docks[first], self.docks[other])
            self.docks[first].raise_()
        # Qt keeps the bars that it has put aside as children, and would show them with the window; it shows its own.
        for bar in self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            bar.hide()

    def complete_with(self, debugger: Debugger, editor: Editor, theme: Theme) -> None:
        """Add the panels that would delay the first paint."""
        from gatescope_app.views.breakpoints_view import BreakpointsView  # noqa: PLC0415 - after the first paint
        from gatescope_app.views.compare_view import CompareView  # noqa: PLC0415 - as above
        from gatescope_app.views.edits_view import EditsView  # noqa: PLC0415 - as above
        from gatescope_app.views.gates_view import GatesView  # noqa: PLC0415 - as above
        from gatescope_app.views.log_view import LogView  # noqa: PLC0415 - as above
        from gatescope_app.views.origins_view import OriginsView  # noqa: PLC0415 - as above
        from gatescope_app.views.watches_view import WatchesView  # noqa: PLC0415 - as above
        from gatescope_app.views.where_view import WhereView  # noqa: PLC0415 - as above

        session = self._session
        self._sequence.breakpoint_asked.connect(debugger.toggle)
        self.gates = GatesView(session, theme)
        self._centre.takeAt(1)  # the empty space that stood for it
        self._centre.addWidget(self.gates, 1)
        self.gates.set_theme(theme)
        self._put("compare", CompareView(session, theme))
        origins = OriginsView(session, theme)
        origins.edit_asked.connect(editor.change_term)
        self._put("origins", origins)
        self._put("where", WhereView(session, theme))
        self._put("breakpoints", BreakpointsView(session, theme, debugger))
        self._put("watches", WatchesView(session, theme, debugger))
        self._put("log", LogView(session, theme, debugger))
        self._put("edits", EditsView(session, theme, editor))

    def _put(self, name: str, view: View) -> None:
        """Put a panel into its dock."""
        placeholder = self.docks[name].widget()
        self.views[name] = view
        view.set_in_front(name not in self._behind)
        self.docks[name].setWidget(view)
        placeholder.deleteLater()
        view.set_theme(view.theme)

    @property
    def complete(self) -> bool:
        """Whether those that come after the first paint are there as well."""
        return "edits" in self.views

    def all_views(self) -> list[View]:
        """Return the panels that are there."""
        return [*self.views.values(), *([self.gates] if self.complete else [])]

    def arrange(self) -> None:
        """Give the panels their usual sizes."""
        sides = [self.docks["sequence"], self.docks["inspector"]]
        self._window.resizeDocks(sides, [270, 390], Qt.Orientation.Horizontal)
        self._window.resizeDocks([self.docks["compare"]], [230], Qt.Orientation.Vertical)
        right = [self.docks["inspector"], self.docks["breakpoints"]]
        self._window.resizeDocks(right, [420, 260], Qt.Orientation.Vertical)
