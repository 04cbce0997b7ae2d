"""What of the drawing changes with every step: the heat strips over the units, and the numbers of the selected one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPaintEngine, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gatescope_app.look.colour_maps import Colours, coloured
from gatescope_app.look.theme import Theme
from gatescope_app.panels.diagram.cell.background import colour_of
from gatescope_app.panels.diagram.cell.layout import BESIDE, Box, CellLayout, Tag
from gatescope_app.panels.diagram.cell.numbers import Values
from gatescope_app.panels.diagram.cell.symbols import Symbol, Type

_MOST = 512  # columns of a strip: more than it has pixels on most screens
_PARTED = 20  # so many units are told apart by lines
_NARROWEST = 6.0  # the frame of the selected unit, where it has less than a pixel


@dataclass(frozen=True, eq=False)
class Face:
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
    values: Values | None = None
    picture: QImage | None = None
    unit: int | None = None
    held: bool = False

    def same_as(self, other: Face) -> bool:
        """Whether it looks the same."""
        return self.picture is other.picture and self._words == other._words

    @property
    def _words(self) -> tuple[Symbol | None, str, int | None, bool]:
        return self.symbol, self.number, self.unit, self.held

    @property
    def units(self) -> int:
        """How many there are."""
        return 0 if self.values is None else len(self.values)


def pictured(values: Values, low: float, high: float, colours: Colours) -> QImage:
    """Return numbers in colours, side by side; of very many the mean of neighbours."""
    if len(values) > _MOST:
        starts = np.arange(_MOST) * len(values) // _MOST
        counts = np.diff(starts, append=len(values))
        values = np.add.reduceat(values.astype(np.float64), starts) / counts
    return coloured(values[None, :], low, high, colours)


class Strips(QGraphicsItem):
    """All strips and numbers of a cell; only those that change are painted again."""

    def __init__(self, layout: CellLayout, theme: Theme) -> None:
        super().__init__()
        self._layout, self._theme, self._inks = layout, theme, _Inks(theme)
        self.faces: dict[str, Face] = {tag.name: Face() for tag in layout.tags}
        self.works: dict[str, str] = {box.makes: box.text for box in layout.boxes if box.is_gate}
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)  # it is told what to paint

    # what is shown

    def show_face(self, tag: Tag, face: Face) -> None:
        """Show something else on a strip."""
        if not face.same_as(self.faces[tag.name]):
            self.faces[tag.name] = face
            self.update(tag.area)

    def show_work(self, box: Box, text: str) -> None:
        """Write something else into a gate."""
        if self.works[box.makes] != text:
            self.works[box.makes] = text
            self.update(box.area)

    # painting

    def boundingRect(self) -> QRectF:
        """Return the area of the drawing."""
        return self._layout.area

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draw what lies where something changed."""
        exposed: QRectF = option.exposedRect
        tags = [tag for tag in self._layout.tags if exposed.intersects(tag.area)]
        painter.setBrush(Qt.BrushStyle.NoBrush)  # into a file it comes with the last one of the background
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)  # a strip has sharp edges
        for tag in tags:
            self._draw_strip(painter, tag, self.faces[tag.name])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for tag in tags:
            self._draw_marks(painter, tag.strip, self.faces[tag.name])
        self._draw_texts(painter, Type.current(), tags, exposed)

    def _draw_strip(self, painter: QPainter, tag: Tag, face: Face) -> None:
        if face.picture is None:
            painter.fillRect(tag.strip, self._inks.paper)
            painter.setPen(self._inks.dashes)
        else:
            _fill(painter, tag.strip, face.picture)
            painter.setPen(self._inks.line)
            self._part(painter, tag.strip, face.units)
        painter.drawRect(tag.strip)

    def _part(self, painter: QPainter, strip: QRectF, units: int) -> None:
        """Draw lines between the units, where there are few."""
        if 1 < units <= _PARTED:
            edges = [strip.left() + strip.width() * unit / units for unit in range(1, units)]
            painter.drawLines([QLineF(x, strip.top(), x, strip.bottom()) for x in edges])

    def _draw_marks(self, painter: QPainter, strip: QRectF, face: Face) -> None:
        """Frame the selected unit, and fold a corner where something is held by hand."""
        if face.unit is not None and face.unit < face.units:
            wide = strip.width() / face.units
            frame = QRectF(0, strip.top() - 2, max(wide + 2, _NARROWEST), strip.height() + 4)
            frame.moveCenter(QPointF(strip.left() + wide * (face.unit + 0.5), strip.center().y()))
            for pen in (self._inks.halo, self._inks.frame):
                painter.setPen(pen)
                painter.drawRect(frame)
        if face.held:
            corner = strip.topLeft() - QPointF(2, 2)
            path = QPainterPath(corner)
            path.addPolygon(QPolygonF([corner, corner + QPointF(11, 0), corner + QPointF(0, 11)]))
            painter.fillPath(path, self._inks.text)

    def _draw_texts(self, painter: QPainter, type_: Type, tags: list[Tag], exposed: QRectF) -> None:
        for tag in tags:
            face = self.faces[tag.name]
            if face.symbol is not None:
                painter.setPen(colour_of(self._theme, tag.coloured))
                left = tag.x - BESIDE - type_.symbol_width(face.symbol) if tag.upright else tag.text.left()
                type_.draw_symbol(painter, face.symbol, left, tag.text.center().y())
        painter.setPen(self._inks.text)
        for tag in tags:
            self._draw_number(painter, type_, tag, self.faces[tag.name])
        for box in self._layout.boxes:
            if box.is_gate and exposed.intersects(box.area):
                type_.draw_formula(painter, box.area.adjusted(5, 0, -5, 0), self.works[box.makes])

    def _draw_number(self, painter: QPainter, type_: Type, tag: Tag, face: Face) -> None:
        if tag.upright:
            type_.draw_fitting(painter, tag.number, face.number)
        elif face.symbol is None:
            type_.draw_fitting(painter, tag.text, face.number, side=0.5)
        else:
            taken = type_.symbol_width(face.symbol) + BESIDE
            type_.draw_fitting(painter, tag.text.adjusted(taken, 0, 0, 0), face.number, side=1.0)


class _Inks:
    """The pens and colours that are needed at every step."""

    def __init__(self, theme: Theme) -> None:
        self.paper, self.text, faint = QColor(theme.base), QColor(theme.text), QColor(theme.faint)
        self.line, self.dashes = QPen(faint, 1.2), QPen(faint, 1.2, Qt.PenStyle.DashLine)
        self.halo, self.frame = QPen(self.paper, 4.5), QPen(self.text, 2.2)


def _fill(painter: QPainter, strip: QRectF, picture: QImage) -> None:
    """Draw a strip's colours; where no pixels are drawn but a file for later, as areas, which stay sharp there."""
    if painter.paintEngine().type() == QPaintEngine.Type.Raster:
        painter.drawImage(strip, picture)
        return
    wide = strip.width() / picture.width()
    for column in range(picture.width()):
        area = QRectF(strip.left() + wide * column, strip.top(), wide, strip.height())
        painter.fillRect(area, picture.pixelColor(column, 0))
