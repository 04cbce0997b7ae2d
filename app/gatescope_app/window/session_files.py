"""The file that a session is kept in: new, opened, saved, and no change left without a question."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from gatescope.messages.message import Cancelled, GatescopeError, Message, Progress
from gatescope_app.look import language
from gatescope_app.state.document import MADE, Document, is_same, new_document
from gatescope_app.state.file_lock import FileLock, lock_file
from gatescope_app.state.recent_files import RecentFiles
from gatescope_app.state.runs import Setup, example_setup
from gatescope_app.state.session import Session
from gatescope_app.state.session_state import State
from gatescope_app.state.watched_file import Stamp, WatchedFile, stamp_of
from gatescope_app.state.worker import Worker
from gatescope_app.widgets.file_dialogs import ask_save_path
from gatescope_app.window.session_questions import SessionQuestions
from gatescope_app.window.session_reader import SessionReader

if TYPE_CHECKING:  # read when they are used, after the first paint
    from gatescope_app.state.autosave import Autosave
    from gatescope_app.state.recovery import Recoverable
    from gatescope_app.state.session_file import SessionContent

FIRST_EXAMPLE = "hello"
_Button = QMessageBox.StandardButton
Looks = Callable[[], Mapping[str, Any]]
"""Describes how the window looks."""
_SAVED = ("setup", *MADE)  # of a state


@dataclass(frozen=True, eq=False)
class _Place:
    """Which file a session is kept in: none as long as it has no name.

    Parameters
    ----------
    path : Path, optional
        Of the file.
    lock : FileLock, optional
        That tells other windows.
    stamp : tuple, optional
        Of the version of the file that is open.
    copied : str
        The name of the file that this is a copy of, where another window has that.
    """

    path: Path | None = None
    lock: FileLock | None = None
    stamp: Stamp | None = None
    copied: str = ""


@dataclass(frozen=True, eq=False)
class _Opening:
    """A session that was read, and whose run is under way."""

    content: SessionContent
    place: _Place
    recovered: Recoverable | None = None


class SessionFiles(QObject):
    """Knows the file of the window's session, and what of the session is not in it.

    Signals
    -------
    changed()
        Another file, or something to save or nothing.
    written(str)
        The session is in the file of that path.
    opened(dict)
        Another session is on show; how the window looked with it.
    noticed(Message)
        Something that a person should know of, and nothing failed.
    remarked(tuple of Message)
        What of the session that was opened is not as it was, all at once.
    refused(Message), failed(Exception)
        A session could not be read or written; what is open is as before.
    """

    changed = Signal()
    written = Signal(str)
    opened = Signal(object)
    noticed = Signal(object)
    remarked = Signal(object)
    refused = Signal(object)
    failed = Signal(object)

    def __init__(self, window: QWidget, session: Session, looks: Looks) -> None:
        super().__init__(window)
        self._window, self._session, self._looks = window, session, looks
        self.autosave: Autosave | None = None  # comes after the first paint
        self.recent = RecentFiles(self)
        self._questions = SessionQuestions(window)
        self.reader, self.writer = SessionReader(window, self._questions), Worker(self)
        self._place = _Place()
        self._saved: list[Document] = [session.document]  # in the file; without one, what can be had again by a click
        self._opening: _Opening | None = None
        self._watched = WatchedFile(self)
        self._watched.changed.connect(lambda: self.noticed.emit(Message("session_changed_elsewhere", self._named)))
        self._watched.removed.connect(lambda: self.noticed.emit(Message("session_removed_elsewhere", self._named)))
        self.reader.refused.connect(self.refused)
        self.reader.failed.connect(self.failed)
        session.changed.connect(self._on_change)
        session.runner.started.connect(self.changed)
        session.runner.ended.connect(lambda: QTimer.singleShot(0, self, self._on_run_ended))

    # what is open

    @property
    def path(self) -> Path | None:
        """The file of the session; None as long as it has no name."""
        return self._place.path

    @property
    def name(self) -> str:
        """What the session is called."""
        if self._place.path is not None:
            return self._place.path.name
        if self._place.copied:
            return self.tr("copy of {name}").format(name=self._place.copied)
        setup = self._session.state.setup
        return setup.example.title[language.current()] if setup.example else setup.spec.constructor()

    @property
    def unsaved(self) -> bool:
        """Whether something was made that is in no file; moves and looks are no such thing."""
        now = self._session.document
        return not any(is_same(now, saved) for saved in self._saved)

    @property
    def is_saved(self) -> bool | None:
        """Whether all is in a file; None where there is no file, and nothing that ought to be in one."""
        return not self.unsaved if self.path is not None or self.unsaved else None

    # begin, open, recover

    def new(self) -> None:
        """Begin again, with the first example."""
        from gatescope_app.state.session_file import SessionContent  # noqa: PLC0415 - not before the first paint

        content = SessionContent(new_document(example_setup(FIRST_EXAMPLE)))
        self.leave(lambda: self._show(_Opening(content, _Place())))

    def start(self, setup: Setup, batch: int | None = None) -> None:
        """Run what can be had again by a click; where nothing was made before, there is nothing to save then either."""
        keeps = self.path is not None or self.unsaved
        self._session.start(setup, batch=batch)
        if not keeps:
            self._saved.append(self._session.document)
            self.changed.emit()

    def open(self, path: str) -> None:
        """Open a session's file, or a copy of it where another window has it."""
        self.leave(lambda: self._open(Path(path).absolute()))

    def _open(self, path: Path) -> None:
        lock = self._lock(path)
        if lock is None and not self._questions.wants_copy(path):
            return
        place = _Place(path, lock, stamp_of(path)) if lock is not None else _Place(copied=path.name)

        def read(progress: Progress | None, recordings: Mapping[str, str]) -> SessionContent:
            from gatescope_app.state.session_file import read_session  # noqa: PLC0415 - as above

            return read_session(path, progress, recordings)

        self.reader.read(read, lambda content: self._show(_Opening(content, place)), lambda: self._release(place))

    def recover(self, recoverable: Recoverable, remarks: Sequence[Message] = ()) -> None:
        """Open what a window that ended too early had; it keeps the name of its file, and has yet to be saved.

        Parameters
        ----------
        recoverable : Recoverable
            What is left of it.
        remarks : sequence of Message
            What to say once it is on show.
        """
        path = recoverable.file
        lock = None if path is None else self._lock(path)
        place = _Place(copied="" if path is None else path.name)
        if path is not None and lock is not None:
            stamp = stamp_of(path)
            older = stamp is not None and stamp[0] <= recoverable.time * 1e9
            place = _Place(path, lock, stamp if older else None)  # a newer one is another program's

        def show(content: SessionContent) -> None:
            remarked = replace(content, remarks=(*content.remarks, *remarks))
            self._show(_Opening(remarked, place, recoverable))

        self.reader.read(recoverable.read, show, lambda: self._release(place))

    def _lock(self, path: Path) -> FileLock | None:
        """Return the lock on a file; this window's own where that is its file."""
        own = self._place.path
        return self._place.lock if own is not None and _is_same_file(own, path) else lock_file(path)

    def _release(self, place: _Place) -> None:
        if place.lock is not None and place.lock is not self._place.lock:
            place.lock.release()

    def _show(self, opening: _Opening) -> None:
        """Run a session; its file is this window's once the run is on show."""
        self._opening, content = opening, opening.content
        self._session.open_document(
            content.document, content.undo_stack, cursor=content.cursor, batch=content.batch, unit=content.unit,
            quantity=content.quantity,
        )  # fmt: skip

    def _on_change(self, old: State, new: State) -> None:
        opening = self._opening
        if opening is not None and new.revision is opening.content.document.revision:
            self._opening = None
            self._saved = [] if opening.recovered is not None else [opening.content.document]
            self._move_to(opening.place)
            QTimer.singleShot(0, self, partial(self._on_opened, opening))  # once all panels show it
        elif any(getattr(old, name) is not getattr(new, name) for name in _SAVED):
            self.changed.emit()

    def _on_opened(self, opening: _Opening) -> None:
        self.opened.emit(opening.content.looks)
        if opening.content.remarks:
            self.remarked.emit(opening.content.remarks)
        if opening.recovered is not None:
            self._discard_once_saved(opening.recovered)

    def _discard_once_saved(self, recoverable: Recoverable) -> None:
        """Forget what was recovered when this window has stored the same."""
        autosave = self.autosave
        if autosave is None:
            return
        autosave.touch()
        wanted = autosave.changes

        def on_saved(changes: int) -> None:
            if changes >= wanted:
                autosave.saved.disconnect(on_saved)
                recoverable.discard()

        autosave.saved.connect(on_saved)

    def _on_run_ended(self) -> None:
        """Give up a session whose run was refused or cancelled."""
        if self._opening is not None and not self._session.runner.busy:
            self._release(self._opening.place)
            self._opening = None

    def _move_to(self, place: _Place) -> None:
        """Take another file for the session's own."""
        if self._place.lock is not None and self._place.lock is not place.lock:
            self._place.lock.release()
        self._place = place
        self._watched.watch(place.path, place.stamp)
        if self.autosave is not None:
            self.autosave.file = place.path
        if place.path is not None:
            self.recent.add(place.path)
        self.changed.emit()

    # save

    def save(self, then: Callable[[], object] = lambda: None) -> None:
        """Save the session; where it has no name, or another program wrote its file, ask first.

        Parameters
        ----------
        then : callable, optional
            Is called once everything is saved, and only then.
        """
        if self.path is None:
            self.save_as(then)
            return
        answer = self._questions.about_other_version(self.path) if self._watched.is_changed else _Button.Ok
        if answer == _Button.Ok:
            self._write(self.path, self._place.lock, then)
        elif answer == _Button.Save:
            self.save_as(then)

    def save_as(self, then: Callable[[], object] = lambda: None) -> None:
        """Ask for a name, and save the session under it."""
        proposed = str(self.path or f"{self._proposed_name()}.gatescope")
        while True:
            kind = self.tr("Session (*.gatescope)")
            path, _ = ask_save_path(self._window, "session", self.tr("Save session"), proposed, (kind,))
            if path is None:
                return
            lock = self._lock(path.absolute())
            if lock is not None:
                self._write(path.absolute(), lock, then)
                return
            self._questions.refuse_name(path)
            proposed = str(path)

    def _proposed_name(self) -> str:
        setup = self._session.state.setup
        if self._place.copied:
            return Path(self.name).stem
        return setup.example.name if setup.example else setup.spec.kind

    def _write(self, path: Path, lock: FileLock | None, then: Callable[[], object]) -> None:
        """Write the session once the run that is under way is on show."""
        if self._session.runner.busy:
            _after(self._session.runner, lambda: self._write(path, lock, then))
            return
        from gatescope_app.state.autosave import content_of_session  # noqa: PLC0415 - as above
        from gatescope_app.state.session_file import save_session  # noqa: PLC0415 - as above

        content = content_of_session(self._session, self._looks())

        def job(progress: Progress) -> Stamp | None:
            save_session(content, path, progress)
            return stamp_of(path)

        def done(stamp: Stamp | None) -> None:
            self._saved = [content.document]
            self._move_to(_Place(path, lock, stamp))
            self.written.emit(str(path))
            then()

        def failed(error: Exception) -> None:
            self._release(_Place(path, lock))
            self._on_error(error)

        self.writer.start(job, done, failed)

    def _on_error(self, error: Exception) -> None:
        if isinstance(error, GatescopeError):
            self.refused.emit(error.message)
        elif not isinstance(error, Cancelled):
            self.failed.emit(error)

    # leave

    def leave(self, then: Callable[[], object]) -> None:
        """Go on with `then` when no change is lost by it: nothing was made, it is saved, or it is to be discarded."""
        if self.writer.busy:
            _after(self.writer, lambda: self.leave(then))
            return
        answer = self._questions.about_changes(self.name) if self.unsaved else _Button.Discard
        if answer == _Button.Save:
            self.save(then)
        elif answer == _Button.Discard:
            then()

    def close(self) -> None:
        """Free the file for other windows, and keep nothing for a recovery."""
        if self.autosave is not None:
            self.autosave.end()
        self._watched.watch(None)
        if self._place.lock is not None:
            self._place.lock.release()

    @property
    def _named(self) -> dict[str, str]:
        return {"path": str(self.path)}


def _after(worker: Worker, then: Callable[[], object]) -> None:
    """Call `then` once, when a worker has nothing to do and its result was delivered."""
    worker.ended.connect(lambda: QTimer.singleShot(0, worker, then), Qt.ConnectionType.SingleShotConnection)


def _is_same_file(one: Path, other: Path) -> bool:
    return os.path.normcase(os.path.realpath(one)) == os.path.normcase(os.path.realpath(other))
