"""How large the numbers of the maps are drawn: to fit the panel, to be read, or anything between."""

from __future__ import annotations

from math import ceil, log10

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF

from gatescope.messages.number_format import PLACES
from gatescope_app.look.fonts import in_bold
from gatescope_app.panels.weights import weight_texts as texts
from gatescope_app.panels.weights.layout import MapLayout, fitting
from gatescope_app.panels.weights.maps import SUM, CellMaps, WeightMap

STEP = 1.5  # of the zoom
_BEYOND = STEP**2  # of what can just be read
_SMALLEST = 0.75  # of the usual type, for numbers in low rows
_PAD = 5.0
_NAMES = 0.55  # of the width, that names may take


class Measures:
    """What sizes follow from the size of type.

    Parameters
    ----------
    font : QFont
        That of the panel.
    """

    def __init__(self, font: QFont) -> None:
        self.font, self.metrics = font, QFontMetricsF(font)
        self.line = self.metrics.height()
        self.most = QSizeF(8 * self.line, 2.2 * self.line)
        self.head = 2 * self.line + 6

    def least(self, maps: CellMaps, width: float) -> dict[str, float]:
        """Return the least width of each map, for its name; for short names where long ones would leave too little."""
        wide = {one.kind: self.metrics.horizontalAdvance(self.names(one)[-2]) + 4 for one in maps}
        if sum(wide.values()) < _NAMES * width:
            return wide
        return {one.kind: self.metrics.horizontalAdvance(self.names(one)[-1]) + 4 for one in maps}

    def names(self, one: WeightMap) -> tuple[str, ...]:
        """Return a map's name, and shorter ones for where there is less room."""
        if one.kind == SUM:
            return "b_ih + b_hh", texts.sum_label()
        kind, ends = one.name.split("_")[:2]
        return one.name, f"{kind}_{ends}", f"{kind[0].upper() if kind == 'weight' else 'b'}_{ends}"

    def gutter(self, maps: CellMaps, height: float) -> float:
        """Return the width of the rows' labels, units included, where the maps have that height."""
        names = [texts.gate_label(maps.spec, block.gate) for block in maps.packed]
        rows = [texts.rows_label(block) for block in maps.packed]
        widest = max(QFontMetricsF(in_bold(self.font)).horizontalAdvance(name) for name in names)
        under = max(self.metrics.horizontalAdvance(label) for label in rows)
        low = height / len(maps.packed) < 2 * self.line + 4  # the rows then stand beside the names
        units = self.metrics.horizontalAdvance(str(maps.spec.hidden_size - 1))
        return (widest + under + 8 if low else max(widest, under)) + units + 26

    def small_font(self, height: float) -> QFont:
        """Return the type for numbers in rows of that height."""
        font = QFont(self.font)
        font.setPointSizeF(QFontInfo(font).pointSizeF() * min(1.0, max(_SMALLEST, (height - 1) / self.line)))
        return font

    def readable(self, maps: CellMaps) -> QSizeF:
        """Return the least size of a cell into which its number is written."""
        widest = self.metrics.horizontalAdvance(f"{-0.0:.{decimals(maps)}f}")
        return QSizeF(widest + 2 * _PAD, self.readable_height)

    @property
    def readable_height(self) -> float:
        """The least height of a row that text is written into."""
        return self.line * _SMALLEST + 1

    def fits_numbers(self, maps: CellMaps, cell: QSizeF) -> bool:
        """Whether numbers are written into cells of that size."""
        least = self.readable(maps)
        return cell.width() >= least.width() and cell.height() >= least.height()


def decimals(maps: CellMaps) -> int:
    """Return how many digits after the point tell the numbers apart; all are in the tooltip."""
    return min(PLACES, max(2, ceil(1 - log10(maps.limit))))


class MapScale:
    """How far the maps are zoomed into: 1 shows them whole."""

    def __init__(self) -> None:
        self.zoom = 1.0

    def layout(self, maps: CellMaps, room: QSizeF, measures: Measures) -> MapLayout:
        """Lay the maps out for a room: first what is too small to read grows, and from there on everything."""
        fit, readable = whole(maps, room, measures), measures.readable(maps)
        grown = min(max(1.0, self.zoom / self.to_read(maps, room, measures)), _BEYOND)
        cell = QSizeF(
            *(
                max(least, min(least * self.zoom, enough)) * grown
                for least, enough in ((fit.width(), readable.width()), (fit.height(), readable.height()))
            )
        )
        return MapLayout(maps, cell, measures.least(maps, room.width()))

    def to_read(self, maps: CellMaps, room: QSizeF, measures: Measures) -> float:
        """Return how far to zoom so that the numbers are written."""
        fit, wanted = whole(maps, room, measures), measures.readable(maps)
        return max(1.0, wanted.width() / fit.width(), wanted.height() / fit.height())

    def largest(self, maps: CellMaps, room: QSizeF, measures: Measures) -> float:
        """Return from where on zooming further changes nothing."""
        return self.to_read(maps, room, measures) * _BEYOND


def whole(maps: CellMaps, room: QSizeF, measures: Measures) -> QSizeF:
    """Return the size of a number at which all fit into a room, as long as each gate's name has a line."""
    cell = fitting(maps, room, measures.least(maps, room.width()), measures.most)
    return QSizeF(cell.width(), max(cell.height(), measures.line / maps.packed[0].size))
