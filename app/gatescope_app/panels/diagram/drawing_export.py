"""A scene as a file: SVG and PDF as lines and text, PNG as pixels. Written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QApplication, QGraphicsItem, QGraphicsScene

from gatescope.formats.files import whole_files
from gatescope_app.panels.diagram.drawing_items import DrawingFont

_PIXELS = 2.0  # of a PNG, for each unit of the scene
_INCH = 96  # units of a scene
_FINER = 8  # or lines and letters of a PDF would lie on a coarse grid

_BAND = 34.0  # units below the scene for its caption


@dataclass(frozen=True)
class ScenePicture:
    """A scene with a line of words below it.

    Parameters
    ----------
    scene : QGraphicsScene
        All of it is drawn.
    caption : str
        The words.
    """

    scene: QGraphicsScene
    caption: str

    @property
    def size(self) -> QSizeF:
        """In units of the scene."""
        return self.scene.sceneRect().size() + QSizeF(0, _BAND)

    def draw(self, painter: QPainter, zoom: float) -> None:
        """Draw it, and end the painter's work; what items keep as pixels is drawn anew."""
        area = self.scene.sceneRect()
        kept = [(item, item.cacheMode()) for item in self.scene.items()]
        for item, _ in kept:
            item.setCacheMode(QGraphicsItem.CacheMode.NoCache)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(zoom, zoom)
        palette = QApplication.palette()
        painter.fillRect(QRectF(QPointF(), self.size), palette.window())
        self.scene.render(painter, QRectF(QPointF(), area.size()), area)
        painter.setPen(palette.text().color())
        painter.setFont(DrawingFont.current().font(18))
        painter.drawText(QPointF(16, self.size.height() - _BAND / 3), self.caption)
        painter.end()
        for item, mode in kept:
            item.setCacheMode(mode)


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
    image.fill(QApplication.palette().window().color())  # the last row and column are covered in part only
    picture.draw(QPainter(image), _PIXELS)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # PySide6's types want bytes, and it takes str only


FORMATS: dict[str, Writer] = {".svg": _as_svg, ".png": _as_png, ".pdf": _as_pdf}
"""What can be written, by the endings of the files."""
