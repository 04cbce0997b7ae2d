"""A picture is drawn once, and again where what it shows is another."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from gatescope_app.widgets.ready_picture import ReadyPicture

SIZE = QSize(20, 10)


def test_it_is_drawn_again_only_for_another_thing(qapp: QApplication) -> None:
    picture, drawn = ReadyPicture(), []

    def prepare(size: QSize = SIZE, ratio: float = 1.0, depends_on: object = "a") -> int:
        picture.prepare(size, ratio, depends_on, lambda _: drawn.append(1))
        return len(drawn)

    assert [prepare(), prepare()] == [1, 1]
    assert [prepare(depends_on="b"), prepare(ratio=2.0), prepare(QSize(21, 10))] == [2, 3, 4]
    assert prepare(QSize(21, 10)) == 4
    picture.forget()
    assert prepare(QSize(21, 10)) == 5


def test_it_is_seen_as_far_as_it_is_revealed(qapp: QApplication) -> None:
    picture, image = ReadyPicture(), QImage(40, 20, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    picture.prepare(SIZE, 1.0, None, lambda painter: painter.fillRect(0, 0, 20, 10, QColor("red")))
    painter = QPainter(image)
    picture.reveal(painter, QPointF(5, 5), QRectF(5, 5, 8, 10))
    assert not painter.hasClipping()
    painter.end()
    red = [x for x in range(40) if image.pixelColor(x, 9) == QColor("red")]
    assert red == list(range(5, 13))


def test_of_no_size_nothing_is_drawn(qapp: QApplication) -> None:
    drawn: list[int] = []
    ReadyPicture().prepare(QSize(0, 10), 1.0, None, lambda _: drawn.append(1))
    assert drawn == []
