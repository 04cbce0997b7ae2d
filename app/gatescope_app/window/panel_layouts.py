"""The layouts that the window has: for a class, for debugging, for comparing, each as it is at first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from string import ascii_lowercase

from gatescope_app.state.arrangement import Arrangement, Place, Side
from gatescope_app.window.panel_table import PANELS

_Stacks = tuple[tuple[str, ...], ...]
"""Panels beside or above each other; those of one place are tabs, the first of them on top."""

_SIDES: tuple[Side, ...] = ("left", "bottom", "right")
_SHARES: dict[int, tuple[float, ...]] = {1: (1.0,), 2: (0.57, 0.43)}
"""How panels above each other share the height, by how many there are."""


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
    def stacks(self) -> dict[Side, _Stacks]:
        """The panels by the sides of the window."""
        places = {panel.name: panel.places[self.name] for panel in PANELS if self.name in panel.places}
        found: dict[str, list[str]] = {}
        for name in sorted(places, key=places.__getitem__):
            found.setdefault(places[name].rstrip(ascii_lowercase), []).append(name)  # all of "bottom 1"
        return {
            side: tuple(tuple(names) for place, names in found.items() if place.startswith(side)) for side in _SIDES
        }

    @property
    def shown(self) -> frozenset[str]:
        """All panels that it shows."""
        return frozenset(name for stacks in self.stacks.values() for stack in stacks for name in stack)

    @property
    def arrangement(self) -> Arrangement:
        """The same as a description of a window."""
        shares = {"left": self.widths[0], "right": self.widths[1], "bottom": self.height}
        sides = {side: _place(stacks, shares[side]) for side, stacks in self.stacks.items() if stacks}
        return Arrangement(self.name, sides)


LAYOUTS = {
    "teach": PanelLayout("teach", (0.2, 0.0), 0.56, larger=3),
    "debug": PanelLayout("debug", (0.19, 0.27), 0.34),
    "compare": PanelLayout("compare", (0.17, 0.27), 0.42),
}
USUAL = "debug"


def completed(arrangement: Arrangement) -> Arrangement:
    """Return an arrangement in which every panel of the window has one place, and none that the window does not have.

    A panel that it does not speak of, as it is of another version, is as in the layout at first. A hidden one that has
    no place gets that of the usual layout.
    """
    whole = arrangement.without(arrangement.panels() - {panel.name for panel in PANELS})
    for layout in (LAYOUTS[whole.layout], LAYOUTS[USUAL]):
        for side, stacks in layout.stacks.items():
            for stack in stacks:
                whole = _with_stack(whole, side, stack, layout is LAYOUTS[whole.layout])
    return whole


def _with_stack(arrangement: Arrangement, side: Side, stack: tuple[str, ...], shown: bool) -> Arrangement:
    """Return it with those panels of a stack that have no place yet: with the others of it, else on their own."""
    placed = {*arrangement.docked(), *(one.panel for one in arrangement.floating)}
    hidden = () if shown else tuple(name for name in stack if name not in placed | set(arrangement.hidden))
    missing = tuple(name for name in stack if name not in placed)
    if not missing:
        return arrangement
    sides = dict(arrangement.sides)
    for each, place in sides.items():
        if any(name in stack for held in place.stacks() for name in held.panels):
            sides[each] = _joined(place, stack, missing)
            break
    else:
        sides[side] = _appended(sides.get(side), Place(_SHARES[2][1], missing, missing[0]))
    return replace(arrangement, sides=sides, hidden=(*arrangement.hidden, *hidden))


def _joined(place: Place, stack: tuple[str, ...], missing: tuple[str, ...]) -> Place:
    """Return a place with more tabs behind the first of the panels that they usually lie with."""
    if place.panels:
        return replace(place, panels=(*place.panels, *missing))
    parts = list(place.parts)
    at = next(i for i, part in enumerate(parts) if any(set(stack) & set(held.panels) for held in part.stacks()))
    parts[at] = _joined(parts[at], stack, missing)
    return replace(place, parts=tuple(parts))


def _appended(place: Place | None, part: Place) -> Place:
    """Return a side with one more part below."""
    if place is None:
        return replace(part, share=_NEW_SIDE)
    if place.parts and place.along == "down":
        return replace(place, parts=(*place.parts, part))
    return Place(place.share, along="down", parts=(replace(place, share=1 - part.share), part))


_NEW_SIDE = 0.3
"""What a side takes of the window where its first panel comes back."""


def _place(stacks: _Stacks, share: float) -> Place:
    parts = tuple(Place(part, names, names[0]) for part, names in zip(_SHARES[len(stacks)], stacks, strict=True))
    return replace(parts[0], share=share) if len(parts) == 1 else Place(share, parts=parts)
