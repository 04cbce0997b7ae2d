"""Numbers over time as colours: a row for each unit, a column for each step, no more of either than pixels."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from gatescope_app.look.colour_maps import Colours, heat_image
from gatescope_app.look.reduction import Values, shrunk


def draw_heat(
    painter: QPainter, area: QRectF, bins: Values, width: float, *, low: float, high: float, colours: Colours
) -> None:
    """Draw bins of steps, (bins, units).

    Parameters
    ----------
    painter : QPainter
        Of a picture.
    area : QRectF
        The place of all of them.
    bins : array
        From left to right; the units from top to bottom.
    width : float
        How many bins wide `area` is: the last one may stand for fewer steps than the others.
    low, high, colours
        What the ends of the colours stand for; see `gatescope_app.look.colour_maps`.
    """
    ratio = painter.device().devicePixelRatioF()
    # With more of them than pixels, Qt would leave some out.
    columns, across = shrunk(bins, round(area.width() * ratio))
    part, down = shrunk(columns.T, round(area.height() * ratio))
    target = QRectF(area)
    target.setWidth(area.width() * across / width)
    target.setHeight(area.height() * down / bins.shape[1])
    painter.save()
    painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
    painter.drawImage(target, heat_image(part, low, high, colours))
    painter.restore()
