"""One line above the panels that says what was refused or what to beware of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QToolButton

from gatescope.messages.message import Message
from gatescope_app.look.language import format_message
from gatescope_app.look.theme import Theme
from gatescope_app.state.error_log import log_path, report
from gatescope_app.state.session import Session
from gatescope_app.state.session_state import State
from gatescope_app.widgets.box_layouts import fill_row


class Banner(QFrame):
    """A message that stays until it is closed or another comes; a new run brings its own warning, or none.

    What was said while that run was under way, as of a file that nothing opens, stays when it comes.
    """

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__()
        self._session, self._theme = session, theme
        self._describe: Callable[[], str] = str  # the text in the current language
        self._harmless = False
        self._said_meanwhile = False  # since the run began that is under way
        self.label = QLabel(textFormat=Qt.TextFormat.PlainText)  # or the name of a file could be HTML
        self.label.setWordWrap(True)
        self.label.setMinimumWidth(1)  # a long name, which cannot be wrapped, must not widen the window
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.close_button = QToolButton()
        self.close_button.setText("✕")
        self.close_button.setAutoRaise(True)
        self.close_button.clicked.connect(self.hide)
        fill_row(self, (self.label, 1), self.close_button, margins=(10, 4, 4, 4))
        self.hide()
        session.changed.connect(self._on_change)
        session.runner.started.connect(self._on_started)

    def show_refusal(self, message: Message) -> None:
        """Say why something could not be done."""
        self._show(lambda: format_message(message))

    def show_notice(self, message: Message) -> None:
        """Say what to know of, where nothing failed."""
        self.show_notices((message,))

    def show_notices(self, messages: Sequence[Message]) -> None:
        """Say several such things at once, each on its own line."""
        self._show(lambda: "\n".join(map(format_message, messages)), harmless=True)

    def show_error(self, error: BaseException) -> None:
        """Log something unexpected, and say so."""
        report(error)
        what = f"{type(error).__name__}: {error}"
        self._show(
            lambda: self.tr("Unexpected error: {error}. It is logged in {path}; you can go on.").format(
                error=what, path=log_path()
            )
        )

    def _on_started(self) -> None:
        self._said_meanwhile = False

    def _on_change(self, old: State, new: State) -> None:
        """Warn of a new run where it deserves it; what was said before it began is of the old one."""
        if old.run is new.run:
            return
        warning = self._session.state.warning
        if warning is None:
            self.setVisible(self._said_meanwhile and self.isVisible())
        else:
            self._show(lambda: format_message(warning), harmless=True)

    def _show(self, describe: Callable[[], str], *, harmless: bool = False) -> None:
        self._describe, self._harmless = describe, harmless
        self._said_meanwhile = self._session.runner.busy
        self.retranslate()
        self._paint()
        self.show()

    def retranslate(self) -> None:
        """Say the same in the current language."""
        self.label.setText(self._describe())
        self.label.setAccessibleName(self.label.text())
        self.close_button.setToolTip(self.tr("Close this message (Esc)"))
        self.close_button.setAccessibleName(self.tr("Close this message"))

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.label.setFont(QApplication.font())  # under a style sheet it would keep the size that it started with
        self._paint()

    def _paint(self) -> None:
        stripe = self._theme.warning if self._harmless else self._theme.differs
        self.setStyleSheet(f"Banner {{ background: {self._theme.raised}; border-left: 6px solid {stripe}; }}")
