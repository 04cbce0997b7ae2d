"""The numbers as colours, and written where there is room: all that stays until the maps or their place change."""

from __future__ import annotations

from math import ceil, floor

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from gatescope.messages.number_format import format_number
from gatescope_app.look.colour_maps import diverging_colours, heat_image
from gatescope_app.look.contrast import ink_on
from gatescope_app.look.theme import Theme
from gatescope_app.panels.weights.layout import MapColumn, MapLayout
from gatescope_app.panels.weights.maps import GateBlock, MapPlace
from gatescope_app.panels.weights.scale import Measures, decimals


def draw_numbers(painter: QPainter, layout: MapLayout, seen: QRectF, theme: Theme, measures: Measures) -> None:
    """Draw the part of the maps that is seen, into a picture of its size."""
    painter.translate(-seen.topLeft())
    for column, block, rect in layout.blocks():
        part = _seen(column, block, rect, layout.cell.height(), seen)
        if part is not None:
            _draw(painter, layout, column, block, part, theme, measures)


def _seen(column: MapColumn, block: GateBlock, rect: QRectF, height: float, seen: QRectF) -> tuple[range, range] | None:
    """Return which rows, counted from the block's first, and columns are at least partly seen."""
    inside = rect.intersected(seen)
    if inside.isEmpty():
        return None
    top, bottom = (inside.top() - rect.top()) / height, (inside.bottom() - rect.top()) / height
    left, right = (inside.left() - rect.left()) / column.cell, (inside.right() - rect.left()) / column.cell
    rows, columns = (range(floor(a + 1e-6), ceil(b - 1e-6)) for a, b in ((top, bottom), (left, right)))
    rows, columns = (
        range(rows.start, min(rows.stop, block.size)),
        range(columns.start, min(columns.stop, column.one.columns)),
    )
    return (rows, columns) if rows and columns else None


def _draw(
    painter: QPainter, layout: MapLayout, column: MapColumn, block: GateBlock, part: tuple[range, range], theme: Theme,
    measures: Measures,
) -> None:  # fmt: skip
    rows, columns = part
    height = layout.cell.height()
    place = layout.block_rect(column, block)
    area = QRectF(
        place.left() + columns.start * column.cell, place.top() + rows.start * height,
        len(columns) * column.cell, len(rows) * height,
    )  # fmt: skip
    ratio = painter.device().devicePixelRatioF()
    pixels = max(1, round(area.height() * ratio)), max(1, round(area.width() * ratio))
    numbers = column.one.levels[column.one.blocks.index(block)].part(rows, columns, *pixels)
    limit, colours = layout.maps.limit, diverging_colours(theme)
    image = heat_image(numbers, -limit, limit, colours)
    painter.drawImage(area, image)
    if not measures.fits_numbers(layout.maps, layout.cell):
        return
    painter.setFont(measures.small_font(height))
    for y, row in enumerate(rows):
        for x, index in enumerate(columns):
            painter.setPen(ink_on(image.pixel(x, y)))
            cell = layout.rect(MapPlace(column.one.kind, block.rows.start + row, index))
            _write(painter, cell, format_number(float(numbers[y, x]), decimals(layout.maps)))


def _write(painter: QPainter, rect: QRectF, text: str) -> None:
    """Write a number into its cell, or a sign that it is too long for that."""
    if painter.fontMetrics().horizontalAdvance(text) > rect.width() - 2:
        text = "…"
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
