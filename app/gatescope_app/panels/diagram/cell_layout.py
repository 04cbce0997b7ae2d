"""What a drawing of a cell is made of: where its gates, nodes, wires and strips lie. One unit is a pixel at zoom 1."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

Place = tuple[float, float]

STRIP_HEIGHT = 17.0
ROW = 25.0
"""The height of a row of text."""
BESIDE = 9.0
"""The distance of text from what it stands beside."""
NODE = 13.0
"""The radius of a node."""
CORNER = 9.0
"""The radius of a bend in a wire."""
_LEFT_OF_WIRE, _RIGHT_OF_WIRE = 46.0, 100.0  # the room for a symbol and for a number


@dataclass(frozen=True)
class WireStrip:
    """A heat strip over the units on a wire, with a symbol and the selected unit's number above it.

    Parameters
    ----------
    name : str
        What it shows, as `CellNumbers.at` calls it.
    quantity : str or None
        The quantity that a click on it selects; x_t is none.
    coloured : str
        The quantity whose colours it has; "x" for those of no quantity.
    x, y : float
        The middle of the strip.
    upright : bool
        Whether its wire goes up through it: the text then leaves the middle free.
    width : float
        Of the strip.
    """

    name: str
    quantity: str | None
    coloured: str
    x: float
    y: float
    upright: bool = False
    width: float = 136.0

    @cached_property
    def rect(self) -> QRectF:
        """Where the units are."""
        return QRectF(self.x - self.width / 2, self.y - STRIP_HEIGHT / 2, self.width, STRIP_HEIGHT)

    @cached_property
    def hit_rect(self) -> QRectF:
        """Where the mouse is over the units."""
        return self.rect.adjusted(0, -3, 0, 3)

    @cached_property
    def text_rect(self) -> QRectF:
        """Where the symbol and the number are."""
        top = self.rect.top() - ROW - 4
        if self.upright:
            return QRectF(self.x - _LEFT_OF_WIRE, top, _LEFT_OF_WIRE + _RIGHT_OF_WIRE, ROW)
        return QRectF(self.rect.left(), top, self.rect.width(), ROW)

    @cached_property
    def number_rect(self) -> QRectF:
        """Where an upright wire leaves room for the number."""
        return self.text_rect.adjusted(_LEFT_OF_WIRE + BESIDE, 0, 0, 0)

    @cached_property
    def area(self) -> QRectF:
        """All of it, with the mark of the selected unit."""
        return self.rect.united(self.text_rect).adjusted(-4, -1, 4, 5)

    @property
    def pointed(self) -> str | None:
        """What pointing at it points at in all views."""
        return self.name if self.name in ("x", "h_before", "c_before") else self.quantity


@dataclass(frozen=True)
class Box:
    """A box that computes something from what goes into it.

    Parameters
    ----------
    text : str
        What it does.
    makes : str
        The quantity that it makes, or helps to make.
    x, y : float
        Its middle.
    width, height : float
        Its size.
    is_gate : bool
        Whether it makes a gate from its pre-activation, and has the gate's colour.
    """

    text: str
    makes: str
    x: float
    y: float
    width: float = 136.0
    height: float = 34.0
    is_gate: bool = False

    @cached_property
    def area(self) -> QRectF:
        """Where it is."""
        return QRectF(self.x - self.width / 2, self.y - self.height / 2, self.width, self.height)

    @property
    def pointed(self) -> str:
        """What pointing at it points at in all views."""
        return self.makes


@dataclass(frozen=True)
class OperationNode:
    """A small circle that works unit by unit: ×, + or 1−."""

    text: str
    makes: str
    x: float
    y: float

    @cached_property
    def area(self) -> QRectF:
        """Where it is."""
        return QRectF(self.x - NODE, self.y - NODE, 2 * NODE, 2 * NODE)

    @property
    def pointed(self) -> str:
        """What pointing at it points at in all views."""
        return self.makes


@dataclass(frozen=True)
class Wire:
    """A line that carries numbers, with straight parts and round bends.

    Parameters
    ----------
    carries : str
        What: the name of a strip, where one shows it.
    coloured : str, optional
        The quantity whose colour it has; that of the strip when not given.
    into : tuple of str
        The phases in which it is read.
    points : tuple of (float, float)
        From where it begins to where it ends.
    arrow : bool
        Whether it ends in an arrow; else it goes over into others.
    dot : bool
        Whether it begins with a dot: a branch of another wire.
    over : (float, float), optional
        Where it passes over another wire, which has a gap there.
    """

    carries: str
    into: tuple[str, ...]
    points: tuple[Place, ...]
    arrow: bool = True
    dot: bool = False
    over: Place | None = None
    coloured: str = ""

    def path(self, shorter: float = 0.0) -> QPainterPath:
        """Return its line, ending so much before its end."""
        points = [QPointF(*point) for point in self.points]
        points[-1] += _towards(points[-1], points[-2], shorter)
        path = QPainterPath(points[0])
        for corner, following in pairwise(points[1:]):
            path.lineTo(corner + _towards(corner, path.currentPosition(), CORNER))
            path.quadTo(corner, corner + _towards(corner, following, CORNER))
        path.lineTo(points[-1])
        return path


def _towards(start: QPointF, end: QPointF, length: float) -> QPointF:
    """Return the way from one place towards another, so long; along an axis, as all wires are."""
    way = end - start
    return way * (length / max(abs(way.x()), abs(way.y()), 1e-9))


@dataclass(frozen=True)
class WireLabel:
    """A symbol beside a wire, with its subscript."""

    text: str
    below: str
    coloured: str
    x: float
    y: float


@dataclass(frozen=True)
class CellLayout:
    """The drawing of one kind of cell.

    Parameters
    ----------
    width, height : float
        Of all of it.
    body : QRectF
        The frame around what belongs to one step.
    strips, boxes, nodes, wires, labels : tuple
        Its parts; wires in the order in which they are drawn.
    """

    width: float
    height: float
    body: QRectF
    strips: tuple[WireStrip, ...]
    boxes: tuple[Box, ...]
    nodes: tuple[OperationNode, ...]
    wires: tuple[Wire, ...]
    labels: tuple[WireLabel, ...]

    @cached_property
    def area(self) -> QRectF:
        """Everything."""
        return QRectF(0, 0, self.width, self.height)

    def strip(self, name: str) -> WireStrip:
        """Return the strip of that name."""
        return next(strip for strip in self.strips if strip.name == name)

    def colour_quantity(self, wire: Wire) -> str:
        """Return the quantity whose colour a wire has."""
        return wire.coloured or self.strip(wire.carries).coloured


def grown(area: QRectF, by: float) -> QRectF:
    """Return an area grown to all sides."""
    return area.adjusted(-by, -by, by, by)
