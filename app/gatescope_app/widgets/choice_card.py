"""Cards: a large button with a title and a few words on what it leads to, and a frame that looks like it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QEnterEvent, QIcon, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QLabel, QSizePolicy, QWidget

from gatescope_app.look.fonts import in_bold
from gatescope_app.widgets.box_layouts import STRETCH, fill_column, fill_row

_ICON, _ROUND = 28, 8  # pixels


class ChoiceCard(QAbstractButton):
    """Pressed by the mouse, Space or Return; the arrow keys go to its neighbours."""

    def __init__(self, title: str, description: str, icon: QIcon) -> None:
        super().__init__()
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(description)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        picture, heading, words = QLabel(), QLabel(title, wordWrap=True), QLabel(description, wordWrap=True)
        picture.setPixmap(icon.pixmap(_ICON, _ICON))
        heading.setFont(in_bold(heading.font()))
        words.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        for label in (heading, words):
            label.setTextFormat(Qt.TextFormat.PlainText)
        for label in (picture, heading, words):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        text = fill_column(None, heading, words, STRETCH, spacing=2)
        fill_row(self, fill_column(None, picture, STRETCH), (text, 1), margins=(14, 10, 14, 10), spacing=12)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a frame that tells what would be chosen by the mouse and by the keyboard."""
        role = QPalette.ColorRole
        frame = role.Accent if self.underMouse() or self.hasFocus() else role.Mid
        _draw_card(self, frame, 2 if self.hasFocus() else 1, role.AlternateBase if self.isDown() else role.Base)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Return as well, as a button of a dialog does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class CardFrame(QWidget):
    """A frame like a card's, around other controls."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        _draw_card(self, QPalette.ColorRole.Mid, 1, QPalette.ColorRole.Base)


def _draw_card(widget: QWidget, frame: QPalette.ColorRole, width: int, fill: QPalette.ColorRole) -> None:
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(widget.palette().color(frame), width))
    painter.setBrush(widget.palette().color(fill))
    inset = width / 2
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(inset, inset, -inset, -inset), _ROUND, _ROUND)
