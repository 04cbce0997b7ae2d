"""Named layouts of the panels: for a class, for debugging, for comparing; each stays as a person arranged it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from string import ascii_lowercase
from zlib import crc32

from PySide6.QtCore import QByteArray, QObject, Qt, Signal
from PySide6.QtWidgets import QMainWindow, QTabBar

from gatescope_app.look.appearance import Appearance
from gatescope_app.state.settings import settings
from gatescope_app.window.panel_table import PANELS
from gatescope_app.window.panels import Panels

_Stacks = tuple[tuple[str, ...], ...]
"""Panels beside or above each other; those of one place are tabs, the first of them on top."""

_CHECKSUM = 4  # bytes
_VERSION = (
    3  # a panel that a stored arrangement does not know stays where `_place` put it, so this is not raised for one
)


@dataclass(frozen=True)
class PanelLayout:
    """Where the panels are; those that do not name it are hidden, with a place to come back to.

    Parameters
    ----------
    name : str
        As the panels name it in their table.
    widths : tuple of float
        Of the left and the right side, as shares of the window's.
    height : float
        Of the bottom, as a share of the window's.
    larger : int
        Points to add to the size of type.
    """

    name: str
    widths: tuple[float, float]
    height: float
    larger: int = 0

    @cached_property
    def stacks(self) -> dict[Qt.DockWidgetArea, _Stacks]:
        """The panels by the sides of the window."""
        places = {panel.name: panel.places[self.name] for panel in PANELS if self.name in panel.places}
        found: dict[str, list[str]] = {}
        for name in sorted(places, key=places.__getitem__):
            found.setdefault(places[name].rstrip(ascii_lowercase), []).append(name)  # all of "bottom 1"
        return {
            area: tuple(tuple(names) for place, names in found.items() if place.startswith(side))
            for side, area in _SIDES.items()
        }

    @property
    def shown(self) -> frozenset[str]:
        """All panels that it shows."""
        return frozenset(name for stacks in self.stacks.values() for stack in stacks for name in stack)


_LEFT, _BOTTOM, _RIGHT = (
    Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea,
)  # fmt: skip
_SIDES = {"left": _LEFT, "bottom": _BOTTOM, "right": _RIGHT}
LAYOUTS = {
    "teach": PanelLayout("teach", (0.2, 0.0), 0.56, larger=3),
    "debug": PanelLayout("debug", (0.19, 0.27), 0.34),
    "compare": PanelLayout("compare", (0.17, 0.27), 0.42),
}
USUAL = "debug"

_SHARES: dict[int, tuple[float, ...]] = {0: (), 1: (1.0,), 2: (0.57, 0.43)}
"""How panels above each other share the height, by how many there are."""


class Layouts(QObject):
    """Arranges the panels of a window, and remembers each layout as it was left.

    Signals
    -------
    chosen(str)
        A layout is in force.
    """

    chosen = Signal(str)

    def __init__(self, window: QMainWindow, panels: Panels, appearance: Appearance) -> None:
        super().__init__(window)
        self._window, self._panels, self._appearance = window, panels, appearance
        stored = str(settings().value("layout_name", USUAL))
        self.name = stored if stored in LAYOUTS else USUAL
        window.setDockNestingEnabled(True)
        window.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)

    @property
    def now(self) -> PanelLayout:
        """The layout in force, as it is at first."""
        return LAYOUTS[self.name]

    def choose(self, name: str) -> None:
        """Change to a layout, as it was left, and to its size of type; the current one stays as it is now."""
        self.remember()
        self.name = name
        self.restore()

    def reset(self) -> None:
        """Put all panels of the current layout back where they were at first."""
        settings().remove(_key(self.name))
        self.restore()

    def remember(self) -> None:
        """Keep where everything is, for the next time."""
        settings().setValue("layout_name", self.name)
        settings().setValue(_key(self.name), _sealed(bytes(self._window.saveState(_VERSION).data())))

    def restore(self) -> None:
        """Arrange everything as it was left, or as it is at first."""
        self._place()
        self.resize()
        stored = settings().value(_key(self.name))
        state = _unsealed(bytes(stored.data())) if isinstance(stored, QByteArray) else None
        if state is not None:
            self._window.restoreState(state, _VERSION)
        self._appearance.set_larger(self.now.larger)
        self.chosen.emit(self.name)

    def resize(self) -> None:
        """Give the panels their usual sizes."""
        size, layout, stacks = self._window.size(), self.now, self.now.stacks
        widths = zip((_LEFT, _RIGHT), layout.widths, strict=True)
        sides = {stacks[area][0][0]: share for area, share in widths if stacks[area]}
        self._give(sides, size.width(), Qt.Orientation.Horizontal)
        for area, height in ((_LEFT, 1.0), (_RIGHT, 1.0), (_BOTTOM, layout.height)):
            above = zip(stacks[area], _SHARES[len(stacks[area])], strict=True)
            shares = {stack[0]: share * height for stack, share in above}
            self._give(shares, size.height(), Qt.Orientation.Vertical)

    def _give(self, shares: dict[str, float], whole: int, along: Qt.Orientation) -> None:
        lengths = [round(share * whole) for share in shares.values()]
        self._window.resizeDocks([self._panels.docks[name] for name in shares], lengths, along)

    def _place(self) -> None:
        """Put every panel where the layout has it; the others, hidden, where the usual layout has them."""
        for dock in self._panels.docks.values():
            dock.setFloating(False)
            self._window.removeDockWidget(dock)
        for area, stacks in self.now.stacks.items():
            for stack in stacks:
                self._add(area, stack)
        for area, stacks in LAYOUTS[USUAL].stacks.items():
            for stack in stacks:
                self._put_away(area, stack)
        for stacks in self.now.stacks.values():
            for stack in stacks:
                self._panels.docks[stack[0]].raise_()
        self._hide_unused_bars()

    def _add(self, area: Qt.DockWidgetArea, stack: tuple[str, ...]) -> None:
        docks = [self._panels.docks[name] for name in stack]
        self._window.addDockWidget(area, docks[0], Qt.Orientation.Vertical)
        for other in docks[1:]:
            self._window.tabifyDockWidget(docks[0], other)
        for dock in docks:
            dock.show()

    def _put_away(self, area: Qt.DockWidgetArea, stack: tuple[str, ...]) -> None:
        """Give hidden panels a place: behind what is there already, where they come to the front as tabs."""
        shown = self.now.shown
        host = next((self._panels.docks[name] for name in stack if name in shown), None)
        for name in stack:
            dock = self._panels.docks[name]
            if name in shown:
                continue
            self._window.addDockWidget(area, dock)
            if host is not None:
                self._window.tabifyDockWidget(host, dock)
            host = host or dock
            dock.hide()

    def _hide_unused_bars(self) -> None:
        """Hide the tab bars that Qt has put aside as children: it would show them with the window; it shows its own."""
        if not self._window.isVisible():
            for bar in self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
                bar.hide()


def _sealed(state: bytes) -> QByteArray:
    """Put a checksum before an arrangement: Qt may crash on one that was damaged, and would at every start."""
    return QByteArray(crc32(state).to_bytes(_CHECKSUM, "big") + state)


def _unsealed(stored: bytes) -> bytes | None:
    """Return the arrangement; None where it is not as it was stored."""
    state = stored[_CHECKSUM:]
    return state if crc32(state).to_bytes(_CHECKSUM, "big") == stored[:_CHECKSUM] else None


def _key(name: str) -> str:
    return f"layout_{name}"
