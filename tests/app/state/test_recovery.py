"""What windows kept whose process is gone: all of them are offered, and nothing that is there hinders a start."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QSysInfo

import gatescope as gs
from gatescope.traces.order import Cursor
from gatescope_app.state.autosave_store import DESCRIPTION, NUMBERS, PICTURE, AutosaveStore, autosave_root, lock_of
from gatescope_app.state.document import new_document
from gatescope_app.state.recovery import find_recoverable
from gatescope_app.state.runs import example_setup
from gatescope_app.state.session_file import SessionContent

Leave = Callable[..., Path]


def content(t: int = 2) -> SessionContent:
    return SessionContent(new_document(example_setup("hello")), cursor=Cursor(t))


@pytest.fixture
def leave(own_surroundings: Path) -> Leave:
    """Return a function that leaves a store behind as a crash does, with a step and the time of its last write."""

    def make(t: int = 2, age: float = 0.0, file: Path | None = None) -> Path:
        store = AutosaveStore()
        store.write(content(t), t, file)
        assert store.folder is not None
        assert store._lock is not None
        store._lock.unlock()
        written = (store.folder / DESCRIPTION).stat().st_mtime - age
        os.utime(store.folder / DESCRIPTION, (written, written))
        return store.folder

    return make


def test_nothing_is_offered_where_nothing_crashed() -> None:
    assert find_recoverable() == []


def test_several_windows_are_all_offered_the_newest_first(leave: Leave) -> None:
    folders = [leave(t, age, Path(f"{t}.gatescope")) for t, age in ((1, 50), (3, 0), (2, 100))]
    (folders[0] / PICTURE).write_bytes(b"png")
    found = find_recoverable()
    assert [one.changes for one in found] == [3, 1, 2]
    assert [one.read().cursor.t for one in found] == [3, 1, 2]
    assert [one.file for one in found] == [Path("3.gatescope"), Path("1.gatescope"), Path("2.gatescope")]
    assert [one.picture for one in found] == [None, folders[0] / PICTURE, None]
    assert found[1].time == pytest.approx(found[0].time - 50, abs=5)


def test_what_is_offered_to_one_window_is_not_offered_to_another(leave: Leave) -> None:
    leave()
    found = find_recoverable()
    assert len(found) == 1
    assert find_recoverable() == []
    del found
    assert len(find_recoverable()) == 1


def test_what_is_discarded_is_gone(leave: Leave) -> None:
    folder = leave()
    (found,) = find_recoverable()
    found.discard()
    assert not folder.exists()
    assert find_recoverable() == []


def test_a_window_that_is_there_is_not_offered() -> None:
    store = AutosaveStore()
    store.write(content(), 1, None)
    assert find_recoverable() == []
    store.remove()


def test_a_window_of_another_process_is_offered_when_that_is_gone(own_surroundings: Path) -> None:
    code = """
import sys
from PySide6.QtCore import QCoreApplication, QSysInfo
QCoreApplication.setApplicationName(sys.argv[1])
from gatescope_app.state.autosave_store import AutosaveStore
from gatescope_app.state.document import new_document
from gatescope_app.state.runs import example_setup
from gatescope_app.state.session_file import SessionContent
store = AutosaveStore()
store.write(SessionContent(new_document(example_setup("hello"))), 7, None)
print(store.folder, flush=True)
sys.stdin.read()
"""
    paths = os.pathsep.join(path for path in sys.path if path)
    with subprocess.Popen(
        [sys.executable, "-c", code, QCoreApplication.applicationName()],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": paths},
    ) as child:  # fmt: skip
        assert child.stdout is not None
        folder = Path(child.stdout.readline().strip())
        assert (folder / DESCRIPTION).exists()
        assert folder.parent == autosave_root()
        assert find_recoverable() == []
        child.kill()
    assert [one.changes for one in find_recoverable()] == [7]


def test_what_ended_before_there_was_anything_to_keep_is_removed() -> None:
    folder = autosave_root() / "window-x"
    folder.mkdir(parents=True)
    (folder / f"{NUMBERS}1").write_bytes(b"half")
    assert find_recoverable() == []
    assert not folder.exists()


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"x", b"\0" * 1000, b"gatescope autosave 1 00000000\n{}", b"gatescope autosave x y z\n", b"\n" * 9,
        b"gatescope autosave 1 %08x\n{}" % zlib.crc32(b"{}"),
        b"gatescope autosave 1 %08x\n" % zlib.crc32(b"[" * 100_000) + b"[" * 100_000,
    ],
    ids=range(8),
)  # fmt: skip
def test_a_damaged_store_is_put_aside_and_the_others_are_offered(
    leave: Leave, raw: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    damaged, _ = leave(), leave(3)
    (damaged / DESCRIPTION).write_bytes(raw)
    with caplog.at_level(logging.WARNING, "gatescope"):
        assert [one.changes for one in find_recoverable()] == [3]
    assert (autosave_root() / "damaged" / damaged.name / DESCRIPTION).read_bytes() == raw
    assert "put aside" in caplog.text


def test_a_store_of_a_newer_version_stays_for_that(leave: Leave) -> None:
    folder = leave()
    raw = (folder / DESCRIPTION).read_bytes()
    (folder / DESCRIPTION).write_bytes(raw.replace(b"autosave 1 ", b"autosave 2 ", 1))
    assert find_recoverable() == []
    assert (folder / DESCRIPTION).exists()


def test_damaged_numbers_are_said_when_they_are_needed(leave: Leave) -> None:
    folder = leave()
    (path,) = folder.glob(f"{NUMBERS}*")
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)
    (found,) = find_recoverable()
    with pytest.raises(gs.GatescopeError) as caught:
        found.read()
    assert caught.value.code == "session_damaged"
    assert folder.exists()


def test_damaged_numbers_that_nothing_needs_hinder_nothing(leave: Leave) -> None:
    folder = leave()
    (folder / f"{NUMBERS}more").write_bytes(b"half a file")
    assert find_recoverable()[0].read().cursor.t == 2


def test_a_file_among_the_stores_hinders_nothing(leave: Leave) -> None:
    leave()
    (autosave_root() / "notes.txt").write_text("mine")
    assert len(find_recoverable()) == 1
    assert (autosave_root() / "notes.txt").exists()


def test_the_lock_is_free_when_its_process_is_gone(leave: Leave) -> None:
    folder = leave()
    (folder / "lock").write_text(f"999999999\npython\n{QSysInfo.machineHostName()}\n")
    lock = lock_of(folder)
    assert lock.tryLock(0)
