"""What somebody does is kept all the time: soon, off the GUI thread, and only what changed."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gatescope.edits.edits import Hold
from gatescope.formats.sequences import Sequence
from gatescope.messages.message import GatescopeError, Message
from gatescope_app.state import autosave as autosave_module, autosave_store
from gatescope_app.state.autosave import Autosave, content_of_session
from gatescope_app.state.autosave_store import DESCRIPTION, NUMBERS, PICTURE, AutosaveStore, autosave_root
from gatescope_app.state.document import Notes
from gatescope_app.state.recovery import find_recoverable
from gatescope_app.state.runs import example_setup, with_sequence
from gatescope_app.state.session import Session


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    """Return a session with its first run."""
    session = Session(example_setup("hello"))
    session.start(session.state.setup)
    qtbot.waitUntil(lambda: session.state.run is not None and not session.drifter.busy)
    yield session
    for worker in (session.runner, session.drifter, session.comparer):
        worker.wait()


@pytest.fixture
def autosave(session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[Autosave]:
    monkeypatch.setattr(autosave_module, "_INTERVAL", 0.05)
    autosave = Autosave(session)
    yield autosave
    autosave.end()


def numbers_in(folder: Path | None) -> dict[str, int]:
    """Return the files of numbers with the times of their last change."""
    assert folder is not None
    return {path.name: path.stat().st_mtime_ns for path in folder.glob(f"{NUMBERS}*")}


def settled(autosave: Autosave, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: autosave.saved_changes == autosave.changes > 0)


def after_a_crash(store: AutosaveStore) -> None:
    """Let go of a store as the system does where a process is killed."""
    assert store._lock is not None
    store._lock.unlock()


def test_nothing_is_kept_where_nothing_was_done(session: Session, autosave: Autosave, qtbot: QtBot) -> None:
    session.start(session.state.setup)
    assert autosave.changes == 0
    assert not autosave_root().exists()
    session.step()
    settled(autosave, qtbot)
    assert len(list(autosave_root().iterdir())) == 1


def test_each_kind_of_change_is_kept(session: Session, autosave: Autosave, qtbot: QtBot) -> None:
    counted = [autosave.changes]
    for change in (
        session.step, lambda: session.look_at(unit=2), lambda: session.look_at(quantity="o"),
        lambda: session.set_notes(Notes("x", {1: "y"})), lambda: session.set_labels(("a", "b", "c", "d")),
        lambda: session.set_targets(0, (0, None, 1, 2, 3)), lambda: session.change(watches=("f[0]",)),
    ):  # fmt: skip
        change()
        counted.append(autosave.changes)
    assert counted == sorted(set(counted))
    before = autosave.changes
    session.point_at("f")  # what the mouse is over is nobody's work
    assert autosave.changes == before
    settled(autosave, qtbot)
    after_a_crash(autosave.store)
    (found,) = find_recoverable()
    content, expected = found.read(), content_of_session(session)
    assert found.changes == autosave.changes
    assert (content.cursor, content.unit, content.quantity) == (expected.cursor, 2, "o")
    for name in ("breakpoints", "watches", "labels", "targets", "notes"):
        assert getattr(content.document, name) == getattr(expected.document, name)
    assert [str(one.label) for one in content.undo_stack.past] == [str(one.label) for one in expected.undo_stack.past]


def test_it_is_written_off_the_gui_thread_while_changes_go_on(
    session: Session, autosave: Autosave, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []
    go_on = threading.Event()
    write = AutosaveStore.write

    def slow_write(*arguments: object) -> None:
        threads.append(threading.current_thread())
        assert go_on.wait(60)
        write(*arguments)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(AutosaveStore, "write", slow_write)
    session.step()
    qtbot.waitUntil(lambda: bool(threads))
    session.step()
    session.step()
    assert autosave.saved_changes == 0
    go_on.set()
    settled(autosave, qtbot)
    assert len(threads) == 2  # one for all that came meanwhile
    assert threading.main_thread() not in threads


def test_writes_begin_no_more_often_than_the_interval(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autosave_module, "_INTERVAL", 0.3)
    autosave = Autosave(session)
    begins = []
    for _ in range(3):
        session.step()
        settled(autosave, qtbot)
        begins.append(autosave._last_write)
    autosave.end()
    # Qt's timers may be 5 % early.
    assert all(later - earlier >= 0.28 for earlier, later in pairwise(begins))


def test_a_step_writes_no_numbers_again(
    session: Session, autosave: Autosave, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.step()
    settled(autosave, qtbot)
    before = numbers_in(autosave.store.folder)
    assert len(before) == 1
    described: list[int] = []
    describe = autosave_store.describe_tables
    monkeypatch.setattr(autosave_store, "describe_tables", lambda *given: (described.append(1), describe(*given))[1])
    for _ in range(3):
        session.step_back()
        session.step()
        settled(autosave, qtbot)
    assert numbers_in(autosave.store.folder) == before
    assert not described


def test_another_sequence_adds_its_numbers_only_and_what_is_needed_no_more_goes(
    session: Session, autosave: Autosave, qtbot: QtBot
) -> None:
    session.step()
    settled(autosave, qtbot)
    first = numbers_in(autosave.store.folder)
    sequence = Sequence(np.random.default_rng(0).normal(size=(500, 4)))
    session.start(with_sequence(session.state.setup, sequence))
    qtbot.waitUntil(lambda: session.state.setup.sequence is sequence)
    settled(autosave, qtbot)
    second = numbers_in(autosave.store.folder)
    assert first.items() < second.items()
    assert len(second) == 2
    session.open_document(replace(session.document, notes=Notes("x")))  # without what could be undone
    qtbot.waitUntil(lambda: not session.undo_stack.past)
    settled(autosave, qtbot)
    assert second.keys() - first.keys() <= numbers_in(autosave.store.folder).keys()
    after_a_crash(autosave.store)
    assert np.array_equal(find_recoverable()[0].read().document.setup.sequence.values, sequence.values)


def test_many_small_files_of_numbers_become_one(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autosave_store, "_MOST_FILES", 4)
    store = AutosaveStore()
    content = content_of_session(session)
    for number in range(12):
        document = replace(content.document, targets={0: (number % 4,) * 4 + (None,)})
        content = replace(
            content, document=document, undo_stack=content.undo_stack.done(Message("edit_reset"), document)
        )
        store.write(content, number, None)
        assert len(numbers_in(store.folder)) <= 6
    after_a_crash(store)
    (found,) = find_recoverable()
    again = found.read()
    assert again.document.targets == content.document.targets
    assert len(again.undo_stack.past) == 12
    found.discard()


def test_a_crash_between_numbers_and_description_leaves_the_older_session(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = AutosaveStore()
    content = content_of_session(session)
    store.write(content, 1, Path("/somewhere/lesson.gatescope"))

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(autosave_store, "_write_description", crash)
    other = replace(content.document.setup, sequence=Sequence(np.ones((3, 4))))
    with pytest.raises(KeyboardInterrupt):
        store.write(replace(content, document=content.document.with_setup(other)), 2, None)
    after_a_crash(store)
    (found,) = find_recoverable()
    assert (found.changes, found.file) == (1, Path("/somewhere/lesson.gatescope"))
    assert np.array_equal(found.read().document.setup.sequence.values, content.document.setup.sequence.values)
    found.discard()


# ---- trouble


def test_a_disk_that_refuses_is_told_once_and_tried_again(
    session: Session, autosave: Autosave, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autosave_module, "_REST", 0.05)
    troubles: list[Message] = []
    recoveries: list[int] = []
    autosave.troubled.connect(troubles.append)
    autosave.recovered.connect(lambda: recoveries.append(1))
    tries: list[int] = []

    def full(*_: object) -> None:
        tries.append(1)
        raise GatescopeError("file_unwritable", path="x", reason="No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(autosave_store, "_write_description", full)
        session.step()
        qtbot.waitUntil(lambda: len(tries) >= 3)
        assert [str(one) for one in troubles] == [
            "What you do is not kept in case of a crash, until this is mended: x cannot be written: No space left on "
            "device. Nothing was changed there."
        ]
        assert not recoveries
    settled(autosave, qtbot)
    assert recoveries == [1]
    after_a_crash(autosave.store)
    assert find_recoverable()[0].read().cursor == session.state.cursor


def test_after_trouble_it_rests(
    session: Session, autosave: Autosave, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("unexpected")

    monkeypatch.setattr(autosave_store, "_write_description", full)
    with qtbot.waitSignal(autosave.troubled) as told:
        session.step()
    assert "OSError" in str(told.args[0])
    session.step_back()
    assert autosave._timer.isActive()
    assert autosave._timer.remainingTime() > 20_000


def test_a_folder_that_cannot_be_made_is_trouble_too(session: Session, autosave: Autosave, qtbot: QtBot) -> None:
    autosave_root().parent.mkdir(parents=True, exist_ok=True)
    autosave_root().write_text("in the way")
    with qtbot.waitSignal(autosave.troubled) as told:
        session.step()
    assert str(autosave_root()) in str(told.args[0])
    autosave_root().unlink()
    autosave.flush()
    assert autosave.saved_changes == autosave.changes


def test_a_store_that_somebody_took_away_is_made_again(session: Session, autosave: Autosave, qtbot: QtBot) -> None:
    session.step()
    settled(autosave, qtbot)
    folder = autosave.store.folder
    assert folder is not None
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    session.step()
    settled(autosave, qtbot)
    after_a_crash(autosave.store)
    assert find_recoverable()[0].read().cursor == session.state.cursor


def test_looks_that_cannot_be_kept_end_nothing(session: Session, qtbot: QtBot) -> None:
    autosave = Autosave(session, looks=lambda: {"x": object()})
    with qtbot.waitSignal(autosave.troubled):
        session.step()
    autosave.end()


# ---- the end


def test_a_clean_end_leaves_nothing(session: Session, autosave: Autosave, qtbot: QtBot) -> None:
    session.step()
    settled(autosave, qtbot)
    other = Autosave(session)
    other.touch()
    other.flush()
    assert len(list(autosave_root().iterdir())) == 2
    other.end()
    assert list(autosave_root().iterdir()) == [autosave.store.folder]
    session.step()
    assert other.changes == 1


def test_flush_keeps_all_at_once(session: Session, autosave: Autosave) -> None:
    session.step()
    autosave.file = Path("lesson.gatescope")
    autosave.flush()
    assert autosave.saved_changes == autosave.changes
    after_a_crash(autosave.store)
    (found,) = find_recoverable()
    assert found.file == Path("lesson.gatescope")


def test_a_picture_is_taken_while_nothing_is_done(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autosave_module, "_IDLE", 0.01)
    pictures: list[float] = []

    def picture() -> bytes:
        assert threading.current_thread() is threading.main_thread()
        pictures.append(time.monotonic())
        return b"a picture"

    autosave = Autosave(session, picture=picture)
    session.step()
    qtbot.waitUntil(lambda: bool(pictures) and not autosave._picture_writer.busy)
    folder = autosave.store.folder
    assert folder is not None
    assert (folder / PICTURE).read_bytes() == b"a picture"
    session.step()
    assert autosave._picture_timer.isActive()
    settled(autosave, qtbot)
    qtbot.waitUntil(lambda: autosave._picture_timer.remainingTime() > 1000)  # not so soon again
    assert len(pictures) == 1
    autosave.end()


def test_the_description_is_small(session: Session, autosave: Autosave, qtbot: QtBot) -> None:
    for number in range(30):
        history = session.latest.history.do(Hold("f", number / 7)).without_undo()
        session.revise(replace(session.latest, history=history), Message("edit_reset"))
    qtbot.waitUntil(lambda: len(session.state.history.edits) == 30)
    settled(autosave, qtbot)
    assert autosave.store.folder is not None
    assert os.path.getsize(autosave.store.folder / DESCRIPTION) < 30_000
