"""A scene as a file: SVG and PDF as lines and text, PNG as pixels. Written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QApplication, QGraphicsItem, QGraphicsScene

from gatescope.formats.files import whole_files
from gatescope_app.panels.diagram.drawing_items import DrawingFont

_PIXELS = 2.0  # of a PNG, for each unit of the scene
_INCH = 96  # units of a scene
_FINER = 8  # or lines and letters of a PDF would lie on a coarse grid
_BAND, _CAPTION = 1.6, 0.85  # of the scene's type: the room below the scene, and the type of its caption
_BLEED = 1.0  # units around the page: renderers round its size each in its own way


@dataclass(frozen=True)
class ScenePicture:
    """A scene with a line of words below it.

    Parameters
    ----------
    scene : QGraphicsScene
        All of it is drawn.
    caption : str
        The words.
    type_size : float
        The height of the scene's own type, in its units; that of the words follows it.
    """

    scene: QGraphicsScene
    caption: str
    type_size: float

    @property
    def size(self) -> QSizeF:
        """In whole units of the scene: a page with a part of a pixel would have edges that nothing fills."""
        return self._area.size() + QSizeF(0, ceil(_BAND * self.type_size))

    @property
    def _area(self) -> QRectF:
        area = self.scene.sceneRect()
        return QRectF(area.topLeft(), QSizeF(ceil(area.width()), ceil(area.height())))

    def draw(self, painter: QPainter, zoom: float) -> None:
        """Draw it, and end the painter's work; what items keep as pixels is drawn anew."""
        kept = [(item, item.cacheMode()) for item in self.scene.items()]
        for item, _ in kept:
            item.setCacheMode(QGraphicsItem.CacheMode.NoCache)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(zoom, zoom)
        self._draw_grounds(painter)
        self.scene.render(painter, QRectF(QPointF(), self._area.size()), self._area)
        self._draw_caption(painter)
        painter.end()
        for item, mode in kept:
            item.setCacheMode(mode)

    def _draw_grounds(self, painter: QPainter) -> None:
        """Fill the page, and the scene's part of it, a little beyond its edges."""
        page = QRectF(QPointF(), self.size).adjusted(-_BLEED, -_BLEED, _BLEED, _BLEED)
        painter.fillRect(page, QApplication.palette().window())
        page.setBottom(self._area.height())
        painter.fillRect(page, self.scene.backgroundBrush())

    def _draw_caption(self, painter: QPainter) -> None:
        top, edge = self._area.height(), 0.75 * self.type_size
        room = QRectF(edge, top, self.size.width() - 2 * edge, self.size.height() - top)
        painter.setPen(QApplication.palette().text().color())
        DrawingFont.current().draw_fitting(painter, room, self.caption, size=_CAPTION * self.type_size)


Writer = Callable[[ScenePicture, QBuffer], None]


def write_picture(picture: ScenePicture, path: Path) -> None:
    """Write a picture into a file, in the format that the file's ending names.

    Raises
    ------
    GatescopeError
        Where the file cannot be written.
    KeyError
        For an ending that is none of `FORMATS`.
    """
    write = FORMATS[path.suffix.lower()]
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    with whole_files(path) as (file,):
        write(picture, buffer)
        file.write(buffer.data().data())


def _as_svg(picture: ScenePicture, buffer: QBuffer) -> None:
    from PySide6.QtSvg import QSvgGenerator  # noqa: PLC0415 - only who exports waits for it

    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setResolution(_INCH)
    generator.setSize(picture.size.toSize())
    generator.setViewBox(QRectF(QPointF(), picture.size))
    generator.setTitle("Gatescope")
    generator.setDescription(picture.caption)
    picture.draw(QPainter(generator), 1.0)


def _as_pdf(picture: ScenePicture, buffer: QBuffer) -> None:
    writer = QPdfWriter(buffer)
    writer.setCreator("Gatescope")
    writer.setResolution(_INCH * _FINER)
    size = QPageSize(picture.size * (72 / _INCH), QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch)
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF()))
    picture.draw(QPainter(writer), _FINER)


def _as_png(picture: ScenePicture, buffer: QBuffer) -> None:
    image = QImage((picture.size * _PIXELS).toSize(), QImage.Format.Format_RGB32)
    picture.draw(QPainter(image), _PIXELS)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # PySide6's types want bytes, and it takes str only


FORMATS: dict[str, Writer] = {".svg": _as_svg, ".png": _as_png, ".pdf": _as_pdf}
"""What can be written, by the endings of the files."""
