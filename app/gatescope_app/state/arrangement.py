"""Where the panels of a window are, as a plain description: shares of the window, no pixels, nothing of Qt's.

It is what a layout is remembered by, and a session's file keeps it too. It may come from a file that somebody else
wrote or that was damaged, so whoever reads one gets a valid arrangement or none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

Side = Literal["left", "right", "top", "bottom"]
SIDES: tuple[Side, ...] = ("left", "right", "top", "bottom")
_DEEPEST = 8  # places within places; a person does not get there by hand
_FURTHEST = 100_000  # pixels, for what floats on any wall of screens


@dataclass(frozen=True)
class Place:
    """Panels that lie behind each other as tabs, or parts that lie beside or above each other.

    Parameters
    ----------
    share : float
        Of what it is a part of; for a whole side, of the window's width or height.
    panels : tuple of str
        The tabs in their order, with those that are hidden; none where it has parts.
    front : str
        Which of the tabs is in front.
    along : {"down", "across"}
        How the parts lie.
    parts : tuple of Place
        From the top or from the left.
    """

    share: float = 1.0
    panels: tuple[str, ...] = ()
    front: str = ""
    along: Literal["down", "across"] = "down"
    parts: tuple[Place, ...] = ()

    def stacks(self) -> Iterator[Place]:
        """Yield each place that has panels."""
        if self.panels:
            yield self
        for part in self.parts:
            yield from part.stacks()

    def without(self, panels: Collection[str]) -> Place | None:
        """Return what is left without some panels; None where that is nothing."""
        if self.panels:
            left = tuple(name for name in self.panels if name not in panels)
            front = self.front if self.front in left else next(iter(left), "")  # one tab is always in front
            return replace(self, panels=left, front=front) if left else None
        parts = tuple(part for part in (part.without(panels) for part in self.parts) if part is not None)
        if len(parts) == 1:
            return replace(parts[0], share=self.share)
        return replace(self, parts=parts) if parts else None

    def with_stacks(self, change: Callable[[Place], Place]) -> Place:
        """Return it with each place that has panels changed."""
        if self.panels:
            return change(self)
        return replace(self, parts=tuple(part.with_stacks(change) for part in self.parts))

    def outline(self, hidden: Collection[str]) -> object:
        """Return what of it is shown and how it is divided, for comparing; neither sizes nor the order of tabs."""
        if self.panels:
            return (frozenset(self.panels) - set(hidden)) or None
        parts = [outline for part in self.parts if (outline := part.outline(hidden)) is not None]
        return (self.along, *parts) if len(parts) > 1 else next(iter(parts), None)


@dataclass(frozen=True)
class Floating:
    """A panel in a window of its own, in pixels of the screen."""

    panel: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Arrangement:
    """Which panels are shown and where; and whether the toolbar is."""

    layout: str = "debug"
    sides: Mapping[Side, Place] = field(default_factory=dict)
    floating: tuple[Floating, ...] = ()
    hidden: tuple[str, ...] = ()
    toolbar: bool = True

    def panels(self) -> set[str]:
        """Return all panels that it speaks of."""
        return {*self.hidden, *(one.panel for one in self.floating), *self.docked()}

    def docked(self) -> list[str]:
        """Return the panels at the sides of the window, with those of them that are hidden."""
        return [name for place in self.sides.values() for stack in place.stacks() for name in stack.panels]

    def outline(self) -> Mapping[Side, object]:
        """Return which panels are shown at each side and how it is divided, for comparing."""
        outlines = {side: place.outline(self.hidden) for side, place in self.sides.items()}
        return {side: outline for side, outline in outlines.items() if outline is not None}

    def with_stacks(self, change: Callable[[Place], Place]) -> Arrangement:
        """Return it with each place that has panels changed."""
        return replace(self, sides={side: place.with_stacks(change) for side, place in self.sides.items()})

    def with_tabs_of(self, other: Arrangement) -> Arrangement:
        """Return it with the order of the tabs, and which is in front, of another one of the same outline."""
        found = {stack.outline(other.hidden): stack for place in other.sides.values() for stack in place.stacks()}

        def with_tabs(stack: Place) -> Place:
            tabs = found.get(stack.outline(other.hidden), stack)
            return replace(stack, panels=tabs.panels, front=tabs.front)

        return self.with_stacks(with_tabs)

    def with_hidden_of(self, before: Arrangement) -> Arrangement:
        """Return it with the hidden panels behind those that they lay behind before, where these are still shown."""
        arrangement = self
        for stack in (stack for place in before.sides.values() for stack in place.stacks()):
            for at, name in enumerate(stack.panels):
                if name in self.hidden and name not in arrangement.docked():
                    before_it, after_it = stack.panels[:at][::-1], stack.panels[at + 1 :]
                    nearest = next((one for one in (*before_it, *after_it) if one in arrangement.docked()), None)
                    add = partial(_with_tab, name, nearest, behind=nearest in before_it)
                    arrangement = arrangement.with_stacks(add)
        return arrangement

    def without(self, panels: Collection[str]) -> Arrangement:
        """Return it without some panels, as if they did not exist."""
        left = {side: place.without(panels) for side, place in self.sides.items()}
        return replace(
            self,
            sides={side: place for side, place in left.items() if place is not None},
            floating=tuple(one for one in self.floating if one.panel not in panels),
            hidden=tuple(name for name in self.hidden if name not in panels),
        )


def _with_tab(name: str, nearest: str | None, stack: Place, *, behind: bool) -> Place:
    """Return a place with one more tab beside `nearest`, where it has that."""
    if nearest not in stack.panels:
        return stack
    at = stack.panels.index(nearest) + behind
    return replace(stack, panels=(*stack.panels[:at], name, *stack.panels[at:]))


def format_arrangement(arrangement: Arrangement) -> str:
    """Return it as JSON."""
    import msgspec  # noqa: PLC0415 - read when a layout is kept, not before the first paint

    return msgspec.json.encode(arrangement).decode()


def read_arrangement(text: object) -> Arrangement | None:
    """Return what JSON describes; None where it describes no arrangement that a window can have."""
    import msgspec  # noqa: PLC0415 - as above

    try:
        arrangement = msgspec.json.decode(str(text), type=Arrangement)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    return arrangement if is_valid(arrangement) else None


def is_valid(arrangement: Arrangement) -> bool:
    """Whether every panel has one place, and every share and length is one that a window can have."""
    named = [*arrangement.docked(), *(one.panel for one in arrangement.floating)]
    lengths = [length for one in arrangement.floating for length in (one.x, one.y, one.width, one.height)]
    return (
        len(set(named)) == len(named)
        and set(arrangement.sides) <= set(SIDES)
        and all(_fits(place, _DEEPEST) for place in arrangement.sides.values())
        and all(abs(length) <= _FURTHEST for length in lengths)
        and all(one.width > 0 and one.height > 0 for one in arrangement.floating)
    )


def _fits(place: Place, deepest: int) -> bool:
    """Whether a place has panels or parts, not both and not neither, and so have its parts."""
    return (
        0 < place.share <= 1
        and bool(place.panels) != bool(place.parts)
        and place.along in ("down", "across")
        and deepest > 0
        and all(_fits(part, deepest - 1) for part in place.parts)
    )
