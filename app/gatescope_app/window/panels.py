"""The panels around the plots, and their docks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow, QVBoxLayout, QWidget

from gatescope_app.look.theme import Theme
from gatescope_app.panels.inspector.inspector_view import InspectorView
from gatescope_app.panels.notes.notes_view import NotesView
from gatescope_app.panels.sequence.sequence_view import SequenceView
from gatescope_app.state.session import Session
from gatescope_app.widgets.view import View
from gatescope_app.window.banner import Banner

if TYPE_CHECKING:  # imports pyqtgraph, which takes as long as everything else in the first paint
    from gatescope_app.panels.gates.gates_view import GatesView
    from gatescope_app.state.debugger import Debugger
    from gatescope_app.state.editor import Editor

NAMES = (
    "sequence", "notes", "where", "inspector", "breakpoints", "watches", "log", "edits",
    "compare", "origins", "diagram", "equations", "weights", "memory", "predictions",
)  # fmt: skip
"""The panels, in the order in which the menu lists them."""


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
        self.docks = {name: self._dock(name) for name in NAMES}
        self.actions = {name: self._action(name) for name in NAMES}

    def _dock(self, name: str) -> QDockWidget:
        dock = QDockWidget(self._window)
        dock.setObjectName(name)
        dock.setWidget(self.views.get(name) or QWidget())
        dock.visibilityChanged.connect(lambda in_front: self._on_visibility(name, in_front=in_front))
        return dock

    def _action(self, name: str) -> QAction:
        """Return what shows and hides a panel; Qt's own would hide one that lies behind another, and show it there."""
        dock = self.docks[name]
        action = QAction(self._window)
        action.setCheckable(True)
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
        if name in self.views:
            self.views[name].set_in_front(in_front)

    def is_behind(self, widget: QWidget | None) -> bool:
        """Whether a control is in a panel that another lies in front of."""
        return widget is not None and any(self.docks[name].isAncestorOf(widget) for name in self._behind)

    def complete_with(self, debugger: Debugger, editor: Editor, theme: Theme) -> None:
        """Add the panels that would delay the first paint."""
        from gatescope_app.panels.breakpoints.breakpoints_view import BreakpointsView  # noqa: PLC0415 - after the first paint
        from gatescope_app.panels.compare.compare_view import CompareView  # noqa: PLC0415 - as above
        from gatescope_app.panels.diagram.diagram_view import DiagramView  # noqa: PLC0415 - as above
        from gatescope_app.panels.edits.edits_view import EditsView  # noqa: PLC0415 - as above
        from gatescope_app.panels.equations.equations_view import EquationsView  # noqa: PLC0415 - as above
        from gatescope_app.panels.gates.gates_view import GatesView  # noqa: PLC0415 - as above
        from gatescope_app.panels.log.log_view import LogView  # noqa: PLC0415 - as above
        from gatescope_app.panels.memory.memory_view import MemoryView  # noqa: PLC0415 - as above
        from gatescope_app.panels.origins.origins_view import OriginsView  # noqa: PLC0415 - as above
        from gatescope_app.panels.predictions.predictions_view import PredictionsView  # noqa: PLC0415 - as above
        from gatescope_app.panels.watches.watches_view import WatchesView  # noqa: PLC0415 - as above
        from gatescope_app.panels.weights.weights_view import WeightsView  # noqa: PLC0415 - as above
        from gatescope_app.panels.where.where_view import WhereView  # noqa: PLC0415 - as above

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
        self._put("diagram", DiagramView(session, theme))
        self._put("equations", EquationsView(session, theme))
        self._put("weights", WeightsView(session, theme))
        self._put("memory", MemoryView(session, theme))
        self._put("predictions", PredictionsView(session, theme))

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
        return "predictions" in self.views

    def all_views(self) -> list[View]:
        """Return the panels that are there."""
        return [*self.views.values(), *([self.gates] if self.complete else [])]
