"""What comes once the window is there: an offer to recover, the file that was named, or the start page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from gatescope.formats.readers import content_of
from gatescope.messages.message import Message
from gatescope_app.state.session import Session
from gatescope_app.state.worker import Worker
from gatescope_app.window.session_files import SessionFiles
from gatescope_app.window.user_requests import UserRequests

if TYPE_CHECKING:
    from gatescope_app.state.recovery import Recoverable


class StartUp(QObject):
    """Asks one thing after the other; work that could be lost comes first.

    Signals
    -------
    failed(Exception)
        It could not be found out whether there is something to recover.
    """

    failed = Signal(object)

    def __init__(self, window: QWidget, session: Session, requests: UserRequests, files: SessionFiles) -> None:
        super().__init__(window)
        self._window, self._session, self._requests, self._files = window, session, requests, files
        self.worker = Worker(self)

    def begin(self, location: str | None) -> None:
        """Look for what can be recovered; then open what was named on the command line."""
        from gatescope_app.state.recovery import find_recoverable  # noqa: PLC0415 - not before the first paint

        self.worker.start(
            lambda _progress: find_recoverable(), lambda found: self._offer(found, location), self.failed.emit
        )

    def _offer(self, found: list[Recoverable], location: str | None) -> None:
        if not found:
            self._go_on(location)
            return
        from gatescope_app.dialogs.recovery_dialog import RecoveryDialog  # noqa: PLC0415 - as above

        dialog = RecoveryDialog(found, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.recover.connect(lambda one: self._recover(one, location))
        dialog.rejected.connect(lambda: self._go_on(location))
        dialog.open()

    def _recover(self, one: Recoverable, location: str | None) -> None:
        """Open what could be lost; a file that was named as well gives way to it, and is among the recent ones."""
        if location is None:
            self._files.recover(one)
            return
        self._files.recent.add(location)
        self._files.recover(one, (Message("recovered_instead", {"path": location}),))

    def _go_on(self, location: str | None) -> None:
        if location is None:
            self._requests.start_page_at_first()
        elif content_of(location) != "sequence":  # which the window runs already
            self._requests.open(location)
        elif self._session.state.setup.batched:  # how a batch is read, nothing told yet
            self._requests.sequence()
