"""Offers what was open when the program ended too early."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, QSize, Qt, Signal
from PySide6.QtGui import QPalette, QPixmap
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QMessageBox, QPushButton, QScrollArea, QWidget

from gatescope_app.look.file_names import format_path
from gatescope_app.look.fonts import in_bold
from gatescope_app.widgets.box_layouts import STRETCH, fill_column, fill_row
from gatescope_app.widgets.choice_card import CardFrame

if TYPE_CHECKING:  # the program starts without it
    from gatescope_app.state.recovery import Recoverable

_PICTURE = QSize(240, 150)
_GAP = 10  # pixels between cards
_WIDTH, _MOST_SHOWN = 760, 3  # pixels; cards, above which it scrolls


class RecoveryDialog(QDialog):
    """Shows each session with its picture, name and time; what is left is offered again at the next start.

    Signals
    -------
    recover(Recoverable)
        The one to open in this window; the dialog is closed then.
    """

    recover = Signal(object)

    def __init__(self, sessions: Sequence[Recoverable], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Recover"))
        self.cards = {one.folder: _RecoveryCard(one) for one in sessions}
        for one, card in zip(sessions, self.cards.values(), strict=True):
            card.recover.clicked.connect(lambda _checked, one=one: self._recover(one))
            card.discard.clicked.connect(lambda _checked, one=one: self._discard(one))
        self._lay_out()
        each = next(iter(self.cards.values())).sizeHint().height() + _GAP
        height = self.sizeHint().height() + each * (min(len(self.cards), _MOST_SHOWN) - 1)
        self.resize(QSize(_WIDTH, height).boundedTo(parent.size() - QSize(40, 40)))
        first = next(iter(self.cards.values())).recover
        first.setDefault(True)
        first.setFocus()

    def _lay_out(self) -> None:
        words = QLabel(self.tr("Gatescope ended before this was saved. It is as it was at most two seconds before."))
        words.setWordWrap(True)
        page = QWidget()
        fill_column(page, *self.cards.values(), STRETCH, margins=(0, 0, 0, 0), spacing=_GAP)
        around = QScrollArea(widgetResizable=True)
        around.setFrameShape(QScrollArea.Shape.NoFrame)
        around.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        around.setWidget(page)
        buttons = QDialogButtonBox()
        self.later = buttons.addButton(self.tr("&Later"), QDialogButtonBox.ButtonRole.RejectRole)
        self.later.setToolTip(self.tr("Leave it; it is offered again at the next start (Esc)"))
        buttons.rejected.connect(self.reject)
        fill_column(self, words, (around, 1), buttons, margins=(20, 16, 20, 14), spacing=12)

    def _recover(self, one: Recoverable) -> None:
        self.accept()
        self.recover.emit(one)

    def _discard(self, one: Recoverable) -> None:
        """Forget a session, once that was asked: there is no way back from it."""
        card = self.cards[one.folder]
        question = self.tr("Discard “{name}”? It cannot be brought back.").format(name=card.name)
        buttons = QMessageBox.StandardButton.Discard | QMessageBox.StandardButton.Cancel
        answer = QMessageBox.question(self, self.windowTitle(), question, buttons, QMessageBox.StandardButton.Cancel)
        if answer == QMessageBox.StandardButton.Discard:
            one.discard()
            self.cards.pop(one.folder).deleteLater()
            if not self.cards:
                self.reject()


class _RecoveryCard(CardFrame):
    """One session."""

    def __init__(self, one: Recoverable) -> None:
        super().__init__()
        self.name = self.tr("not saved under a name") if one.file is None else format_path(one.file.name)
        heading, place = QLabel(self.name), QLabel("" if one.file is None else format_path(one.file.parent))
        heading.setFont(in_bold(heading.font()))
        time = QLabel(_format_time(one.time))
        for label in (heading, place, time):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        for label in (place, time):
            label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.recover, self.discard = QPushButton(self.tr("Recover")), QPushButton(self.tr("Discard…"))
        self.discard.setAutoDefault(False)
        for button in (self.recover, self.discard):
            button.setAccessibleDescription(f"{self.name}, {time.text()}")
        buttons = fill_row(None, self.recover, self.discard, STRETCH)
        text = fill_column(None, heading, time, place, STRETCH, buttons, spacing=4)
        fill_row(self, self._picture(one), (text, 1), margins=(12, 12, 12, 12), spacing=16)

    def _picture(self, one: Recoverable) -> QLabel:
        label = QLabel(self.tr("no picture"), alignment=Qt.AlignmentFlag.AlignCenter)
        label.setFixedSize(_PICTURE)
        label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        pixels = QPixmap() if one.picture is None else QPixmap(str(one.picture))
        if not pixels.isNull():
            ratio = self.devicePixelRatioF()
            mode = Qt.TransformationMode.SmoothTransformation
            pixels = pixels.scaled(_PICTURE * ratio, Qt.AspectRatioMode.KeepAspectRatio, mode)
            pixels.setDevicePixelRatio(ratio)
            label.setPixmap(pixels)
        return label


def _format_time(seconds: float) -> str:
    when = QDateTime.fromSecsSinceEpoch(int(seconds))
    return QLocale().toString(when, QLocale.FormatType.ShortFormat)
