"""What both drawings are made of: heat strips, arrowheads and mixed colours."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from gatescope_app.panels.diagram.drawing_items import arrow_head, draw_heat_strip, mixed


def strip_on_screen(columns: int, width: int) -> set[str]:
    """Return the colours of a strip of black and white columns in turn, drawn so wide."""
    picture = QImage(columns, 1, QImage.Format.Format_RGB32)
    for column in range(columns):
        picture.setPixelColor(column, 0, QColor("white" if column % 2 else "black"))
    screen = QImage(width, 4, QImage.Format.Format_RGB32)
    painter = QPainter(screen)
    draw_heat_strip(painter, QRectF(0, 0, width, 4), picture)
    painter.end()
    return {screen.pixelColor(x, 2).name() for x in range(1, width - 1)}


def test_columns_that_share_a_pixel_are_shown_by_their_mean(qapp: Any) -> None:
    assert strip_on_screen(8, 64) == {"#000000", "#ffffff"}, "wide columns have sharp edges"
    greys = {QColor(name).lightness() for name in strip_on_screen(128, 64)}
    assert all(64 < grey < 192 for grey in greys), greys


@pytest.mark.parametrize("end", [(20, 0), (0, 20), (-20, 0), (0, -20)])
def test_an_arrowhead_ends_where_its_line_ends(end: tuple[int, int]) -> None:
    tip = QPointF(*end)
    first, *back, last = arrow_head(QLineF(QPointF(), tip), 10.0, 5.0)
    assert first == last == tip
    assert sum(back, QPointF()) / 2 == tip / 2, "its back is ten units before, on either side of the line"
    assert QLineF(*back).length() == pytest.approx(10.0)


def test_colours_are_mixed_by_their_share() -> None:
    assert [mixed("#ff0080", "#ffffff", share).name() for share in (0.0, 0.5, 1.0)] == ["#ffffff", "#ff80c0", "#ff0080"]
