"""What drawings share: the tooltip of the place under the mouse, signals of coming and going, the keys for rows."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QToolTip

from gatescope_app.widgets.pointed_widget import PaintedScrollArea, PaintedWidget, rows_to_move


class Halves(PaintedWidget):
    """A drawing with something to say in its left half."""

    def describe_at(self, position: QPointF) -> str:
        return "left" if position.x() < self.width() / 2 else ""


def test_the_tooltip_describes_the_place_under_the_mouse(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _place, text, *_: shown.append(text))
    drawing = Halves()
    qtbot.addWidget(drawing)
    drawing.resize(100, 50)
    drawing.show()
    for x in (10, 90, 20):
        qtbot.mouseMove(drawing, QPoint(x, 25))
    assert shown == ["left", "", "left"]


def test_it_takes_the_keys_and_room_for_lines_of_type(qtbot: Any) -> None:
    drawing = Halves()
    qtbot.addWidget(drawing)
    line = drawing.fontMetrics().height()
    assert drawing.focusPolicy() == Qt.FocusPolicy.StrongFocus
    assert (drawing.sizeHint().width(), drawing.sizeHint().height()) == (16 * line, 10 * line)
    assert (drawing.minimumSizeHint().width(), drawing.minimumSizeHint().height()) == (6 * line, 5 * line)


@pytest.mark.parametrize("way", [QEvent.Type.FocusIn, QEvent.Type.FocusOut])
def test_a_scrolled_drawing_is_painted_again_when_the_focus_comes_or_goes(qtbot: Any, way: QEvent.Type) -> None:
    class Painted(PaintedScrollArea):
        def paintEvent(self, _event: Any) -> None:
            painted.append(1)

    painted: list[int] = []
    area = Painted()
    qtbot.addWidget(area)
    with qtbot.waitExposed(area):
        area.show()
    QApplication.processEvents()
    painted.clear()
    QApplication.sendEvent(area, QFocusEvent(way))
    qtbot.waitUntil(lambda: bool(painted))


@pytest.mark.parametrize(
    ("key", "modifiers", "rows"),
    [
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, -1),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.KeypadModifier, 1),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier, 0),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, 0),
    ],
)
def test_up_and_down_go_by_a_row(key: Qt.Key, modifiers: Qt.KeyboardModifier, rows: int) -> None:
    assert rows_to_move(QKeyEvent(QEvent.Type.KeyPress, key, modifiers)) == rows


def test_a_drawing_is_painted_again_in_another_language(qtbot: Any) -> None:
    class Written(Halves):
        def paintEvent(self, _event: Any) -> None:
            painted.append(1)

    painted: list[int] = []
    drawing = Written()
    qtbot.addWidget(drawing)
    with qtbot.waitExposed(drawing):
        drawing.show()
    QApplication.processEvents()
    painted.clear()
    QApplication.sendEvent(drawing, QEvent(QEvent.Type.LanguageChange))
    qtbot.waitUntil(lambda: bool(painted))
