"""The panels around the plots, and their docks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QVBoxLayout, QWidget

from gatescope_app.session import Session
from gatescope_app.theme import Theme
from gatescope_app.view import View
from gatescope_app.views.inspector_view import InspectorView
from gatescope_app.views.notes_view import NotesView
from gatescope_app.views.sequence_view import SequenceView
from gatescope_app.widgets.banner import Banner

if TYPE_CHECKING:  # imports pyqtgraph, which takes as long as everything else in the first paint
    from gatescope_app.views.gates_view import GatesView

_AREAS = {
    "sequence": Qt.DockWidgetArea.LeftDockWidgetArea,
    "notes": Qt.DockWidgetArea.LeftDockWidgetArea,
    "inspector": Qt.DockWidgetArea.RightDockWidgetArea,
    "compare": Qt.DockWidgetArea.BottomDockWidgetArea,
}


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
        self.views: dict[str, View] = {
            "sequence": SequenceView(session, theme),
            "notes": NotesView(session, theme),
            "inspector": InspectorView(session, theme),
        }
        self.docks = {name: self._dock(name, area) for name, area in _AREAS.items()}
        window.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)

    def _dock(self, name: str, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(self._window)
        dock.setObjectName(name)
        dock.setWidget(self.views.get(name) or QWidget())
        self._window.addDockWidget(area, dock)
        return dock

    def add_plots(self, theme: Theme) -> None:
        """Add the gates and the comparison."""
        from gatescope_app.views.compare_view import CompareView  # noqa: PLC0415 - after the first paint
        from gatescope_app.views.gates_view import GatesView  # noqa: PLC0415 - as above

        self.gates = GatesView(self._session, theme)
        self._centre.takeAt(1)  # the empty space that stood for it
        self._centre.addWidget(self.gates, 1)
        compare = self.views["compare"] = CompareView(self._session, theme)
        placeholder = self.docks["compare"].widget()
        self.docks["compare"].setWidget(compare)
        placeholder.deleteLater()
        for view in (self.gates, compare):
            view.set_theme(theme)

    @property
    def complete(self) -> bool:
        """Whether those with plots are there as well."""
        return "compare" in self.views

    def all_views(self) -> list[View]:
        """Return the panels that are there."""
        return [*self.views.values(), *([self.gates] if self.complete else [])]

    def arrange(self) -> None:
        """Give the panels their usual sizes."""
        sides = [self.docks["sequence"], self.docks["inspector"]]
        self._window.resizeDocks(sides, [270, 390], Qt.Orientation.Horizontal)
        self._window.resizeDocks([self.docks["compare"]], [230], Qt.Orientation.Vertical)
