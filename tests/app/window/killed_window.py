"""A session that is used without a pause until its process is killed, and writes down what was done."""

from __future__ import annotations

import json
import os
import random
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject, QSettings, QTimer
from PySide6.QtWidgets import QApplication

import gatescope_app.panels.gates.gates_view  # noqa: F401 - what a window imports late is imported before the fork
from gatescope.edits.edits import Hold, InputEdit
from gatescope.formats.sequences import Sequence
from gatescope.messages.message import GatescopeError, Message
from gatescope_app.look.appearance import Appearance
from gatescope_app.state.autosave import Autosave, content_of_session
from gatescope_app.state.debugger import Debugger
from gatescope_app.state.document import Notes
from gatescope_app.state.runs import example_setup, with_sequence
from gatescope_app.state.session import Session
from gatescope_app.state.session_file import SessionContent, save_session
from gatescope_app.window.main_window import MainWindow

SAVED = "lesson.gatescope"
BEAT = 0.05


def sum_up(content: SessionContent) -> int:
    """Return a number that is another one for another session."""
    document, setup, history = content.document, content.document.setup, content.document.revision.history
    parts = [
        content.cursor, content.batch, content.unit, content.quantity, setup.spec, setup.source.name,
        setup.sequence.values.tobytes(), setup.sequence.tokens, sorted(setup.states),
        [(name, history.edits_of(name)) for name in history.branches], history.current, document.revision.against,
        document.breakpoints, document.watches, document.labels, sorted(document.targets.items()), document.notes,
        [str(change.label) for change in content.undo_stack.past],
        [str(change.label) for change in content.undo_stack.future],
    ]  # fmt: skip
    return zlib.crc32(repr(parts).encode())


class Journal:
    """Lines that outlive the process: they are the system's before anything further is done."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def write(self, what: str, number: int, value: float = 0) -> None:
        """Write what happened, when, and to which change."""
        os.write(self._file, json.dumps([what, time.monotonic(), number, value]).encode() + b"\n")


class Person(QObject):
    """Does one thing after another in a session, at random."""

    def __init__(
        self, session: Session, debugger: Debugger, autosave: Autosave, journal: Journal, folder: Path, seed: int
    ) -> None:
        super().__init__()
        self.session, self.debugger, self.autosave = session, debugger, autosave
        self.journal, self.folder, self.random = journal, folder, random.Random(seed)
        self.timer = QTimer(self, singleShot=True)
        self.timer.timeout.connect(self._act)
        self._lateness = self._beat_at = 0.0
        self.pulse = QTimer(self, interval=int(BEAT * 1000))
        self.pulse.timeout.connect(self._beat)
        self.session.changed.connect(self._on_change)
        autosave._timer.timeout.connect(lambda: journal.write("begins", autosave.changes))
        autosave.saved.connect(lambda changes: journal.write("keeps", changes))

    def begin(self) -> None:
        """Start as soon as there is a run."""
        if self.session.state.run is None:
            QTimer.singleShot(10, self.begin)
            return
        self.journal.write("begin", 0)
        self._beat_at = time.monotonic() + BEAT
        self.pulse.start()
        self.timer.start(0)

    def _beat(self) -> None:
        """Write down that the window lives, and by how much its event loop was ever late."""
        now = time.monotonic()
        self._lateness = max(self._lateness, now - self._beat_at)
        self._beat_at = now + BEAT
        self.journal.write("lives", self.autosave.changes, self._lateness)

    def _on_change(self, *_: object) -> None:
        self.journal.write("changes", self.autosave.changes, sum_up(content_of_session(self.session)))

    def _act(self) -> None:
        self.random.choice(self._actions)(self)
        self.timer.start(self.random.choice((0, 1, 10, 50, 200)))

    def _step(self) -> None:
        name = self.random.choice(("step", "step_back", "step_into", "step_back_into", "first", "last"))
        getattr(self.session, name)()

    def _note(self) -> None:
        t, text = self.random.randrange(self.session.state.setup.steps), f"note {self.random.random()}"
        notes = self.session.state.notes
        self.session.set_notes(self.random.choice((replace(notes, whole=text), notes.with_step(t, text), Notes())))

    def _break(self) -> None:
        self.debugger.toggle(self.random.randrange(self.session.state.setup.steps))

    def _watch(self) -> None:
        self.debugger.watch(f"f[{self.random.randrange(4)}]")

    def _edit(self) -> None:
        setup = self.session.latest.setup
        t, value = self.random.randrange(setup.steps), self.random.uniform(-2, 2)
        edit = self.random.choice((Hold("f", value, t), InputEdit(t, 0, value)))
        history = self.session.latest.history.do(edit).without_undo()
        self.session.revise(replace(self.session.latest, history=history), edit.label)

    def _undo(self) -> None:
        self.random.choice((self.session.undo, self.session.undo, self.session.redo))()

    def _feed(self) -> None:
        values = np.random.default_rng(self.random.randrange(1000)).normal(size=(self.random.randrange(2, 30), 4))
        self.session.start(with_sequence(self.session.state.setup, Sequence(values)), Message("change_sequence"))

    def _save(self) -> None:
        content, number = content_of_session(self.session), self.autosave.changes
        self.journal.write("saving", number, sum_up(content))
        try:
            save_session(content, self.folder / SAVED)
        except GatescopeError as error:
            self.journal.write(f"refused: {error}", number)
        else:
            self.journal.write("saved", number)

    _actions: tuple[Callable[[Any], None], ...] = (
        _step,
        _step,
        _step,
        _note,
        _break,
        _watch,
        _edit,
        _edit,
        _undo,
        _feed,
        _save,
    )


def use_until_killed(folder: Path, seed: int, name: str, in_window: bool) -> None:
    """Use a session, with all files in a folder, until the process is killed."""
    os.environ |= {"XDG_DATA_HOME": str(folder), "QT_QPA_PLATFORM": "offscreen"}
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder / "settings"))
    application = QApplication([name]) if in_window else QCoreApplication([name])
    application.setApplicationName(name)
    journal = Journal(folder / "journal")
    people: list[Person] = []  # kept alive
    if in_window:
        window = MainWindow(example_setup("hello"), Appearance())

        def begin() -> None:
            window.begin()
            people.append(Person(window.session, window.debugger, window.autosave, journal, folder, seed))
            people[0].begin()

        window.first_painted.connect(begin)
        window.show()
    else:
        session = Session(example_setup("hello"))
        people.append(Person(session, Debugger(session), Autosave(session), journal, folder, seed))
        session.start(session.state.setup)
        people[0].begin()
    application.exec()
