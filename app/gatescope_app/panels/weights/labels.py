"""The names around the maps: of the parameters and their columns above, of the gates and their rows at the left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from gatescope_app.look.fonts import in_bold
from gatescope_app.look.theme import Theme
from gatescope_app.look.ticks import round_count
from gatescope_app.panels.weights import weight_texts as texts
from gatescope_app.panels.weights.layout import MapColumn, MapLayout
from gatescope_app.panels.weights.maps import SUM, GateBlock, WeightMap
from gatescope_app.panels.weights.scale import Measures

if TYPE_CHECKING:
    from gatescope_app.state.session_state import State

_Align = Qt.AlignmentFlag
_APART = 8.0  # pixels at least between two names of columns


@dataclass(frozen=True)
class MapLabels:
    """Draws the names, each in its own place.

    Parameters
    ----------
    layout : MapLayout
        Where the numbers lie.
    measures : Measures
        The sizes of type.
    theme : Theme
        The colours.
    state : State
        What is looked at.
    hint : str
        What stands below the names of the biases.
    """

    layout: MapLayout
    measures: Measures
    theme: Theme
    state: State
    hint: str

    def draw_heads(self, painter: QPainter, offset: float, width: float) -> None:
        """Draw the names above; x = 0 is the left edge of the numbers' place, `width` wide."""
        painter.setFont(self.measures.font)
        for column in self.layout.columns:
            left, right = column.left - offset, column.left - offset + column.width
            if right > 0 and left < width:
                self._name(painter, column, max(left, 0.0), min(right, width))
                if not column.one.vector:
                    self._column_names(painter, column, offset, width)
        where = self.hint_rect(offset)
        if where is not None:
            painter.setPen(QColor(self.theme.accent))
            painter.drawText(where, _Align.AlignLeft | _Align.AlignVCenter, self.hint)

    def hint_rect(self, offset: float) -> QRectF | None:
        """Return the place of the hint, below the names of the biases; None where there are none."""
        line = self.measures.line
        biases = [column for column in self.layout.columns if column.one.vector]
        if not biases:
            return None
        left = biases[0].left - offset
        room = biases[-1].left + biases[-1].width - biases[0].left
        needs = self.measures.metrics.horizontalAdvance(self.hint)
        return QRectF(left, line + 4, min(needs, room) + 1, line)

    def _name(self, painter: QPainter, column: MapColumn, left: float, right: float) -> None:
        names = self.measures.names(column.one)
        fitting = (name for name in names if self._width(name) <= right - left)
        pointed = self.state.pointed == column.one.kind
        painter.setPen(QColor(self.theme.faint if column.one.kind == SUM else self.theme.text))
        font = QFont(self.measures.font)
        font.setUnderline(pointed)
        painter.setFont(font)
        text = next(fitting, "") or painter.fontMetrics().elidedText(
            names[-1], Qt.TextElideMode.ElideRight, int(right - left)
        )
        painter.drawText(
            QRectF(left, 2, right - left, self.measures.line), _Align.AlignLeft | _Align.AlignVCenter, text
        )
        painter.setFont(self.measures.font)

    def _width(self, text: str) -> float:
        return self.measures.metrics.horizontalAdvance(text)

    def _column_names(self, painter: QPainter, column: MapColumn, offset: float, width: float) -> None:
        """Name the columns, or every so many of them."""
        maps, one = self.layout.maps, column.one
        widest = self._width(texts.column_name(maps, one, one.columns - 1))
        every = round_count((widest + _APART) / column.cell)
        first = max(0, int((offset - column.left) / column.cell))
        last = min(one.columns - 1, int((offset + width - column.left) / column.cell))
        painter.setPen(QColor(self.theme.faint))
        named = range(-(-first // every) * every, last + 1, every)
        for index, text in zip(named, self.column_texts(one, named, column.cell * every - _APART), strict=True):
            place = QRectF(column.left - offset + index * column.cell, self.measures.line + 4, 0, self.measures.line)
            place.setWidth(column.cell * every)
            if every == 1:
                painter.drawText(place, _Align.AlignCenter, text)
            elif place.left() + self._width(text) <= column.left - offset + column.width:
                painter.drawText(place, _Align.AlignLeft | _Align.AlignVCenter, text)

    def column_texts(self, one: WeightMap, named: range, room: float) -> list[str]:
        """Return the columns' names, with the tokens that they stand for where there is room for all of those."""
        maps = self.layout.maps
        names = [texts.column_name(maps, one, index) for index in named]
        tokens = [texts.token_of(self.state, maps, one, index) for index in named]
        full = [f"{name} {token}" if token else name for name, token in zip(names, tokens, strict=True)]
        return full if all(self._width(text) <= room for text in full) else names

    def draw_rows(self, painter: QPainter, offset: float, width: float, height: float) -> None:
        """Draw the names at the left; y = 0 is the upper edge of the numbers' place, `height` high."""
        first = self.layout.columns[0]
        for block in first.one.blocks:
            rect = self.layout.block_rect(first, block).translated(0, -offset)
            if rect.bottom() > 0 and rect.top() < height:
                self._block_name(painter, block, rect, width, height)
                self._units(painter, block, rect, width, height)

    def _block_name(self, painter: QPainter, block: GateBlock, rect: QRectF, width: float, height: float) -> None:
        """Draw a gate's names beside as much of its block as is seen."""
        colour, line = QColor(self.theme.quantities[block.gate]), self.measures.line
        top, bottom = max(rect.top(), 0.0), min(rect.bottom(), height)
        painter.fillRect(QRectF(width - 5, top, 3, bottom - top), colour)
        spec = self.layout.maps.spec
        names, rows = texts.gate_label(spec, block.gate), texts.rows_label(block)
        place = QRectF(4, min(top, bottom - line), width - 9, line)
        painter.setPen(colour)
        painter.setFont(in_bold(self.measures.font, block.gate == self.state.quantity))
        painter.drawText(place, _Align.AlignLeft | _Align.AlignVCenter, names)
        beside = place.adjusted(painter.fontMetrics().horizontalAdvance(names) + 8, 0, 0, 0)
        painter.setPen(QColor(self.theme.faint))
        painter.setFont(self.measures.font)
        if bottom - top >= 2 * line:
            painter.drawText(place.translated(0, line), _Align.AlignLeft | _Align.AlignVCenter, rows)
        elif self._width(rows) + self._units_width() <= beside.width():
            painter.drawText(beside, _Align.AlignLeft | _Align.AlignVCenter, rows)

    def _units_width(self) -> float:
        """Return how much of the labels' width the units' numbers take."""
        written = self.layout.cell.height() >= self.measures.readable_height
        return self._width(str(self.layout.maps.spec.hidden_size - 1)) + 6 if written else 0.0

    def _units(self, painter: QPainter, block: GateBlock, rect: QRectF, width: float, height: float) -> None:
        """Number the units of a block, or every so many of them."""
        cell = self.layout.cell.height()
        if not self._units_width():
            return
        painter.setFont(self.measures.small_font(cell))
        for unit in range(max(0, int(-rect.top() / cell)), min(block.size, int((height - rect.top()) / cell) + 1)):
            painter.setPen(QColor(self.theme.text if unit == self.state.focus.unit else self.theme.faint))
            place = QRectF(0, rect.top() + unit * cell, width - 9, cell)
            painter.drawText(place, _Align.AlignRight | _Align.AlignVCenter, str(unit))

    def row_at(self, point: QPointF, offset: float) -> GateBlock | None:
        """Return whose rows' label lies there."""
        first = self.layout.columns[0]
        rects = [(block, self.layout.block_rect(first, block)) for block in first.one.blocks]
        y = point.y() + offset
        return next((block for block, rect in rects if rect.top() <= y < rect.bottom()), None)
