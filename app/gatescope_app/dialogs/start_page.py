"""The ways in: an example, a network of one's own, a trained model, a training that is recorded."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)

from gatescope.formats.readers import format_endings
from gatescope_app.look import language
from gatescope_app.look.fonts import in_bold
from gatescope_app.look.theme import Theme
from gatescope_app.widgets.box_layouts import STRETCH, fill_column, fill_row
from gatescope_app.widgets.choice_card import CardFrame, ChoiceCard
from gatescope_resources.examples import example_names, load_example

RECORDING = """\
import gatescope as gs

with gs.record(model, path="run.gates"):
    train(model)  # your own loop
"""
"""What to paste around a training."""

_ICONS = {
    "latch": "mdi6.lock-outline", "brackets": "mdi6.code-parentheses", "hello": "mdi6.message-text-outline",
    "sine": "mdi6.sine-wave", "impulse": "mdi6.pulse",
}  # fmt: skip
_SIZE = QSize(940, 620)
_GAP = 10  # pixels between cards


class StartPage(QDialog):
    """Closes with every choice; whoever leaves it finds the window as it is.

    Signals
    -------
    example_chosen(str)
        The name of an example.
    network_wanted(), file_wanted()
        To build a network; to open a file.
    """

    example_chosen = Signal(str)
    network_wanted = Signal()
    file_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Start"))
        self._theme = theme
        self.examples = {name: self._example_card(name) for name in example_names()}
        self.network = self._card(
            self.tr("Build a network"),
            self.tr("Choose LSTM, GRU or RNN and its arguments, or paste the line from your code. PyTorch sets the "
                    "weights from a seed."),
            "mdi6.graph-outline",
        )  # fmt: skip
        self.model = self._card(
            self.tr("Open my model"),
            self.tr("A checkpoint with trained weights: {endings}. Nothing in it is executed.").format(
                endings=format_endings("checkpoint")
            ),
            "mdi6.folder-open-outline",
        )
        self.code = QPlainTextEdit(RECORDING.rstrip(), readOnly=True)
        self.copy_button = QPushButton(self.tr("&Copy these lines"))
        self.open_button = QPushButton(self.tr("&Open the recording…"))
        self._connect()
        self._lay_out()
        self.resize(_SIZE.boundedTo(parent.size() - QSize(40, 40)))
        next(iter(self.examples.values())).setFocus()

    def _card(self, title: str, description: str, icon: str) -> ChoiceCard:
        import qtawesome  # noqa: PLC0415 - its fonts are loaded once the window is up

        return ChoiceCard(title, description, qtawesome.icon(icon, color=self._theme.accent))

    def _example_card(self, name: str) -> ChoiceCard:
        example, spoken = load_example(name), language.current()
        fed = (
            f"“{example.text}”" if example.text else self.tr("{count} numbers").format(count=len(example.values or ()))
        )
        card = self._card(example.title[spoken], f"{example.module} · {fed}", _ICONS.get(name, "mdi6.school-outline"))
        card.setToolTip(example.summary[spoken])
        return card

    def _connect(self) -> None:
        for name, card in self.examples.items():
            card.clicked.connect(lambda _checked, name=name: self._leave(lambda: self.example_chosen.emit(name)))
        self.network.clicked.connect(lambda: self._leave(self.network_wanted.emit))
        for button in (self.model, self.open_button):
            button.clicked.connect(lambda: self._leave(self.file_wanted.emit))
        self.copy_button.clicked.connect(self._copy)

    def _leave(self, then: Callable[[], object]) -> None:
        self.accept()
        then()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(RECORDING)
        self.copy_button.setText(self.tr("&Copied"))

    def _lay_out(self) -> None:
        heading = QLabel("Gatescope")
        heading.setFont(_larger(heading.font()))
        words = _faint(
            self.tr("Step through a recurrent network, gate by gate, checked against PyTorch at every step.")
        )
        own = fill_column(
            None, _section(self.tr("Your own")), self.network, self.model, self._recording(), STRETCH, spacing=_GAP
        )
        examples = fill_column(None, _section(self.tr("Examples")), *self.examples.values(), STRETCH, spacing=_GAP)
        columns = fill_row(None, (examples, 1), (own, 1), spacing=24)
        page = QWidget()
        fill_column(page, heading, words, columns, STRETCH, margins=(28, 20, 28, 12), spacing=8)
        around = QScrollArea(widgetResizable=True)
        around.setFrameShape(QScrollArea.Shape.NoFrame)
        around.setWidget(page)  # with larger type there is more than a small screen shows
        around.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        note = _faint(self.tr("Close it to step through what is open. File > Start page brings it back."))
        foot = fill_row(None, (note, 1), buttons, margins=(28, 0, 16, 12))
        fill_column(self, (around, 1), foot, margins=(0, 0, 0, 0))

    def _recording(self) -> QWidget:
        """Return what to paste, in a card of its own."""
        heading = QLabel(self.tr("Record my training"))
        heading.setFont(in_bold(heading.font()))
        self.code.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.code.setAccessibleName(heading.text())
        self.code.setTabChangesFocus(True)
        self.code.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        lines = RECORDING.count("\n") + 1
        self.code.setFixedHeight(self.code.fontMetrics().lineSpacing() * lines + 2 * self.code.frameWidth() + 8)
        card = CardFrame()
        words = _faint(self.tr("Put these lines around your training; it computes what it would without them."))
        for button in (self.copy_button, self.open_button):
            button.setAutoDefault(False)  # Return is the card's that has the focus
        buttons = fill_row(None, self.copy_button, self.open_button, STRETCH)
        fill_column(card, heading, words, self.code, buttons, margins=(14, 10, 14, 10))
        return card


def _section(text: str) -> QLabel:
    label = QLabel(text)
    label.setFont(in_bold(label.font()))
    label.setContentsMargins(0, 10, 0, 0)
    return label


def _faint(text: str) -> QLabel:
    label = QLabel(text, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label


def _larger(font: QFont) -> QFont:
    result = in_bold(font)
    result.setPointSizeF(font.pointSizeF() * 1.8)
    return result
