"""Every panel of the window, a row each: docks, menu, keys, layouts and pictures are made from these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

from gatescope.messages.translation_marks import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gatescope_app.widgets.view import PanelParts, View


@dataclass(frozen=True)
class Panel:
    """One panel as it is declared."""

    name: str  # of its dock in stored layouts, and of its pictures
    title: str  # over its dock and in the menu; marked for translation in the context `MainWindow`
    view: str  # the class below `gatescope_app.panels`, as `package.module:Class`; imported when the panel is made
    key: str = ""  # what shows and hides it while Ctrl and Alt are held
    # Where it stands in each layout that shows it: a side, how many stacks from the top, and a letter for its place among
    # the tabs of that stack, as in "bottom 1c".
    places: Mapping[str, str] = field(default_factory=dict)
    early: bool = False  # at the first paint already; such a panel imports neither torch nor pyqtgraph

    def make(self, parts: PanelParts) -> View:
        """Import the view, and make it."""
        module, name = self.view.split(":")
        view: View = getattr(import_module(f"gatescope_app.panels.{module}"), name)(parts)
        return view


PANELS: tuple[Panel, ...] = (
    Panel("sequence", QT_TRANSLATE_NOOP("MainWindow", "Sequence"), "sequence.sequence_view:SequenceView", "1", {"teach": "left 1a", "debug": "left 1a", "compare": "left 1a"}, early=True),
    Panel("notes", QT_TRANSLATE_NOOP("MainWindow", "Notes"), "notes.notes_view:NotesView", "2", {"teach": "left 2a", "debug": "left 2a", "compare": "left 2b"}, early=True),
    Panel("where", QT_TRANSLATE_NOOP("MainWindow", "Where am I"), "where.where_view:WhereView", "3", {"debug": "left 2b", "compare": "left 2a"}),
    Panel("inspector", QT_TRANSLATE_NOOP("MainWindow", "Inspector"), "inspector.inspector_view:InspectorView", "4", {"debug": "right 1a", "compare": "right 1a"}, early=True),
    Panel("breakpoints", QT_TRANSLATE_NOOP("MainWindow", "Breakpoints"), "breakpoints.breakpoints_view:BreakpointsView", "5", {"debug": "right 2a", "compare": "right 2b"}),
    Panel("watches", QT_TRANSLATE_NOOP("MainWindow", "Watches"), "watches.watches_view:WatchesView", "6", {"debug": "right 2b", "compare": "right 2c"}),
    Panel("log", QT_TRANSLATE_NOOP("MainWindow", "Log"), "log.log_view:LogView", "7", {"debug": "right 2c", "compare": "right 2d"}),
    Panel("edits", QT_TRANSLATE_NOOP("MainWindow", "What if"), "edits.edits_view:EditsView", "8", {"debug": "right 2d", "compare": "right 2a"}),
    Panel("compare", QT_TRANSLATE_NOOP("MainWindow", "Compare"), "compare.compare_view:CompareView", "9", {"debug": "bottom 1f", "compare": "bottom 1a"}),
    Panel("origins", QT_TRANSLATE_NOOP("MainWindow", "Where from"), "origins.origins_view:OriginsView", "0", {"debug": "bottom 1g", "compare": "bottom 1e"}),
    Panel("diagram", QT_TRANSLATE_NOOP("MainWindow", "Cell diagram"), "diagram.diagram_view:DiagramView", "G", {"teach": "bottom 1a", "debug": "bottom 1a", "compare": "bottom 1c"}),
    Panel("equations", QT_TRANSLATE_NOOP("MainWindow", "Equations"), "equations.equations_view:EquationsView", "Q", {"teach": "bottom 2a", "debug": "bottom 1b", "compare": "bottom 1d"}),
    Panel("weights", QT_TRANSLATE_NOOP("MainWindow", "Weights"), "weights.weights_view:WeightsView", "W", {"debug": "bottom 1c", "compare": "bottom 1b"}),
    Panel("memory", QT_TRANSLATE_NOOP("MainWindow", "Memory"), "memory.memory_view:MemoryView", "M", {"debug": "bottom 1d"}),
    Panel("predictions", QT_TRANSLATE_NOOP("MainWindow", "Predictions"), "predictions.predictions_view:PredictionsView", "P", {"debug": "bottom 1e"}),
)  # fmt: skip
"""In the order in which the menu lists them."""

CENTRE = Panel("plots", "", "gates.gates_view:GatesView")
"""Stands between the docks, and is always shown."""
