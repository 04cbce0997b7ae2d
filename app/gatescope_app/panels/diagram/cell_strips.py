"""What of the cell changes with every step: the heat strips over the units, and the numbers of the selected one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gatescope.edits.edits import Hold
from gatescope.messages.number_format import format_number
from gatescope_app.look.colour_maps import Colours, diverging_colours, heat_image, quantity_colours
from gatescope_app.look.edit_marks import MARK, hold_of, holds_here
from gatescope_app.look.reduction import shrunk
from gatescope_app.look.theme import Theme
from gatescope_app.panels.diagram.cell_layout import BESIDE, Box, CellLayout, WireStrip
from gatescope_app.panels.diagram.cell_numbers import CellNumbers, UnitValues, WireValues
from gatescope_app.panels.diagram.cell_painting import quantity_colour
from gatescope_app.panels.diagram.diagram_texts import strip_symbol
from gatescope_app.panels.diagram.drawing_items import DrawingFont, DrawingItem, Symbol, draw_heat_strip
from gatescope_app.state.known_values import NOTHING
from gatescope_app.state.session import State

_MOST = 512  # columns of a strip: more than it has pixels on most screens
_SEPARATED = 20  # so many units are told apart by lines
_NARROWEST = 6.0  # the frame of the selected unit, where it has less than a pixel


@dataclass(frozen=True, eq=False)
class StripContent:
    """What a strip shows now.

    Parameters
    ----------
    symbol : Symbol or None
        What it is called; None where the drawing says it.
    number : str
        The selected unit's, as it is shown.
    values : array or None
        All of them, (units,); None where nothing is computed yet.
    picture : QImage or None
        The same in colours.
    unit : int or None
        The one to mark.
    held : bool
        Whether some of them are held by hand.
    """

    symbol: Symbol | None = None
    number: str = ""
    values: UnitValues | None = None
    picture: QImage | None = None
    unit: int | None = None
    held: bool = False

    def looks_like(self, other: StripContent) -> bool:
        """Whether it looks the same."""
        return self.picture is other.picture and self._shown == other._shown

    @property
    def _shown(self) -> tuple[Symbol | None, str, int | None, bool]:
        return self.symbol, self.number, self.unit, self.held

    @property
    def units(self) -> int:
        """How many there are."""
        return 0 if self.values is None else len(self.values)


def strip_picture(values: UnitValues, low: float, high: float, colours: Colours) -> QImage:
    """Return numbers in colours, side by side; of very many the mean of neighbours."""
    means, _ = shrunk(values[:, None].astype(np.float64), _MOST)  # (columns, 1)
    return heat_image(means.T, low, high, colours)


class StripsItem(DrawingItem):
    """All strips and numbers of a cell; only those that change are painted again."""

    def __init__(self, layout: CellLayout, theme: Theme) -> None:
        super().__init__(layout.area)
        self._layout, self._theme, self._pens = layout, theme, _StripPens(theme)
        self.contents: dict[str, StripContent] = {strip.name: StripContent() for strip in layout.strips}
        self.gate_texts: dict[str, str] = {box.makes: box.text for box in layout.boxes if box.is_gate}
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)  # it is told what to paint

    # what is shown

    def show_content(self, strip: WireStrip, content: StripContent) -> None:
        """Show something else on a strip."""
        if not content.looks_like(self.contents[strip.name]):
            self.contents[strip.name] = content
            self.update(strip.area)

    def show_gate_text(self, box: Box, text: str) -> None:
        """Write something else into a gate."""
        if self.gate_texts[box.makes] != text:
            self.gate_texts[box.makes] = text
            self.update(box.area)

    # painting

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        exposed: QRectF = option.exposedRect
        strips = [strip for strip in self._layout.strips if exposed.intersects(strip.area)]
        painter.setBrush(Qt.BrushStyle.NoBrush)  # into a file it comes with the last one of the background
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)  # a strip has sharp edges
        for strip in strips:
            self._draw_strip(painter, strip, self.contents[strip.name])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for strip in strips:
            self._draw_marks(painter, strip.rect, self.contents[strip.name])
        self._draw_texts(painter, strips, exposed)

    def _draw_strip(self, painter: QPainter, strip: WireStrip, content: StripContent) -> None:
        if content.picture is None:
            painter.fillRect(strip.rect, self._pens.paper)
            painter.setPen(self._pens.dashes)
        else:
            draw_heat_strip(painter, strip.rect, content.picture)
            painter.setPen(self._pens.line)
            self._separate_units(painter, strip.rect, content.units)
        painter.drawRect(strip.rect)

    def _separate_units(self, painter: QPainter, area: QRectF, units: int) -> None:
        """Draw lines between the units, where there are few."""
        if 1 < units <= _SEPARATED:
            edges = [area.left() + area.width() * unit / units for unit in range(1, units)]
            painter.drawLines([QLineF(x, area.top(), x, area.bottom()) for x in edges])

    def _draw_marks(self, painter: QPainter, area: QRectF, content: StripContent) -> None:
        """Frame the selected unit, and fold a corner where something is held by hand."""
        if content.unit is not None and content.unit < content.units:
            wide = area.width() / content.units
            frame = QRectF(0, area.top() - 2, max(wide + 2, _NARROWEST), area.height() + 4)
            frame.moveCenter(QPointF(area.left() + wide * (content.unit + 0.5), area.center().y()))
            for pen in (self._pens.halo, self._pens.frame):
                painter.setPen(pen)
                painter.drawRect(frame)
        if content.held:
            corner = area.topLeft() - QPointF(2, 2)
            path = QPainterPath(corner)
            path.addPolygon(QPolygonF([corner, corner + QPointF(11, 0), corner + QPointF(0, 11)]))
            painter.fillPath(path, self._pens.text)

    def _draw_texts(self, painter: QPainter, strips: list[WireStrip], exposed: QRectF) -> None:
        font = DrawingFont.current()
        for strip in strips:
            content = self.contents[strip.name]
            if content.symbol is not None:
                painter.setPen(quantity_colour(self._theme, strip.coloured))
                left = strip.x - BESIDE - font.symbol_width(content.symbol) if strip.upright else strip.text_rect.left()
                font.draw_symbol(painter, content.symbol, left, strip.text_rect.center().y())
        painter.setPen(self._pens.text)
        for strip in strips:
            self._draw_number(painter, font, strip, self.contents[strip.name])
        for box in self._layout.boxes:
            if box.is_gate and exposed.intersects(box.area):
                font.draw_formula(painter, box.area.adjusted(5, 0, -5, 0), self.gate_texts[box.makes])

    def _draw_number(self, painter: QPainter, font: DrawingFont, strip: WireStrip, content: StripContent) -> None:
        if strip.upright:
            font.draw_fitting(painter, strip.number_rect, content.number)
        elif content.symbol is None:
            font.draw_fitting(painter, strip.text_rect, content.number, side=0.5)
        else:
            taken = font.symbol_width(content.symbol) + BESIDE
            font.draw_fitting(painter, strip.text_rect.adjusted(taken, 0, 0, 0), content.number, side=1.0)


class _StripPens:
    """The pens and colours that are needed at every step."""

    def __init__(self, theme: Theme) -> None:
        self.paper, self.text, faint = QColor(theme.base), QColor(theme.text), QColor(theme.faint)
        self.line, self.dashes = QPen(faint, 1.2), QPen(faint, 1.2, Qt.PenStyle.DashLine)
        self.halo, self.frame = QPen(self.paper, 4.5), QPen(self.text, 2.2)


_Scale = tuple[float, float]


class StripContents:
    """Makes the contents of all strips; what did not change is not coloured again.

    Parameters
    ----------
    layout : CellLayout
        With the strips.
    theme : Theme
        The colours.
    """

    def __init__(self, layout: CellLayout, theme: Theme) -> None:
        self._layout, self._theme = layout, theme
        self._pictures: dict[str, tuple[UnitValues, _Scale, QImage]] = {}  # the last one of each strip

    def of(self, state: State, values: WireValues, numbers: CellNumbers | None) -> list[tuple[WireStrip, StripContent]]:
        """Return what each strip shows of the values on the wires."""
        holds = holds_here(state)
        strips = self._layout.strips
        return [(strip, self._content(state, strip, values.get(strip.name), numbers, holds)) for strip in strips]

    def _content(
        self,
        state: State,
        strip: WireStrip,
        values: UnitValues | None,
        numbers: CellNumbers | None,
        holds: tuple[Hold, ...],
    ) -> StripContent:
        symbol = strip_symbol(state, strip.name)
        if values is None or numbers is None:
            return StripContent(symbol, "" if strip.name == "x" else NOTHING)
        unit = None if strip.name == "x" else state.focus.unit
        picture = self._picture(strip, values, _scale(strip, numbers, state))
        held = any(hold.quantity == strip.name for hold in holds)
        mark = f"{MARK} " if held and unit is not None and hold_of(holds, strip.name, unit) else ""
        return StripContent(symbol, mark + _number(values, unit), values, picture, unit, held)

    def _picture(self, strip: WireStrip, values: UnitValues, scale: _Scale) -> QImage:
        last = self._pictures.get(strip.name)
        if last is not None and last[1] == scale and np.array_equal(last[0], values):
            return last[2]
        picture = strip_picture(values, *scale, self._colours(strip, signed=scale[0] < 0))
        self._pictures[strip.name] = (values, scale, picture)
        return picture

    def _colours(self, strip: WireStrip, *, signed: bool) -> Colours:
        if strip.coloured == "x":
            return diverging_colours(self._theme)
        return quantity_colours(self._theme, strip.coloured, signed=signed)


def _scale(strip: WireStrip, numbers: CellNumbers, state: State) -> _Scale:
    return (-1.0, 1.0) if strip.name.startswith("tanh") else numbers.scale(strip.coloured, state)


def _number(values: UnitValues, unit: int | None) -> str:
    """Return the selected unit's number; nothing where there is no such unit; of an input its only one."""
    if unit is None:
        return format_number(float(values[0])) if len(values) == 1 else ""
    return format_number(float(values[unit])) if unit < len(values) else ""


def format_gate(box: Box, z: float | None) -> str:
    """Return what a gate does: to which number, where it is known."""
    return box.text if z is None else f"{box.text}({format_number(z, 3)})"
