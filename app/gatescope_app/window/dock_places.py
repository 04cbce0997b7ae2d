"""Where the docks of a window are, and putting them somewhere: between Qt's docks and a description in shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QStyle, QTabBar
from shiboken6 import getCppPointer

from gatescope_app.state.arrangement import Arrangement, Floating, Place, Side

_AREAS: dict[Side, Qt.DockWidgetArea] = {
    "left": Qt.DockWidgetArea.LeftDockWidgetArea, "right": Qt.DockWidgetArea.RightDockWidgetArea,
    "top": Qt.DockWidgetArea.TopDockWidgetArea, "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
}  # fmt: skip
_BESIDE: tuple[Side, ...] = ("left", "right")
"""The sides that are as high as the window; the others lie between them."""

_DOWN, _ACROSS = Qt.Orientation.Vertical, Qt.Orientation.Horizontal


Room = tuple[tuple[str, ...], QRect]
"""Docks that lie behind each other, and where."""


@dataclass(frozen=True)
class _Stack:
    """Docks that lie behind each other, and the room that they and their tab bar take."""

    panels: tuple[str, ...]
    front: str
    room: QRect


class DockPlaces:
    """Reads and sets where the docks of a window are."""

    def __init__(self, window: QMainWindow, docks: Mapping[str, QDockWidget]) -> None:
        self._window, self._docks = window, docks
        self._names = {getCppPointer(dock)[0]: name for name, dock in docks.items()}

    # reading

    def tab_bars(self) -> list[QTabBar]:
        """Return the bars with the titles of docks that lie behind each other."""
        return self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)

    def tabs(self, bar: QTabBar) -> list[str]:
        """Return the names of the docks of a bar, in its order; Qt still lists one for a moment that floats by now."""
        listed = (self._names.get(bar.tabData(index)) for index in range(bar.count()))
        return [name for name in listed if name is not None and not self._docks[name].isFloating()]

    def read(self, layout: str) -> Arrangement:
        """Return where everything is now; shares are those of the pixels."""
        stacks, whole = self._stacks(), self.region()
        sides: dict[Side, Place] = {}
        for side, found in stacks.items():
            if found:
                room = _union(stack.room for stack in found)
                share = room.width() / whole.width() if side in _BESIDE else room.height() / whole.height()
                sides[side] = replace(_tree(found), share=min(max(share, 0.001), 1.0))
        floating = [(name, dock.geometry()) for name, dock in self._docks.items() if dock.isFloating()]
        return Arrangement(
            layout,
            sides,
            tuple(Floating(name, at.x(), at.y(), at.width(), at.height()) for name, at in floating),
            tuple(name for name, dock in self._docks.items() if dock.isHidden()),
        )

    def rooms(self) -> list[Room]:
        """Return which docks are where, to notice a change."""
        return [(stack.panels, stack.room) for stacks in self._stacks().values() for stack in stacks]

    def region(self) -> QRect:
        """Return the part of the window that docks and plots share."""
        rooms = [stack.room for stacks in self._stacks().values() for stack in stacks]
        centre = self._window.centralWidget()
        assert centre is not None
        return _union([centre.geometry(), *rooms])

    def _stacks(self) -> dict[Side, list[_Stack]]:
        """Return what is shown at each side."""
        found: dict[Side, list[_Stack]] = {side: [] for side in _AREAS}
        seen: set[str] = set()
        bars = {name: bar for bar in self.tab_bars() for name in self.tabs(bar) if bar.count() > 1}
        for name, dock in self._docks.items():
            if name in seen or dock.isHidden() or dock.isFloating():
                continue
            stack = self._stack(name, bars.get(name))
            seen |= set(stack.panels)
            area = self._window.dockWidgetArea(dock)
            found[next(side for side, each in _AREAS.items() if each == area)].append(stack)
        return found

    def _stack(self, name: str, bar: QTabBar | None) -> _Stack:
        """Return what lies in one place with a dock that is shown."""
        tabs = [name] if bar is None else self.tabs(bar)
        current = name if bar is None else self._names.get(bar.tabData(bar.currentIndex()), name)
        front = current if current in tabs else name
        room = self._docks[front].geometry()
        if bar is not None:
            room = room.united(bar.geometry())
        return _Stack(tuple(tabs), front, room)

    # setting

    def put(self, arrangement: Arrangement) -> None:
        """Put every dock into its place; sizes follow with `give_shares`."""
        for dock in self._docks.values():
            dock.setFloating(False)
            self._window.removeDockWidget(dock)
        for side, place in arrangement.sides.items():
            first = self._docks[_first(place)]
            self._window.addDockWidget(_AREAS[side], first, _DOWN if place.along == "down" else _ACROSS)
            self._split(place)
        self._float(arrangement)
        for name, dock in self._docks.items():
            dock.setVisible(name not in arrangement.hidden)
        for place in arrangement.sides.values():
            shown = place.without(arrangement.hidden)
            for stack in shown.stacks() if shown is not None else ():
                self._docks[stack.front].raise_()
        self._hide_unused_bars()

    def _split(self, place: Place) -> None:
        """Fill the room of the first dock of a place with all of the place."""
        for part, behind in zip(place.parts[1:], place.parts, strict=False):
            along = _DOWN if place.along == "down" else _ACROSS
            self._window.splitDockWidget(self._docks[_first(behind)], self._docks[_first(part)], along)
        for part in place.parts:
            self._split(part)
        for name in place.panels[1:]:
            self._window.tabifyDockWidget(self._docks[place.panels[0]], self._docks[name])

    def _float(self, arrangement: Arrangement) -> None:
        """Put what floats where it was, on a screen that is there now."""
        for one in arrangement.floating:
            dock = self._docks[one.panel]
            self._window.addDockWidget(_AREAS["right"], dock)
            dock.setFloating(True)
            dock.setUpdatesEnabled(True)  # a window of its own: the main window passes its own updates on no longer
            dock.setGeometry(self._on_a_screen(QRect(one.x, one.y, one.width, one.height)))

    def _on_a_screen(self, at: QRect) -> QRect:
        """Return a place that is whole in sight: on the screen that has its middle, or else on that of the window."""
        here = self._window.screen()
        rooms = [here.availableGeometry(), *(screen.availableGeometry() for screen in here.virtualSiblings())]
        room = next((room for room in rooms if room.contains(at.center())), rooms[0])
        size = at.size().boundedTo(room.size())
        left = min(max(at.left(), room.left()), room.left() + room.width() - size.width())
        top = min(max(at.top(), room.top()), room.top() + room.height() - size.height())
        return QRect(QPoint(left, top), size)

    def give_shares(self, arrangement: Arrangement) -> None:
        """Give every dock that is shown its share of the window as it is now."""
        whole, gap = self.region(), self._gap()
        sides = {side: left for side, place in arrangement.sides.items() if (left := place.without(arrangement.hidden))}
        lengths: dict[str, tuple[int, int]] = {}  # across and down, of the first dock of each stack
        beside = [round(sides[side].share * whole.width()) for side in _BESIDE if side in sides]
        between = whole.width() - sum(beside) - gap * len(beside)
        for side, place in sides.items():
            if side in _BESIDE:
                across, down = round(place.share * whole.width()), whole.height()
            else:
                across, down = between, round(place.share * whole.height())
            lengths |= _lengths(place, across, down, gap)
        docks = [self._docks[name] for name in lengths]
        self._window.resizeDocks(docks, [max(across, 1) for across, _ in lengths.values()], _ACROSS)
        self._window.resizeDocks(docks, [max(down, 1) for _, down in lengths.values()], _DOWN)

    def _gap(self) -> int:
        return self._window.style().pixelMetric(QStyle.PixelMetric.PM_DockWidgetSeparatorExtent, None, self._window)

    def _hide_unused_bars(self) -> None:
        """Hide the tab bars that Qt has put aside as children: it would show them with the window; it shows its own."""
        if not self._window.isVisible():
            for bar in self.tab_bars():
                bar.hide()


def _first(place: Place) -> str:
    return next(place.stacks()).panels[0]


def _union(rooms: Iterable[QRect]) -> QRect:
    whole = QRect()
    for room in rooms:
        whole = whole.united(room)
    return whole


def _lengths(place: Place, across: int, down: int, gap: int) -> dict[str, tuple[int, int]]:
    """Return how many pixels each stack of a place gets, so that together they fill it exactly."""
    if place.panels:
        return {place.panels[0]: (across, down)}
    lengths: dict[str, tuple[int, int]] = {}
    room = (down if place.along == "down" else across) - gap * (len(place.parts) - 1)
    total, given, so_far = sum(part.share for part in place.parts), 0, 0.0
    for part in place.parts:
        so_far += part.share
        length = round(so_far / total * room) - given
        given += length
        sizes = (across, length) if place.along == "down" else (length, down)
        lengths |= _lengths(part, *sizes, gap)
    return lengths


def _tree(stacks: list[_Stack]) -> Place:
    """Return how stacks lie beside and above each other: the cuts that part them, one within the other."""
    if len(stacks) == 1:
        return Place(1.0, stacks[0].panels, stacks[0].front)
    for along in ("down", "across"):
        groups = _cut(stacks, along)
        if len(groups) > 1:
            break
    else:  # they overlap, as while Qt moves them
        along, groups = "down", [[stack] for stack in stacks]
    sizes = [_span(_union(stack.room for stack in group), along) for group in groups]
    lengths = [max(end - start, 1) for start, end in sizes]
    parts = [replace(_tree(group), share=length / sum(lengths)) for group, length in zip(groups, lengths, strict=True)]
    return Place(1.0, along="across" if along == "across" else "down", parts=tuple(parts))


def _cut(stacks: list[_Stack], along: str) -> list[list[_Stack]]:
    """Return the groups that straight lines part, in their order."""
    groups: list[list[_Stack]] = []
    reached = 0
    for stack in sorted(stacks, key=lambda stack: _span(stack.room, along)[0]):
        start, end = _span(stack.room, along)
        if not groups or start >= reached:
            groups.append([])
        groups[-1].append(stack)
        reached = max(reached, end)
    return groups


def _span(room: QRect, along: str) -> tuple[int, int]:
    return (room.y(), room.y() + room.height()) if along == "down" else (room.x(), room.x() + room.width())
